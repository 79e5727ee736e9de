"""The gateway: the only public process and the only one that opens the database."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute

from breakwater.assistant.client import Assistant
from breakwater.assistant.safety_reply import safety_reply, spoken
from breakwater.cases.records import Case
from breakwater.channels.call_page import call_routes
from breakwater.channels.chat_page import chat_routes, page_headers
from breakwater.channels.come_back import ComeBack
from breakwater.channels.moving import Moving
from breakwater.channels.polling import Polling
from breakwater.channels.telegram.bot import WEBHOOK
from breakwater.channels.telegram.door import telegram_channel
from breakwater.channels.visit import Reception
from breakwater.channels.waiting import wait_notice
from breakwater.channels.web import WebChannel
from breakwater.conversations.chats import Chats
from breakwater.conversations.counselling import Counselling
from breakwater.conversations.erasure import Erasure
from breakwater.conversations.live import Live
from breakwater.conversations.on_call import OnCall
from breakwater.conversations.turns import Answers, Pace, Turns
from breakwater.conversations.watch import Watch
from breakwater.desk.context import Desk
from breakwater.desk.presence import Presence
from breakwater.desk.routes import desk_routes
from breakwater.pager import Pager
from breakwater.privacy.keyring import Keyring
from breakwater.privacy.keys import MasterKey
from breakwater.settings import ROOT, Settings
from breakwater.storage.schema import migrate
from breakwater.storage.store import Store, engine_for
from breakwater.storage.times import utc_now
from breakwater.support.directory import Directory, load_directory
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.quick_read import QuickRead

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _data() -> tuple[Wording, Directory, QuickRead]:
    """What counsellors can edit, read once a process."""
    data = ROOT / "data"
    return Wording.load(ROOT / "domain.yml"), load_directory(data / "directory"), QuickRead.load(data / "lexicon")


class Gateway:
    """Everything the gateway is made of, put together once from the settings."""

    def __init__(
        self,
        settings: Settings,
        assistant: Answers,
        clock: Callable[[], datetime] = utc_now,
        pace: Pace | None = None,
    ) -> None:
        self.settings, self.clock, self.assistant = settings, clock, assistant
        self.store = Store(engine_for(settings.database), engine_for(settings.keys_database))
        master = MasterKey.load(
            settings.master_key, settings.state_dir / "keys" / "master.key", may_create=not Keyring.in_use(self.store)
        )
        self.keyring = Keyring(self.store, master)
        self.live, self.presence = Live(), Presence()
        self.on_call = OnCall(self.store, self.keyring, Pager(settings), self.presence.anyone, clock)
        self.wording, self.directory, quick_read = _data()
        pace = pace or Pace(settings.quiet_seconds, settings.longest_wait_seconds, settings.reply_deadline_seconds)
        retention = timedelta(days=settings.retention_days)
        self.erasure = Erasure(self.store, self.keyring, self.live, clock, retention)
        self.turns = Turns(
            self.store, self.keyring, self.live, assistant, quick_read,
            self.place, self._safety_reply, self._spoken, self.erasure,
            timedelta(hours=settings.erase_hold_hours), clock, pace,
        )  # fmt: skip
        self.chats = Chats(
            self.store,
            self.keyring,
            self.live,
            self.turns,
            self._greeting,
            self._spoken,
            clock,
            settings.max_message_characters,
        )
        self.counselling = Counselling(
            self.store, self.keyring, self.live, self.wording, clock, settings.max_open_chats
        )
        self.watch = Watch(
            self.store, self.keyring, self.live, self.presence, self.place, self._spoken, self.erasure, clock
        )
        self.moving = Moving(self.store, self.keyring, self.live, clock)
        self.telegram = telegram_channel(
            settings, self.chats, self.store, self.keyring, self.live, self.moving,
            lambda response: str(self.wording.reply(response, {"channel": "telegram"})["text"]), clock,
        )  # fmt: skip

    def place(self, case: Case, away_seconds: float | None = None) -> Place:
        """What is true around a conversation now. A person is promised only when one can come."""
        s, now = self.settings, self.clock()
        called_out = self.on_call.reachable
        here = s.on_call != "none" and self.presence.anyone(now)
        here = here or (called_out and case.tier == "immediate")
        return Place(
            now=now.isoformat(), channel=case.channel, state=case.state, counsellor_here=here,
            on_call=called_out,
            away_seconds=away_seconds, home_country=s.home_country, calls_emergency=s.calls_emergency,
            retention_days=s.retention_days, erase_hold_hours=s.erase_hold_hours, helpline=s.helpline_name, site=s.url,
            languages=s.languages, remit_countries=s.remit_countries, remit_languages=s.remit_languages,
            serves_adults=s.serves_adults, surge=self.surge,
        )  # fmt: skip

    @property
    def surge(self) -> bool:
        """More people wait than the helpline can see to."""
        return 0 < self.settings.surge_above < self.watch.waiting

    def wait(self, case: Case) -> dict[str, Any]:
        """What somebody who waits for a counsellor is told now."""
        place = self.place(case)
        return wait_notice(case, place.counsellor_here, self.clock(), busy=place.surge)

    def _greeting(self, channel: str) -> dict[str, Any]:
        days = str(self.settings.retention_days)
        return self.wording.reply("utter_greeting", {"channel": channel}, days=days)

    def _safety_reply(self, case: Case, place: Place) -> dict[str, Any]:
        return safety_reply(case, place, self.wording, self.directory)

    def _spoken(self, response: str, case: Case, **values: str) -> dict[str, Any]:
        return spoken(response, case, self.place(case), self.wording, self.directory, **values)

    async def start(self) -> None:
        await asyncio.to_thread(migrate, self.store)
        left = await self.chats.resume()
        if left:
            logger.warning("%d conversations were waiting for an answer and are answered now", left)
        self.watch.start()
        if self.settings.page_first:
            self.on_call.start()
        if self.telegram:
            self.erasure.parting = self.telegram.parting
            self.telegram.start()

    async def stop(self) -> None:
        if self.telegram:
            await self.telegram.stop()
        await self.watch.stop()
        await self.on_call.stop()
        await self.turns.close()
        if isinstance(self.assistant, Assistant):
            await self.assistant.close()
        self.store.close()


def create_app(gateway: Gateway) -> Starlette:
    """The web application around a gateway: chat, desk, health."""
    s = gateway.settings
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(s.url))
    local = {origin, f"http://{s.host}:{s.port}"} | ({f"http://localhost:{s.port}"} if s.host == "127.0.0.1" else set())
    reception = Reception(
        gateway.chats, gateway.live, ComeBack(gateway.store, gateway.keyring, gateway.clock), gateway.moving,
        welcome={
            "exit_url": s.exit_url, "helpline": s.helpline_name, "max": s.max_message_characters,
            "telegram": gateway.telegram is not None,
        },
        wait=gateway.wait, move_warning=gateway.wording.reply("utter_move_to_telegram")["text"], origins=tuple(local),
    )  # fmt: skip
    web, polling = WebChannel(reception), Polling(reception)
    desk = Desk(
        store=gateway.store, counselling=gateway.counselling, live=gateway.live, clock=gateway.clock,
        secure_cookies=s.url.startswith("https://"), origins=tuple(local), presence=gateway.presence,
        state_dir=s.state_dir, helpline_name=s.helpline_name, surge_above=s.surge_above,
    )  # fmt: skip
    emergency = gateway.directory.emergencies(None, s.home_country)

    async def health(_: Request) -> Response:
        ready = await gateway.assistant.ready() if isinstance(gateway.assistant, Assistant) else True
        told = {"gateway": "ready", "assistant": "ready" if ready else "away"}
        if gateway.telegram:
            told["telegram"] = gateway.telegram.status
        return JSONResponse(told)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await gateway.start()
        try:
            yield
        finally:
            await gateway.stop()

    return Starlette(
        routes=[
            Route("/health", health),
            WebSocketRoute("/chat/ws", web.socket),
            Route("/chat/poll", polling.poll, methods=["POST"]),
            Route("/chat/exit", web.exit, methods=["POST"]),
            *call_routes(gateway.directory, gateway.clock, page_headers(s.url, ())),
            *([Route(WEBHOOK, gateway.telegram.called, methods=["POST"])] if gateway.telegram else []),
            *chat_routes(s.url, s.embedding_sites, s.exit_url, emergency),
            Mount("/desk", routes=desk_routes(desk)),
        ],
        lifespan=lifespan,
    )
