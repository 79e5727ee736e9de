"""The desk's routes, to be mounted at `/desk`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from breakwater.desk import case_actions, case_page, people_page, queue_page, sign_in
from breakwater.desk.context import Desk
from breakwater.desk.guard import EVERYBODY, LEADS, SEES_PEOPLE, TALKS, private, public
from breakwater.desk.shield import Shield
from breakwater.desk.socket import desk_socket

_LARGEST_BODY = 64 * 1024
_CASE = "/cases/{case_id:str}"


def desk_routes(desk: Desk) -> list[BaseRoute]:
    """Everything under `/desk`. What is not `public` here needs a session; a test walks them all."""
    hidden, shown = partial(private, desk), partial(public, desk)

    async def socket(websocket: WebSocket) -> None:
        await desk_socket(desk, websocket)

    routes: list[BaseRoute] = [
        shown("/sign-in", sign_in.sign_in_page),
        shown("/sign-in", sign_in.sign_in, method="POST"),
        shown("/set-up", sign_in.set_up_page),
        shown("/set-up", sign_in.set_up, method="POST"),
        hidden("/sign-out", sign_in.sign_out, EVERYBODY, method="POST"),
        hidden("/password", sign_in.password_page, EVERYBODY),
        hidden("/password", sign_in.change_password, EVERYBODY, method="POST"),
        hidden("/people", people_page.people_page, SEES_PEOPLE),
        hidden("/people", people_page.add_person, LEADS, method="POST"),
        hidden("/", queue_page.queue_page, TALKS),
        hidden("/take-next", queue_page.take_next, TALKS, method="POST"),
        hidden(_CASE, case_page.case_page, TALKS),
        hidden(f"{_CASE}/take", case_actions.take, TALKS, method="POST"),
        hidden(f"{_CASE}/say", case_actions.say, TALKS, method="POST"),
        hidden(f"{_CASE}/correct", case_actions.correct, TALKS, method="POST"),
        hidden(f"{_CASE}/hand-back", case_actions.hand_back, TALKS, method="POST"),
        hidden(f"{_CASE}/close", case_actions.close, TALKS, method="POST"),
        WebSocketRoute("/ws", socket, name="socket"),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static"),
    ]
    return [Mount("", routes=routes, middleware=[Middleware(Shield)], max_body_size=_LARGEST_BODY)]
