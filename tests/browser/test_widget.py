"""The chat in a real browser, on its own page and framed by a helpline's page; the assistant is stood in for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route, WebSocketRoute, expect

from tests.browser.helpline import Helpline, Person, at_chat, at_site, chromium, embedded

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]


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


# --- a conversation, each way of having it


def test_by_mouse(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.chat.fill("#words", "hello")
    person.chat.click("#send")
    person.heard("hello")
    person.taps("Yes")
    person.heard("Yes")
    assert helpline.assistant.heard[-1].payload == "answer:paid=yes"
    expect(person.chat.locator(".message[data-from=person]").last).to_contain_text("Sent")


def test_by_keyboard_only(helpline: Helpline, browser: Browser) -> None:
    """From the helpline's page: open, write, answer with a button, read the help card, close."""
    page = browser.new_context().new_page()
    page.goto(helpline.site + "/")
    opener = page.get_by_role("button", name="Open the chat")
    for _ in range(10):
        page.keyboard.press("Tab")
        if opener.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    frame = page.frame_locator("iframe")
    expect(frame.locator(".message").first).to_contain_text("automated helper")
    expect(frame.locator("#words")).to_be_focused()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    expect(frame.locator(".message").filter(has_text="heard: hello")).to_be_visible()
    page.wait_for_timeout(600)
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        if frame.locator(".answers button").first.evaluate("node => node === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(frame.locator(".message").filter(has_text="heard: Yes")).to_be_visible()
    expect(page.get_by_role("button", name="Close the chat")).to_have_count(0)  # none under the frame takes the focus
    page.keyboard.press("Escape")
    expect(frame.locator("#words")).not_to_be_visible()
    expect(opener).to_be_focused()


def test_buttons_only_and_words_only_come_to_the_same(helpline: Helpline, browser: Browser) -> None:
    by_buttons, by_words = at_chat(browser, helpline), at_chat(browser, helpline)
    by_buttons.chat.click("#menu-name")
    by_buttons.chat.click("#help-person")
    by_buttons.heard("help")
    by_buttons.taps("No")
    by_buttons.heard("No")
    by_words.says("help")
    by_words.heard("help")
    by_words.says("No")
    by_words.heard("No")
    assert (
        by_buttons.answers.all_inner_texts()[-1].splitlines()[1:]
        == (by_words.answers.all_inner_texts()[-1].splitlines()[1:])
    )


def test_only_the_newest_answers_can_be_tapped(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    for text in ("one", "two"):
        person.says(text)
        person.heard(text)
    assert person.chat.locator(".answers").count() == 1


def test_a_button_tapped_twice_is_one_answer(helpline: Helpline, browser: Browser) -> None:
    """Also when the next question is already there, under the same finger."""
    person = at_chat(browser, helpline, has_touch=True)
    person.says("hello")
    person.heard("hello")
    yes = person.chat.locator(".answers button").first.bounding_box()
    assert yes
    person.page.wait_for_timeout(600)
    for _ in range(2):
        person.page.touchscreen.tap(yes["x"] + 10, yes["y"] + 10)
    person.heard("Yes")
    person.page.wait_for_timeout(1500)
    assert person.chat.locator(".message[data-from=person]").filter(has_text="Yes").count() == 1


# --- the line


def test_a_cut_line_loses_and_doubles_nothing(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.says("before")
    person.heard("before")
    person.page.context.set_offline(True)
    person.says("while away")
    expect(person.chat.locator("#state")).to_contain_text("Reconnecting")
    person.page.context.set_offline(False)
    person.heard("while away")
    assert person.chat.locator(".message[data-from=person]").filter(has_text="while away").count() == 1
    assert sum("while away" in request.text for request in helpline.assistant.heard) == 1


def test_a_gateway_that_starts_again_goes_on_where_it_was(tmp_path: Path, browser: Browser) -> None:
    helpline = Helpline(tmp_path)
    helpline.start()
    person = at_chat(browser, helpline)
    person.says("before")
    person.heard("before")
    helpline.stop()
    person.says("in between")
    helpline.start()
    try:
        expect(person.answers.filter(has_text="heard: in between")).to_be_visible(timeout=30_000)
        assert person.chat.locator(".message").filter(has_text="before").count() == 2
        assert person.chat.locator(".message[data-from=person]").filter(has_text="in between").count() == 1
    finally:
        helpline.stop()


def test_without_websockets_it_goes_by_long_polling(helpline: Helpline, browser: Browser) -> None:
    """A filter that refuses every WebSocket, as at schools and in hotels."""
    context = browser.new_context(viewport={"width": 390, "height": 780})
    context.add_init_script("""
        window.WebSocket = class extends EventTarget {
          constructor() { super(); setTimeout(() => this.onclose && this.onclose()); }
          send() {} close() {}
        };""")
    page = context.new_page()
    page.goto(helpline.url + "/")
    person = Person(page, page)
    expect(person.answers.first).to_contain_text("automated helper", timeout=20_000)
    person.says("behind a filter")
    person.heard("behind a filter")
    taken = helpline.run(helpline.house.counsellor_takes(helpline.assistant.heard[-1].conversation))
    expect(person.answers.filter(has_text="Sam, a counsellor")).to_be_visible()
    helpline.run(helpline.house.counsellor_says(taken, "I am here, live."))
    expect(person.answers.filter(has_text="I am here, live.")).to_be_visible()
    page.reload()
    expect(person.answers.filter(has_text="I am here, live.")).to_be_visible(timeout=20_000)
    assert person.answers.filter(has_text="I am here, live.").count() == 1


def test_two_tabs_show_the_same_and_say_so(helpline: Helpline, browser: Browser) -> None:
    one = at_chat(browser, helpline)
    token = one.page.evaluate("sessionStorage.getItem('chat')")
    page = one.page.context.new_page()
    page.add_init_script(f"sessionStorage.setItem('chat', '{token}')")
    page.goto(helpline.url + "/")
    expect(one.chat.locator("#tabs")).to_contain_text("also open")
    page.fill("#words", "from the second")
    page.press("#words", "Enter")
    expect(one.chat.locator(".message[data-from=person]")).to_contain_text("from the second")
    one.heard("from the second")
    page.close()
    expect(one.chat.locator("#tabs")).to_be_empty()


def test_two_hundred_messages(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.says("plain start")
    person.heard("plain start")
    taken = helpline.run(helpline.house.counsellor_takes(helpline.assistant.heard[-1].conversation))
    for number in range(200):
        helpline.run(helpline.house.counsellor_says(taken, f"line number {number}"))
    expect(person.answers.filter(has_text="line number 199")).to_have_count(1)
    person.page.reload()
    expect(person.answers.filter(has_text="line number 199")).to_have_count(1)
    found = [int(n) for n in re.findall(r"line number (\d+)", " ".join(person.answers.all_inner_texts()))]
    assert found == list(range(200))


# --- leaving


def gone(page: Page, helpline: Helpline) -> None:
    """The page is away, Back does not bring the chat, and the tab holds nothing of it."""
    expect(page).to_have_url(helpline.site + "/demo.css")
    page.go_back()
    page.wait_for_timeout(500)
    assert page.locator("text=private words").count() == 0
    for frame in page.frames:
        assert "private words" not in frame.content()
        assert frame.evaluate("location.origin === 'null' ? 0 : sessionStorage.length") == 0


@pytest.mark.parametrize("how", ["tap", "shifts"])
def test_quick_exit_from_the_full_page(helpline: Helpline, browser: Browser, how: str) -> None:
    person = at_chat(browser, helpline)
    person.says("private words")
    person.heard("private words")
    if how == "tap":
        person.chat.click("#exit")
    else:
        for _ in range(3):
            person.page.keyboard.press("Shift")
    gone(person.page, helpline)


@pytest.mark.parametrize("how", ["tap", "shifts in the frame", "shifts on the page", "tap without the loader"])
def test_quick_exit_from_a_helplines_page(helpline: Helpline, browser: Browser, how: str) -> None:
    person = at_site(browser, helpline)
    person.says("private words")
    person.heard("private words")
    if how == "shifts on the page":
        person.page.locator("h1").click()
    if how == "tap without the loader":
        person.page.evaluate("addEventListener('message', (event) => event.stopImmediatePropagation(), true)")
        person.page.evaluate("window.postMessage = () => {}")
    if how.startswith("tap"):
        person.chat.click("#exit")
    else:
        for _ in range(3):
            person.page.keyboard.press("Shift")
    gone(person.page, helpline)


def test_shift_for_capitals_leaves_nobody_behind(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.chat.focus("#words")
    for letter in "ABCD":
        person.page.keyboard.press(f"Shift+{letter}")
    assert person.page.url == helpline.url + "/"
    assert person.chat.input_value("#words") == "ABCD"


# --- no traces, and ways back


def test_nothing_on_the_device_and_no_request_elsewhere(helpline: Helpline, browser: Browser) -> None:
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    frame = embedded(page, helpline).chat
    assert all(url.startswith((helpline.url, helpline.site, "data:", "blob:")) for url in asked), asked
    assert context.cookies() == []
    token = frame.evaluate("sessionStorage.getItem('chat')")
    assert frame.evaluate("localStorage.length") == 0
    assert not any(token in url for url in asked)
    assert page.evaluate("sessionStorage.length") == 0, "the helpline's own page learns nothing"


def test_leave_no_trace_forgets_with_the_page(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.chat.click("#menu-name")
    expect(person.chat.locator("#card")).to_contain_text("Then only four words bring you back")
    person.chat.click("#trace")
    expect(person.chat.locator("#trace")).to_have_attribute("aria-pressed", "true")
    assert person.page.evaluate("sessionStorage.length") == 0
    person.page.keyboard.press("Escape")
    person.says("still here")
    person.heard("still here")
    person.page.reload()
    person.greeted()
    assert person.chat.locator("text=still here").count() == 0


def come_back_words(person: Person) -> str:
    person.chat.click("#menu-name")
    person.chat.click("#words-get")
    expect(person.chat.locator("#words-said")).to_contain_text("Your four words:")
    said = person.chat.inner_text("#words-said")
    person.page.keyboard.press("Escape")
    return said.splitlines()[1]


def test_come_back_words_open_the_chat_elsewhere_after_a_choice(helpline: Helpline, browser: Browser) -> None:
    first = at_chat(browser, helpline)
    first.says("private words")
    first.heard("private words")
    words = come_back_words(first)
    assert len(words.split()) == 4
    other = at_chat(browser, helpline)
    other.chat.click("#menu-name")
    other.chat.fill("#words-given", f" {words.upper().replace(' ', ',  ')} ")
    other.chat.press("#words-given", "Enter")
    expect(other.chat.locator("#state")).to_contain_text("start fresh")
    assert "private words" not in other.page.content(), "nothing of before is shown until the person chooses"
    expect(other.chat.locator("[data-back=back_on]")).to_be_focused()
    other.page.keyboard.press("Enter")
    expect(other.answers.filter(has_text="heard: private words")).to_be_visible()
    other.says("both are here")
    first.heard("both are here")


@pytest.mark.parametrize("where", ["page", "frame"])
def test_who_reads_of_come_back_later_finds_it_at_once(helpline: Helpline, browser: Browser, where: str) -> None:
    """The assistant says: Tap "Come back later" first. On a phone, both what it names and its words can be tapped."""
    phone = {"viewport": {"width": 360, "height": 640}, "has_touch": True}
    person = (at_chat if where == "page" else at_site)(browser, helpline, **phone)
    person.says('plain Tap "Come back later" first')
    person.heard('plain Tap "Come back later" first')
    assert person.chat.locator(".message[data-from=person] a").count() == 0
    named = person.chat.get_by_role("link", name="Come back later", exact=True)
    expect(named).to_be_in_viewport(ratio=1)
    for way in (named, person.answers.get_by_role("link", name='"Come back later"')):
        way.tap()
        expect(person.chat.locator("#words-get")).to_be_in_viewport(ratio=1)
        expect(person.chat.locator("#words-get")).to_be_focused()
        person.page.keyboard.press("Escape")
        expect(person.chat.locator("#words-get")).not_to_be_visible()
    named.tap()
    person.chat.tap("#words-get")
    expect(person.chat.locator("#words-said")).to_be_in_viewport(ratio=1)
    assert person.page.url in (helpline.url + "/", helpline.site + "/"), "nothing of it is in the address"


def test_who_comes_back_is_shown_where_the_words_go(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline, viewport={"width": 360, "height": 640})
    person.chat.get_by_role("link", name="I was here before and have four words").click()
    expect(person.chat.get_by_role("textbox", name="I was here before and have four words")).to_be_in_viewport(ratio=1)


def test_wrong_words_open_nothing(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.chat.click("#menu-name")
    person.chat.fill("#words-given", "maple otter lamp tulip")
    person.chat.press("#words-given", "Enter")
    expect(person.chat.locator("#words-said")).to_contain_text("open nothing here")


@pytest.mark.parametrize("how", ["word", "button"])
def test_hide_clears_the_screen_also_after_a_reload(helpline: Helpline, browser: Browser, how: str) -> None:
    person = at_chat(browser, helpline)
    person.says("private words")
    person.heard("private words")
    if how == "word":
        person.says("Hide.")
    else:
        person.chat.click("#menu-name")
        person.chat.click("#help-hide")
    expect(person.chat.locator("text=private words")).to_have_count(0)
    expect(person.answers.last).to_contain_text(re.compile("hide", re.IGNORECASE))
    person.page.reload()
    expect(person.answers.last).to_contain_text(re.compile("hide", re.IGNORECASE))
    assert person.chat.locator("text=private words").count() == 0


# --- what can be tapped, and what cannot be sent


@pytest.mark.parametrize("scheme", ["tel", "sms"])
def test_calling_and_texting_inside_the_frame(helpline: Helpline, browser: Browser, scheme: str) -> None:
    """A tap reaches the device (Chromium without a telephone asks, and reports it as aborted); the chat stays."""
    person = at_site(browser, helpline)
    tapped: list[str] = []
    person.page.on("requestfailed", lambda request: tapped.append(request.url))
    person.says("a number please")
    person.heard("a number please")
    person.chat.locator(f".message a[href^='{scheme}:']").last.click()
    person.page.wait_for_timeout(800)
    assert [url.partition(":")[0] for url in tapped] == [scheme]
    expect(person.answers.filter(has_text="heard: a number please")).to_be_visible()


def test_links_outward_open_beside_the_chat(helpline: Helpline, browser: Browser) -> None:
    person = at_site(browser, helpline)
    person.says("a number please")
    person.heard("a number please")
    with person.page.context.expect_page() as opened:
        person.chat.click("a:has-text('Open Example Tool')")
    assert opened.value.evaluate("window.opener") is None
    expect(person.answers.filter(has_text="heard: a number please")).to_be_visible()


def test_a_pasted_image_never_leaves_the_browser(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    sent: list[Request] = []
    person.page.on("request", lambda request: sent.append(request))
    person.chat.focus("#words")
    person.page.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(5000)], 'a.png', {type: 'image/png'}));
        const paste = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true});
        document.activeElement.dispatchEvent(paste);
    }""")
    expect(person.chat.locator("#hint")).to_contain_text("has not left your device")
    person.page.wait_for_timeout(800)
    assert helpline.assistant.heard[-1].payload == "media:image"
    assert sent == []


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "\u202eevil", "null", "**bold** [a](b)"])
def test_odd_words_are_shown_as_they_are(helpline: Helpline, browser: Browser, text: str) -> None:
    person = at_chat(browser, helpline)
    person.says(text)
    expect(person.chat.locator(".message[data-from=person] .words").last).to_have_text(text)
    assert person.chat.locator(".message img").count() == 0


# --- the desk, live


def test_a_counsellor_arrives_types_and_writes_live(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.says("hello")
    person.heard("hello")
    house = helpline.house
    taken = helpline.run(house.counsellor_takes(house.conversation))
    expect(person.chat.locator("[data-speaker]")).to_have_text("Sam, counsellor")
    expect(person.answers.filter(has_text="Sam, a counsellor")).to_be_in_viewport(ratio=1)
    case = helpline.run(helpline.gateway.counselling.case(taken[0]))
    helpline.run(helpline.gateway.counselling.typing(case))
    expect(person.chat.locator("#typing")).to_contain_text("Sam is typing")
    helpline.run(house.counsellor_says(taken, "I am Sam."))
    expect(person.chat.locator(".message[data-from=counsellor]")).to_contain_text("I am Sam.")


def test_a_counsellors_words_come_into_view_also_below_a_long_answer(helpline: Helpline, browser: Browser) -> None:
    """And what the person was writing stays in the box."""
    person = at_chat(browser, helpline, viewport={"width": 360, "height": 640})
    person.says("plain " + "long words " * 60)
    person.heard("plain")
    expect(person.chat.locator("#newest")).to_be_visible()
    person.chat.fill("#words", "i dont kn")
    house = helpline.house
    taken = helpline.run(house.counsellor_takes(house.conversation))
    helpline.run(house.counsellor_says(taken, "I am Sam."))
    expect(person.chat.locator(".message[data-from=counsellor]")).to_be_in_viewport(ratio=1)
    assert person.chat.input_value("#words") == "i dont kn"


# --- Telegram and back


def test_the_chat_goes_on_in_telegram_and_comes_back(
    helpline: Helpline, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    moving = helpline.gateway.moving
    monkeypatch.setattr(moving, "telegram_name", lambda: "example_bot")
    page = browser.new_context(viewport={"width": 390, "height": 780}).new_page()
    page.route_web_socket("**/chat/ws", offering_telegram)
    page.goto(helpline.url + "/")
    person = Person(page, page).greeted()
    person.says("private words")
    person.heard("private words")
    page.click("#menu-name")
    page.click("#move")
    expect(page.locator("#move-said")).to_contain_text("Telegram")  # what it costs, before the link
    link = page.locator("#move-said a")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    opened = re.fullmatch(r"https://t\.me/example_bot\?start=(.+)", link.get_attribute("href") or "")
    assert opened
    conversation = helpline.house.conversation
    assert helpline.run(moving.follow(opened[1], "telegram", "address of a test", 7)) is not None
    expect(page.locator("#state")).to_contain_text("goes on in Telegram")
    assert page.locator("text=private words").count() == 0
    assert page.evaluate("sessionStorage.length") == 0

    back = helpline.run(moving.link(conversation, "web"))
    page = browser.new_context(viewport={"width": 390, "height": 780}).new_page()
    page.goto(f"{helpline.url}/#move={back}")
    expect(page.locator(".message").filter(has_text="heard: private words")).to_be_visible()
    assert page.url == helpline.url + "/", "a link that opens a chat does not stay in the address"
    other = browser.new_context(viewport={"width": 390, "height": 780}).new_page()
    other.goto(f"{helpline.url}/#move={back}")
    expect(other.locator("#hint")).to_contain_text("does not work any more")
    expect(other.locator(".message")).to_have_count(1)  # a new chat, with its greeting


def offering_telegram(socket: WebSocketRoute) -> None:
    """The gateway's frames, with the welcome of one that has a bot."""
    server = socket.connect_to_server()
    server.on_message(lambda frame: socket.send(str(frame).replace('"telegram":false', '"telegram":true')))


def test_who_waits_is_told_honestly(helpline: Helpline, browser: Browser) -> None:
    person = at_chat(browser, helpline)
    person.says("i want to die")
    expect(person.chat.locator("#wait")).to_contain_text(re.compile("has been called|No counsellor is here"))
    assert not re.search(r"\bplace\b|queue|\bposition\b", person.chat.inner_text("#wait"))


# --- another language


def test_right_to_left_from_a_language_file(helpline: Helpline, browser: Browser) -> None:
    page = browser.new_context(viewport={"width": 375, "height": 700}).new_page()

    def pseudo(route: Route) -> None:
        route.fulfill(json={"dir": "rtl", "send": "ارسال", "help": "مساعدة", "assistant": "مساعد آلي"})

    page.route("**/chat/static/texts/ar.json", pseudo)
    page.goto(helpline.url + "/#lang=ar")
    expect(page.locator("#send")).to_have_text("ارسال")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    expect(page.locator("#speaker")).to_contain_text("مساعد آلي")
    expect(page.locator(".message").first).to_be_visible()
    words, send = page.locator("#words").bounding_box(), page.locator("#send").bounding_box()
    assert words and send and words["x"] > send["x"]
    expect(page.locator("[data-text=leave_note]")).to_contain_text("You can leave")  # English where there is none


def test_a_site_that_may_not_hold_the_chat_gets_no_frame(helpline: Helpline, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(helpline.strange_site + "/")
    page.get_by_role("button", name="Open the chat").click()
    page.wait_for_timeout(1500)
    assert all(not frame.url.startswith(helpline.url) for frame in page.frames)
    page.get_by_role("button", name="Close the chat").click()  # what does not load does not stay in the way
    expect(page.locator("iframe")).not_to_be_visible()


def test_the_loader_refuses_to_share_an_origin(helpline: Helpline, browser: Browser) -> None:
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    tag = f'<!doctype html><title>x</title><body><script src="{helpline.url}/embed.js"></script>'
    page.route(helpline.url + "/same", lambda route: route.fulfill(body=tag, content_type="text/html"))
    page.goto(helpline.url + "/same")
    assert page.get_by_role("button").count() == 0
    assert "host name of its own" in said[0]


def test_where_the_browser_denies_storage_the_chat_lives_in_memory(helpline: Helpline, browser: Browser) -> None:
    """On another site in a private window, Chromium gives a frame no storage at all."""
    page = browser.new_context().new_page()
    person = embedded(page, helpline, helpline.other_site)
    person.says("still works")
    person.heard("still works")
