"""The whole way, with everything real: three people chat in a browser, a counsellor sits at the desk.

Their words are written as people type them; what must be true is the case's type, tier, order of advice
and the handover.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.stack import Stack, running

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
PASSWORD = "seven herons over the weir"
ANSWER_MS = 8_000


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running(tmp_path_factory.mktemp("stack")) as started:
        yield started


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=options)
        yield browser
        browser.close()


class Chat:
    """A person at the chat page."""

    def __init__(self, chromium: Browser, url: str) -> None:
        self.page = chromium.new_context(viewport={"width": 390, "height": 780}).new_page()
        self.page.set_default_timeout(ANSWER_MS)
        self.page.goto(url + "/")
        expect(self.messages.first).to_contain_text("automated helper")

    @property
    def messages(self) -> Locator:
        return self.page.locator(".message:not([data-from=person])")

    def says(self, text: str) -> str:
        """Type and send; the words of the answer."""
        return self._answer(lambda: (self.page.fill("#words", text), self.page.keyboard.press("Enter")))

    def taps(self, title: str) -> str:
        return self._answer(lambda: self.page.click(f".answers button:has-text('{title}')"))

    def all_words(self) -> str:
        return " ".join(self.messages.all_inner_texts())

    def _answer(self, act) -> str:  # type: ignore[no-untyped-def]
        before = self.messages.count()
        act()
        expect(self.messages.nth(before)).to_be_visible(timeout=ANSWER_MS)
        time.sleep(0.7)  # a second message may follow
        return " ".join(self.messages.nth(i).inner_text() for i in range(before, self.messages.count()))


@pytest.fixture(scope="module")
def desk(stack: Stack, chromium: Browser) -> Page:
    """A counsellor who made the first account with the one-time code."""
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.set_default_timeout(ANSWER_MS)
    page.goto(stack.url + "/desk")
    page.fill("input[name=code]", stack.setup_code)
    page.fill("input[name=login]", "sam")
    page.fill("input[name=name]", "Sam")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#take-next")).to_be_visible()
    return page


def waiting(desk: Page, stack: Stack) -> Locator:
    desk.goto(stack.url + "/desk/")
    return desk.locator("[data-key=waiting] li.card")


def in_order(text: str, *parts: str) -> None:
    """Each part stands in the text, one after the other."""
    place = -1
    for part in parts:
        found = text.find(part, place + 1)
        assert found > place, f"{part!r} is missing or out of order in:\n{text}"
        place = found


def test_a_boy_blackmailed_for_money(stack: Stack, chromium: Browser, desk: Page) -> None:
    boy = Chat(chromium, stack.url)
    assert "?" in boy.says("heyy")
    answer = boy.says(
        "met this girl on insta she was well nice, we swapped pics and now she says pay 250 or my whole year gets it"
    )
    in_order(answer, "not your fault", "Don't pay", "Don't send", "Don't answer")
    knows_paid = "paid anything" not in answer  # then muting comes at once
    assert "ending your life" in (boy.taps("Done") if knows_paid else boy.taps("No"))
    assert "Mute" in answer + boy.taps("No")
    if not knows_paid:
        boy.taps("Done")
    answer = boy.says("im 15")
    assert "counsellor" in answer, "a child is told of the person"
    assert "hurt you" in answer, "home is asked before any tell-someone step"

    row = waiting(desk, stack).first
    expect(row).to_contain_text("under 18")
    with desk.expect_navigation():
        desk.click("#take-next")
    expect(boy.messages.filter(has_text="Sam, a counsellor, is here")).to_be_visible()
    expect(desk.locator("#transcript")).to_contain_text("pay 250 or my whole year")
    desk.fill("#text", "Hi, I'm Sam. I read what you wrote. How are you holding up?")
    desk.keyboard.press("Enter")
    expect(boy.messages.filter(has_text="How are you holding up?")).to_be_visible()
    boy.page.fill("#words", "not great. is this even real")
    boy.page.keyboard.press("Enter")
    expect(desk.locator("#transcript")).to_contain_text("is this even real")
    time.sleep(3)
    assert "Automated" not in boy.messages.last.inner_text(), "the assistant is silent while a counsellor has the case"

    desk.click("#ends summary >> nth=0")
    desk.click("#ends button:has-text('Hand back')")
    expect(boy.messages.filter(has_text="Sam has left the chat")).to_be_visible()
    answer = boy.says("ok what now")
    assert answer
    answer = boy.taps("No") if boy.page.locator(".answers button:has-text('No')").count() else boy.says("no")
    boy.says("ok")
    in_order(boy.all_words(), "not your fault", "Mute", "hurt you", "save some proof")


def test_a_girl_of_twelve_who_sent_nothing(stack: Stack, chromium: Browser, desk: Page) -> None:
    girl = Chat(chromium, stack.url)
    answer = girl.says("someone on snap is saying hell send my mum bad pictures of me but i never sent any. im 12")
    in_order(answer, "not your fault", "grown-up near you that you feel safe with")
    assert "Don't answer" in answer
    answer = girl.says("my mum but shes gonna be so mad")
    assert "hurt you" in answer
    answer = girl.taps("No")
    assert "show them" in answer
    said = girl.all_words()
    assert "save some proof" not in said, "nothing to collect alone"
    row = waiting(desk, stack).first
    expect(row).to_contain_text("under 13")
    expect(row).to_contain_text("rgent")


def test_an_email_bluff_with_a_real_password(stack: Stack, chromium: Browser, desk: Page) -> None:
    before = waiting(desk, stack).count()
    man = Chat(chromium, stack.url)
    answer = man.says(
        "got an email that has my real old password and says they recorded me on my webcam, "
        "1300 in bitcoin within 2 days"
    )
    in_order(answer, "bluff", "Don't pay", "don't answer")
    in_order(man.all_words(), "bluff", "old leak", "can be faked")
    in_order(man.says("yeah still use it on amazon"), "change it", "two-step")
    assert "spam" in man.says("ok changed it")
    assert "Take It Down" not in man.all_words()
    assert waiting(desk, stack).count() == before, "information, not an emergency"


def test_somebody_with_thoughts_of_suicide_comes_first(stack: Stack, chromium: Browser, desk: Page) -> None:
    person = Chat(chromium, stack.url)
    answer = person.says("i sent the card like they said and now its double. cant see a way out anymore")
    in_order(answer, "999", "ending your life")
    assert "Already" not in answer
    answer = person.taps("Yes")
    assert "already done something" in answer
    assert person.page.locator("a[href^='tel:']").count() >= 1
    row = waiting(desk, stack).first
    expect(row).to_contain_text("suicide")


def test_a_girl_of_seventeen_told_to_bring_in_a_friend(stack: Stack, chromium: Browser, desk: Page) -> None:
    girl = Chat(chromium, stack.url)
    answer = girl.says(
        "hes been making me send videos since the summer and now he says i have to get my best mate to do one too "
        "or mine goes to her whole college. im 17"
    )
    in_order(answer, "not your fault", "send")
    assert "bring in someone else. You don't have to" in answer, "she is told that she need not draw in somebody else"
    expect(waiting(desk, stack).filter(has_text="draw in somebody else").first).to_be_visible()
    girl.says("no i wouldnt do that to her but hes typing again")
    assert "You should" not in girl.all_words()


def test_a_mother_writes_about_her_son(stack: Stack, chromium: Browser, desk: Page) -> None:
    mother = Chat(chromium, stack.url)
    answer = mother.says(
        "My son is 14 and has been sent threats, someone has a photo of him and wants two hundred pounds. He hasn't "
        "left his room since dinner, what do I do"
    )
    in_order(answer, "not his fault" if "not his fault" in answer else "not their fault", "Don't pay")
    answer = mother.says("he told his brother he wishes he wasnt here but i think thats just the shock")
    assert "take it seriously" in answer.lower()
    assert "999" in answer
    assert "How old are you" not in mother.all_words()
    expect(waiting(desk, stack).filter(has_text="suicide").first).to_be_visible()


def test_a_man_of_34_on_whatsapp(stack: Stack, chromium: Browser, desk: Page) -> None:
    man = Chat(chromium, stack.url)
    answer = man.says(
        "matched with a woman on tinder, she moved us to whatsapp and we did a video call. she recorded it and wants "
        "700 by bank transfer or my wife and my boss get it. I'm 34. I haven't paid"
    )
    in_order(answer, "not your fault", "Don't pay")
    if "ending your life" in man.all_words():
        man.taps("No")
    man.says("what about my bank, do they need to know")
    said = man.all_words()
    assert "Take It Down" not in said, "the tool for under 18s is not for him"
    assert "school" not in said.lower()
    expect(waiting(desk, stack).filter(has_text="adult in a live threat").first).to_be_visible()


def test_somebody_writes_in_dutch(stack: Stack, chromium: Browser, desk: Page) -> None:
    child = Chat(chromium, stack.url)
    answer = child.says("ik ben 14 en een jongen op snap zegt dat hij mijn foto doorstuurt als ik niet betaal. help")
    assert "jouw schuld" in answer or "niet jouw" in answer, answer
    expect(waiting(desk, stack).filter(has_text="under 18").first).to_be_visible()


def test_a_picture_is_refused_and_the_talk_goes_on(stack: Stack, chromium: Browser) -> None:
    person = Chat(chromium, stack.url)
    person.says("someone wants money or they put my video online")
    before = person.messages.count()
    person.page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array([1, 2, 3])], 'p.png', { type: 'image/png' }));
          document.getElementById('words').dispatchEvent(
            new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }"""
    )
    expect(person.messages.nth(before)).to_contain_text("haven't opened or kept", timeout=ANSWER_MS)
    assert person.says("ok. it was on insta")


def test_a_return_after_a_day_names_nothing_of_before(stack: Stack, chromium: Browser) -> None:
    person = Chat(chromium, stack.url)
    person.says("a guy on kik has a clip of me and says 300 or my family sees it. im 16")
    database = sqlite3.connect(stack.state / "breakwater.db")
    with database:  # a day passes: everything of this conversation is a day older
        newest = "(select conversation_id from messages order by at desc limit 1)"
        database.execute(f"update messages set at = datetime(at, '-26 hours') where conversation_id = {newest}")  # noqa: S608
    database.close()
    answer = person.says("hi")
    assert "been here before" in answer or "safe right now" in answer
    for word in ("300", "clip", "kik", "pay", "picture", "blackmail"):
        assert word not in answer.lower()


def test_the_demo_page_holds_the_chat(stack: Stack, chromium: Browser) -> None:
    """`breakwater up`, which is what `make run` starts, names it, and the chat opens in it."""
    (site,) = re.findall(r"Demo +(http\S+)", "".join(stack.output))
    page = chromium.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(site)
    page.get_by_role("button", name="Open the chat").click()
    expect(page.frame_locator("iframe").locator(".message").first).to_contain_text("automated helper")


def test_the_words_of_the_page_stay_on_this_machine(stack: Stack, chromium: Browser) -> None:
    page = chromium.new_context().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(stack.url + "/")
    page.wait_for_selector(".message")
    assert asked
    assert all(url.startswith((stack.url, "data:")) for url in asked)
    assert page.context.cookies() == []
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_quick_exit_leaves_nothing_behind(stack: Stack, chromium: Browser) -> None:
    chat = Chat(chromium, stack.url)
    chat.says("hello")
    chat.page.route("**/weather", lambda route: route.fulfill(body="weather"))
    chat.page.click("#exit")
    chat.page.wait_for_url("**/weather")
    chat.page.go_back()
    assert "automated helper" not in chat.page.content()
    assert chat.page.locator(".message").count() == 0
