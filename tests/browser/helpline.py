"""A helpline for browser tests: the chat and, on another origin, a page that embeds it, with the assistant stood in
for. Runs in a thread of its own; can be stopped and started again on the same port with the same state."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from playwright.sync_api import Browser, Frame, Locator, Page, expect, sync_playwright

from breakwater.app import Gateway, create_app
from breakwater.channels.web import FRAME_BYTES
from breakwater.demo import demo_app
from breakwater.support.turn import TurnAnswer, TurnRequest
from tests.channels.contract import Echo, House, a_gateway
from tests.stack import free_port

_CARDS = [
    {"kind": "line", "name": "Example Line", "dial": "0800 000 000", "tel": "0800000000", "status": "open now",
     "url": None, "sms": "80000", "keyword": "HELP"},
    {"kind": "link", "name": "Example Tool", "url": "https://tool.example.org/", "note": "A note."},
]  # fmt: skip
_BUTTONS = {"Yes": "answer:paid=yes", "No": "answer:paid=no", "Talk to a person": "do:handover"}


class Scripted(Echo):
    """Says what it heard; offers answers to words that ask, and numbers where somebody asks for them."""

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        self.heard.append(request)
        text = request.text
        buttons = [] if "plain" in text else [{"title": t, "payload": p} for t, p in _BUTTONS.items()]
        cards = _CARDS if "number" in text else []
        reply = {"response": "utter_echo", "text": f"heard: {text}", "buttons": buttons, "cards": cards, "tags": []}
        return TurnAnswer((reply,) if request.mode == "reply" else (), request.facts, request.memory)


class Helpline:
    """The gateway at `url`, and a page that embeds it at `site`."""

    def __init__(self, state: Path) -> None:
        self.state, self.port, self.demo_port = state, free_port(), free_port()
        self.url, self.site = f"http://127.0.0.1:{self.port}", f"http://127.0.0.1:{self.demo_port}"
        self.other_site = f"http://localhost:{self.demo_port}"  # for a browser another site, not only another origin
        self.strange_site = f"http://127.0.0.2:{self.demo_port}"  # may not hold the chat
        self.assistant = Scripted()
        self.gateway: Gateway
        self.loop: asyncio.AbstractEventLoop

    def start(self) -> None:
        self._ready, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._ready.wait(30), "the helpline did not start"

    def stop(self) -> None:
        self._stop.set()
        self._thread.join(20)

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Something at the desk, in the gateway's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(15)

    @property
    def house(self) -> House:
        return House(self.gateway, self.assistant, lambda: (_ for _ in ()).throw(NotImplementedError()))

    async def _serve(self) -> None:
        self.loop = asyncio.get_running_loop()
        sites = f"{self.site},{self.other_site}"
        self.gateway = a_gateway(
            self.state, self.assistant, port=self.port, demo_port=self.demo_port, embed_on=sites,
            exit_url=self.site + "/demo.css",
        )  # fmt: skip
        configs = [
            uvicorn.Config(create_app(self.gateway), port=self.port, ws="wsproto", ws_max_size=FRAME_BYTES,
                           log_level="error", timeout_graceful_shutdown=1),
            uvicorn.Config(demo_app(self.gateway.settings), host="0.0.0.0", port=self.demo_port,  # noqa: S104 - 127.0.0.2
                           ws="none", log_level="error", timeout_graceful_shutdown=1),
        ]  # fmt: skip
        servers = [_Server(config) for config in configs]
        tasks = [asyncio.create_task(server.serve()) for server in servers]
        while not all(server.started for server in servers):
            for task in tasks:
                if task.done():
                    task.result()
            await asyncio.sleep(0.02)
        self._ready.set()
        await asyncio.to_thread(self._stop.wait)
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:  # not in the main thread
        yield


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        yield browser
        browser.close()


class Person:
    """Somebody at the chat page: the page itself, or the frame on the helpline's page."""

    def __init__(self, page: Page, chat: Page | Frame) -> None:
        self.page, self.chat = page, chat

    @property
    def answers(self) -> Locator:
        return self.chat.locator(".message:not([data-from=person])")

    def greeted(self) -> Person:
        expect(self.answers.first).to_contain_text("automated helper")
        return self

    def says(self, text: str) -> None:
        self.chat.fill("#words", text)
        self.chat.press("#words", "Enter")

    def heard(self, text: str) -> None:
        expect(self.answers.filter(has_text=f"heard: {text}").last).to_be_visible()

    def taps(self, title: str) -> None:
        self.page.wait_for_timeout(600)  # nobody reads faster, and the page takes an earlier tap for a slip
        self.chat.click(f".answers button:has-text('{title}')")


def at_chat(browser: Browser, helpline: Helpline, **context: Any) -> Person:
    """Somebody on the full-page chat, greeted."""
    page = browser.new_context(**{"viewport": {"width": 390, "height": 780}, **context}).new_page()
    page.set_default_timeout(10_000)
    page.goto(helpline.url + "/")
    return Person(page, page).greeted()


def at_site(browser: Browser, helpline: Helpline, **context: Any) -> Person:
    """Somebody on the helpline's page who has opened the chat, greeted."""
    return embedded(browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **context}).new_page(), helpline)


def embedded(page: Page, helpline: Helpline, site: str = "") -> Person:
    """The same in a page of the test's own."""
    page.set_default_timeout(10_000)
    page.goto((site or helpline.site) + "/")
    page.get_by_role("button", name="Open the chat").click()
    frame = page.locator("iframe[title=Chat]").element_handle().content_frame()
    assert frame is not None
    return Person(page, frame).greeted()
