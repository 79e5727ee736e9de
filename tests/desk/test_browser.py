"""The desk as a counsellor sees it, in Chromium: live lists, live talk, drafts, keys, small screens."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from starlette.applications import Starlette
from starlette.routing import Mount

from breakwater.conversations.live import DESK
from breakwater.desk import socket as sockets
from breakwater.desk.routes import desk_routes

from .conftest import PASSWORD, House

pytestmark = pytest.mark.browser


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The desk on a real server; its clock runs."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    object.__setattr__(house.desk, "origins", (url,))
    app = Starlette(routes=[Mount("/desk", routes=desk_routes(house.desk))])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", ws="wsproto"))

    async def serve() -> None:
        house.loop = asyncio.get_running_loop()
        await server.serve()

    thread = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield url
    server.should_exit = True
    thread.join(10)
    house.loop = None


@pytest.fixture(scope="module")  # while it runs, no other test can run a loop
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        yield browser
        browser.close()


@pytest.fixture
def open_desk(house: House, address: str, chromium: Browser) -> Iterator[Callable[[str], Page]]:
    """Sign somebody in, in a browser of their own. A refused script or style fails the test."""
    complaints: list[str] = []
    opened = []

    def sign_in(login: str) -> Page:
        context = chromium.new_context()
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/desk")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.click("text=Sign in")
        expect(page.locator("#take-next")).to_be_visible()
        return page

    yield sign_in
    for context in opened:
        context.close()
    assert complaints == []


def publish(house: House, topic: str, **event: object) -> None:
    """As the gateway does, in the server's own loop."""

    async def work() -> None:
        house.desk.live.publish(topic, **event)

    house.run(work())


def take_next(page: Page) -> None:
    with page.expect_navigation():  # until its scripts have run
        page.click("#take-next")


def test_a_night_at_the_desk(house: House, open_desk: Callable[[str], Page]) -> None:
    house.add("sam")
    house.chat("hello", state="bot")
    page = open_desk("sam")
    expect(page.locator("#link")).to_have_text("")
    expect(page.locator("#sound")).to_be_visible()
    page.focus("#sound")
    case = house.chat("i have pills http://x.example", now=["means_at_hand"], words={"now": "i have pills"})
    publish(house, DESK, kind="queue")
    expect(page.locator("[data-key=waiting] .card.immediate")).to_contain_text("i have pills")
    expect(page).to_have_title("(1) Queue")
    assert page.evaluate("document.activeElement.id") == "sound"

    with page.expect_navigation():
        page.keyboard.press("t")
    expect(page.locator("#standing")).to_contain_text("You have this case")
    expect(page.locator("#transcript")).to_contain_text("hxxp[:]//x[.]example")
    topic = house.case(case).conversation_id

    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("I'm here")
    page.reload()
    expect(page.locator("#text")).to_have_value("I'm here")
    page.locator("#text").press("Enter")
    expect(page.locator(".message.counsellor[data-seq] .mark")).to_have_text("sent")
    assert [m.text for m in house.messages(case) if m.sender == "counsellor"] == ["I'm here"]
    expect(page.locator("#text")).to_have_value("")

    page.locator("#text").type("half a sen")
    publish(house, topic, kind="typing", who="person")
    expect(page.locator("#typing")).to_have_text("The person is typing…")
    house.person_says(case, "are you real?")
    publish(house, topic, kind="message")
    expect(page.locator("#transcript li").last).to_contain_text("are you real?")
    expect(page.locator("#top")).to_contain_text("are you real?")
    expect(page.locator("#typing")).to_have_text("")
    expect(page.locator("#text")).to_have_value("half a sen")
    assert page.evaluate("document.activeElement.id") == "text"

    page.locator("[data-key=now] summary").click()
    page.locator("[data-key=now] >> text=forced live, now").click()
    page.locator("[data-key=now] >> text=Save").click()
    expect(page.locator("[data-key=now] .fact-value")).to_contain_text("forced live, now")

    page.locator("summary:has-text('Hand back')").click()
    page.locator("#ends [name=reason]").first.fill("his sister is with him")
    page.locator("#ends button:has-text('Hand back')").click()
    expect(page.locator(".note")).to_contain_text("Handed back")
    assert house.case(case).state == "bot"


def test_two_minutes_without_an_answer_are_said_to_the_counsellor(
    house: House, open_desk: Callable[[str], Page]
) -> None:
    house.add("sam")
    house.chat("hello??", wants_human=True)
    page = open_desk("sam")
    page.clock.install()
    take_next(page)
    expect(page.locator("#nudge")).to_have_text("")
    page.clock.fast_forward("02:05")
    expect(page.locator("#nudge")).to_contain_text("waited two minutes")
    page.locator("#text").fill("I'm here")
    page.clock.run_for(2000)
    expect(page.locator("#nudge")).to_have_text("")
    page.locator("#text").press("Enter")
    expect(page.locator(".message.counsellor[data-seq]")).to_have_count(1)
    page.clock.fast_forward("03:00")
    expect(page.locator("#nudge")).to_have_text("")


def test_a_case_lost_while_writing(house: House, open_desk: Callable[[str], Page]) -> None:
    sam = house.add("sam")
    kim = house.add("kim")
    case = house.chat("help", wants_human=True)
    page = open_desk("sam")
    take_next(page)
    page.fill("#text", "I was going to say")
    house.run(house.desk.counselling.hand_back(case, sam))
    house.run(house.desk.counselling.take(case, kim))
    expect(page.locator("#standing")).to_contain_text("no longer with you")
    expect(page.locator("#standing")).to_contain_text("Kim has this case")
    expect(page.locator("#send")).to_be_disabled()
    expect(page.locator("#text")).to_have_value("I was going to say")
    expect(page.locator("#ends")).to_be_hidden()


@pytest.mark.parametrize("width", [375, 1024])
def test_nothing_runs_over_the_edge(house: House, open_desk: Callable[[str], Page], width: int) -> None:
    house.add("sam")
    house.chat("x" * 300, risk=["self_harm"], words={"risk": "y" * 140}, home_unsafe="yes", deadline="z" * 80)
    page = open_desk("sam")
    page.set_viewport_size({"width": width, "height": 740})
    over = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) == 0
    take_next(page)
    expect(page.locator("#reply")).to_be_visible()
    assert page.evaluate(over) == 0


def test_words_that_do_not_get_through_are_said_to_be_unsent_and_never_sent_twice(
    house: House, open_desk: Callable[[str], Page]
) -> None:
    house.add("sam")
    case = house.chat("help", wants_human=True)
    page = open_desk("sam")
    take_next(page)
    answers_lost = [0]

    def lose_the_answer(route: Route) -> None:
        answers_lost[0] += 1
        route.fetch()  # the server stores it
        route.abort()

    page.route("**/say", lose_the_answer)
    page.locator("#text").fill("once only")
    page.locator("#text").press("Enter")
    expect(page.locator(".message.counsellor[data-seq] .mark")).to_have_text("sent")
    page.wait_for_timeout(3500)  # its own tries end
    assert answers_lost[0] >= 2
    expect(page.locator(".message.counsellor")).to_have_count(1)
    assert [m.text for m in house.messages(case)].count("once only") == 1

    page.unroute("**/say")
    page.route("**/say", lambda route: route.abort())
    page.locator("#text").fill("not yet")
    page.locator("#text").press("Enter")
    expect(page.locator(".message.failed")).to_contain_text("not sent", timeout=8000)
    page.unroute("**/say")
    page.locator(".message.failed >> text=Try again").click()
    expect(page.locator(".message.counsellor[data-seq] .mark")).to_have_text(["sent", "sent"])
    assert [m.text for m in house.messages(case)].count("not yet") == 1


def test_when_the_session_ends_the_page_is_gone_and_the_draft_is_not(
    house: House, open_desk: Callable[[str], Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "BEAT_SECONDS", 0.2)
    house.add("sam")
    house.chat("very private words", wants_human=True)
    page = open_desk("sam")
    take_next(page)
    page.locator("#text").fill("half a thought")
    page.wait_for_timeout(800)  # what it says about typing is older than the half hour
    house.later(28 * 60)
    expect(page.locator("#idle")).to_contain_text("signed out in 2 minutes")
    house.later(3 * 60)
    expect(page.locator("input[name=login]")).to_be_visible()
    assert "very private words" not in page.content()
    page.fill("input[name=login]", "sam")
    page.fill("input[name=password]", PASSWORD)
    page.click("text=Sign in")
    expect(page.locator("#text")).to_have_value("half a thought")
    page.click("text=Sign out")
    assert page.evaluate("sessionStorage.length") == 0


def test_the_key_t_takes_nothing_when_it_is_off(house: House, open_desk: Callable[[str], Page]) -> None:
    house.add("sam")
    case = house.chat("help", wants_human=True)
    page = open_desk("sam")
    page.click("#key")
    page.keyboard.press("t")
    page.click("#sound")
    expect(page.locator("#sound")).to_have_text("Sound: on")
    assert house.case(case).state == "waiting"
    page.click("#key")
    page.keyboard.press("t")
    expect(page.locator("#standing")).to_contain_text("You have this case")
    expect(page.locator("#sound")).to_contain_text("Sound:")
