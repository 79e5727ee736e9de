"""The chat on every screen: sizes, zoom, dark, right-to-left, and what axe and WCAG 2.2 AA ask of it.

With BREAKWATER_PICTURES naming a folder, each screen is written there to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from tests.browser.helpline import Helpline, Person, at_chat, at_site, chromium

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
ARABIC = {
    "dir": "rtl", "send": "إرسال", "help": "مساعدة", "assistant": "مساعد آلي", "exit": "غادر هذه الصفحة",
    "your_message": "رسالتك", "person": "أنت", "sent": "أُرسلت", "chat_with": "محادثة مع {helpline}",
}  # fmt: skip
SCREENS: dict[str, dict[str, Any]] = {
    "320": {"viewport": {"width": 320, "height": 568}},
    "375": {"viewport": {"width": 375, "height": 667}},
    "1280": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 375, "height": 667}, "color_scheme": "dark"},
    "zoom 400": {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4},  # 1280 x 1024 at 400 %
    "landscape": {"viewport": {"width": 640, "height": 320}},
    "laptop 400": {"viewport": {"width": 342, "height": 164}, "device_scale_factor": 4},  # 1366 x 768 less the browser
}


@pytest.fixture(scope="module")
def helpline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Helpline]:
    made = Helpline(tmp_path_factory.mktemp("helpline"))
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def talking(person: Person) -> Person:
    person.says("i need a number")
    person.heard("i need a number")
    return person


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("BREAKWATER_PICTURES"):
        page.wait_for_timeout(400)
        page.screenshot(path=Path(folder) / f"{name}.png")


def fits(chat: Page | Frame) -> None:
    """Nothing needs scrolling to the side, and what matters is inside the window and large enough to hit."""
    assert chat.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert chat.evaluate(
        "document.querySelector('#scroll').scrollWidth <= document.querySelector('#scroll').clientWidth"
    )
    for control in ("#exit", "#menu-name", "#words", "#send"):
        box = chat.evaluate(
            """(id) => { const b = document.querySelector(id).getBoundingClientRect();
                 return [b.left, b.top, innerWidth - b.right, innerHeight - b.bottom, b.height]; }""",
            control,
        )
        assert min(box[:4]) >= 0, f"{control} is cut off"
        assert box[4] >= 44, f"{control} is {box[4]} px high"


@pytest.mark.parametrize("name", SCREENS)
def test_a_conversation_fits(helpline: Helpline, browser: Browser, name: str) -> None:
    person = talking(at_chat(browser, helpline, **SCREENS[name]))
    picture(person.page, f"chat {name}")
    fits(person.chat)
    assert person.chat.evaluate("document.querySelector('#scroll').clientHeight >= 0.4 * innerHeight"), "room for words"
    person.chat.click("#menu-name")
    picture(person.page, f"help {name}")
    card = person.chat.evaluate(
        "(() => { const b = document.querySelector('#card').getBoundingClientRect();"
        " return [b.left, innerWidth - b.right, innerHeight - b.bottom]; })()"
    )
    assert min(card) >= 0
    assert person.chat.evaluate(
        "document.querySelector('#card').scrollWidth <= document.querySelector('#card').clientWidth"
    )


@pytest.mark.parametrize("name", SCREENS)
def test_in_a_helplines_page_it_fits(helpline: Helpline, browser: Browser, name: str) -> None:
    person = talking(at_site(browser, helpline, **SCREENS[name]))
    picture(person.page, f"frame {name}")
    fits(person.chat)
    assert person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_right_to_left_fits(helpline: Helpline, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 320, "height": 568}).new_page()
    page.route("**/chat/static/texts/ar.json", lambda route: route.fulfill(json=ARABIC))
    page.goto(helpline.url + "/#lang=ar")
    person = talking(Person(page, page))
    picture(page, "chat rtl")
    fits(person.chat)
    words, send = page.locator("#words").bounding_box(), page.locator("#send").bounding_box()
    assert words and send and words["x"] > send["x"]


def test_every_target_is_large_enough(helpline: Helpline, browser: Browser) -> None:
    person = talking(at_chat(browser, helpline))
    person.chat.click("#menu-name")
    heights = person.chat.evaluate(
        "[...document.querySelectorAll('button, summary, input, textarea, .card a')].filter((n) => n.offsetParent)"
        ".map((n) => [n.id || n.textContent, n.getBoundingClientRect().height])"
    )
    assert len(heights) > 8
    assert [found for found in heights if found[1] < 44] == []
    sizes = person.chat.evaluate(
        "[...document.querySelectorAll('input, textarea')].map((n) => getComputedStyle(n).fontSize)"
    )
    assert all(float(size[:-2]) >= 16 for size in sizes), "smaller makes iOS zoom in"


def test_less_motion_where_less_is_wanted(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline, reduced_motion="reduce")
    person.chat.evaluate("document.querySelector('#typing').innerHTML = '<span><span></span></span>'")
    assert person.chat.evaluate("getComputedStyle(document.querySelector('#typing span span')).animationName") == "none"


def test_what_a_screen_reader_is_told(helpline: Helpline, browser: Browser) -> None:
    """The live regions stand in the page before anything is said, and everything has a name."""
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(helpline.url + "/")
    assert page.locator("[role=log]").count() == 1
    assert page.locator("[role=status]").count() >= 5
    person = talking(at_site(browser, helpline))
    assert person.page.get_by_role("dialog", name="Chat").count() == 1
    assert person.chat.get_by_role("log", name="Messages").count() == 1
    for role, name in (("textbox", "Your message"), ("button", "Send"), ("link", "Leave this page"),
                       ("button", "Close the chat"), ("group", "Answers you can tap")):  # fmt: skip
        assert person.chat.get_by_role(role, name=name).count() == 1, name  # type: ignore[arg-type]
    assert person.chat.locator("#words").get_attribute("spellcheck") == "false"
    assert person.chat.locator("#words").get_attribute("data-gramm") == "false"
    assert person.chat.locator(".message .words[dir=auto]").count() == person.chat.locator(".message").count()


def test_a_colour_that_cannot_be_read_is_not_taken(helpline: Helpline, browser: Browser) -> None:
    def act(colour: str) -> str:
        page = browser.new_page()
        page.goto(f"{helpline.url}/#accent={colour}")
        expect(page.locator(".message").first).to_be_visible()
        found = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--act').trim()")
        page.close()
        return str(found)

    assert act("663399") == "#663399"
    for refused in ("ffff00", "red;}body{display:none", "663399;", "url(x)"):
        assert act(refused) == "#17565e"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(helpline: Helpline, browser: Browser, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    person = talking(at_site(browser, helpline, color_scheme=scheme))
    found = axe.Axe().run(person.page)
    assert found.violations_count == 0, found.generate_report()
    full = talking(at_chat(browser, helpline, color_scheme=scheme))
    full.chat.click("#menu-name")
    full.chat.click("#words-get")
    expect(full.chat.locator("#words-said")).not_to_be_empty()
    found = axe.Axe().run(full.page)
    assert found.violations_count == 0, found.generate_report()
