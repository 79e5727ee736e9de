"""The door: every route denies by default, posts need token and origin, every response is shielded."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

from breakwater.desk.routes import desk_routes
from breakwater.desk.shield import HEADERS

from .conftest import SOCKET, House, token

PUBLIC = {"/sign-in", "/set-up"}


def routes(found: Iterable[BaseRoute]) -> list[tuple[str, str]]:
    """Every method and path of the desk."""
    walked = []
    for route in found:
        if isinstance(route, Mount) and route.routes:
            walked += [(method, route.path + path) for method, path in routes(route.routes)]
        elif isinstance(route, Route):
            walked += [(method, route.path) for method in sorted(route.methods or ())]
        else:
            assert isinstance(route, WebSocketRoute) or getattr(route, "path", "") == "/static", route
    return walked


def test_without_a_session_every_route_but_two_sends_to_sign_in(house: House) -> None:
    house.add("sam")
    case = house.chat("help me")
    client, walked = house.browser(), routes(desk_routes(house.desk))
    assert len(walked) > 15
    for method, path in walked:
        if path in PUBLIC:
            continue
        answer = client.request(method, "/desk" + path.replace("{case_id:str}", case), data={"text": "hello"})
        assert answer.status_code == 303, (method, path)
        assert answer.headers["location"].startswith("/desk/sign-in"), (method, path)
        assert "help me" not in answer.text
    assert house.case(case).state == "waiting"


def test_an_admin_reads_no_case_and_adds_nobody(house: House) -> None:
    house.add("ada", "admin")
    case, client = house.chat("help me"), house.signed_in("ada")
    csrf = token(client, "/desk/people")
    allowed = {("GET", "/people"), ("HEAD", "/people"), ("GET", "/password"), ("HEAD", "/password")}
    for method, path in routes(desk_routes(house.desk)):
        if path in PUBLIC | {"/sign-out"} or (method, path) in allowed or path == "/password":
            continue
        address = "/desk" + path.replace("{case_id:str}", case)
        answer = client.request(method, address, data={"csrf": csrf} if method == "POST" else None)
        assert answer.status_code == 403, (method, path)
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(SOCKET):
        pass


def test_a_counsellor_cannot_add_people(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    answer = client.post("/desk/people", data={"csrf": token(client, "/desk/"), "login": "x1", "name": "X"})
    assert answer.status_code == 403


def test_every_post_needs_the_token_and_our_origin(house: House) -> None:
    house.add("sam", "supervisor")
    case, client = house.chat("help me"), house.signed_in("sam")
    csrf = token(client, "/desk/")
    for method, path in routes(desk_routes(house.desk)):
        if method != "POST":
            continue
        address = "/desk" + path.replace("{case_id:str}", case)
        for data in ({}, {"csrf": "wrong"}):
            assert client.post(address, data=data).status_code == 403, (path, data)
        for origin in ("https://evil.example", "null", ""):
            answer = client.post(address, data={"csrf": csrf}, headers={"origin": origin})
            assert answer.status_code == 403, (path, origin)
    assert house.case(case).state == "waiting"
    assert client.post("/desk/take-next", data={"csrf": csrf}).status_code == 303
    assert house.case(case).state == "taken"


def test_the_token_of_another_session_does_not_fit(house: House) -> None:
    house.add("sam")
    house.add("kim")
    other = token(house.signed_in("kim"), "/desk/")
    assert house.signed_in("sam").post("/desk/take-next", data={"csrf": other}).status_code == 403


def test_security_headers_on_pages_refusals_files_and_unknown_addresses(house: House) -> None:
    house.add("sam")
    client = house.signed_in("sam")
    for path, status in {"/": 200, "/static/desk.css": 200, "/nowhere": 404, "/people": 403}.items():
        answer = client.get("/desk" + path)
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
    policy = client.get("/desk/").headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert client.put("/desk/take-next").status_code == 405


def test_no_page_has_inline_script_or_style(house: House) -> None:
    house.add("sam", "supervisor")
    case, client = house.chat("help me"), house.signed_in("sam")
    for path in ("/desk/", "/desk/people", "/desk/password", f"/desk/cases/{case}"):
        html = client.get(path).text
        assert " style=" not in html and "<style" not in html and " onclick" not in html, path
        assert html.count("<script") == html.count('<script type="module" src="/desk/static/'), path


def test_an_error_of_ours_is_a_shielded_page_without_words_of_the_person(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.add("sam")
    case, client = house.chat("my secret words"), house.signed_in("sam")
    csrf = token(client, "/desk/")

    async def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(house.desk.counselling, "take_next", broken)
    with pytest.raises(RuntimeError):
        client.post("/desk/take-next", data={"csrf": csrf})
    assert client.get("/desk/cases/" + "0" * 32).status_code == 404
    house.keyring.destroy(house.case(case).conversation_id)
    answer = client.get(f"/desk/cases/{case}")
    assert answer.status_code == 404 and "erased" in answer.text
