"""What every channel keeps (docs/channels.md), as tests that any channel can be put through.

A channel's own test file makes a `House` with a gateway, the stand-in assistant and a way to make people at
its door, gives it as the fixture `house`, and inherits the tests:

    class TestWebSocket(ChannelContract):
        pass
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from breakwater.app import Gateway
from breakwater.cases.counsellors import Counsellor, by_login
from breakwater.conversations.turns import Pace
from breakwater.settings import Settings
from breakwater.support.turn import TurnAnswer, TurnRequest
from tests.chats import counsellor
from tests.stack import free_port


@dataclass(frozen=True)
class Shown:
    """One thing that the person was shown by us. `sender`: assistant, counsellor or notice; `refusal` for a kind
    word of the channel itself about something that was not taken. `buttons`: titles."""

    sender: str
    text: str
    buttons: tuple[str, ...] = ()


class Driver(Protocol):
    """A person at one door, who does only what a person there can do."""

    async def start(self) -> None:
        """Open the chat; returns when the greeting was shown. After an erased chat: open a new one."""

    async def say(self, text: str) -> None:
        """Write and send. Returns when the channel has taken it, or has said that it does not."""

    async def tap(self, title: str) -> None:
        """Tap the newest button with this title."""

    async def refuse_media(self, kind: str, caption: str = "") -> None:
        """Try to send a file of this kind: `image`, `video`, `voice` or `document`."""

    async def again(self, text: str) -> None:
        """Send one and the same message twice, as a bad line does: the same id, not the same words by chance."""

    async def shown(self) -> list[Shown]:
        """Everything this person was ever shown by us, in the order it appeared, whatever they did since."""

    async def leave(self) -> None:
        """Go away: nothing can be shown to them now. (A tab closed, a phone without network.)"""

    async def come_back(self) -> None:
        """The same person at the same place again; what arrived while away is on its way to them."""


class Echo:
    """Stands in for the assistant: says what it heard, with a button, so that a test sees what would reach Rasa."""

    def __init__(self) -> None:
        self.heard: list[TurnRequest] = []

    async def turn(self, request: TurnRequest) -> TurnAnswer:
        self.heard.append(request)
        buttons = [{"title": "Yes", "payload": "answer:paid=yes"}]
        reply = {"response": "utter_echo", "text": f"heard: {request.text}", "buttons": buttons, "tags": []}
        replies = (reply,) if request.mode == "reply" else ()
        return TurnAnswer(replies, request.facts, request.memory)


@dataclass
class House:
    """One helpline for one test. `person` makes somebody new at the door that is tested."""

    gateway: Gateway
    assistant: Echo
    person: Callable[[], Driver]

    @property
    def conversation(self) -> str:
        """The conversation that the assistant heard last."""
        return self.assistant.heard[-1].conversation

    async def counsellor_takes(self, conversation: str) -> tuple[str, Counsellor]:
        """Somebody at the desk takes the case; its id, and who."""
        known = await self.gateway.store.read(by_login, "sam")
        sam = known or await self.gateway.store.write(counsellor, "sam")
        case = await self.gateway.chats.case(conversation)
        self.gateway.presence.here(sam.id, "page", self.gateway.clock())
        await self.gateway.counselling.take(case.id, sam)
        return case.id, sam

    async def counsellor_says(self, taken: tuple[str, Counsellor], text: str) -> None:
        case_id, who = taken
        await self.gateway.counselling.say(case_id, who, text, f"desk-{text}")


def a_gateway(state: Path, assistant: Echo, **settings: Any) -> Gateway:
    """A gateway on a free port with its state in a folder of the test; not started."""
    return Gateway(
        Settings(**{"port": free_port(), "state_dir": state, **settings}), assistant, pace=Pace(quiet=0.2, longest=0.6)
    )


async def until(person: Driver, holds: Callable[[list[Shown]], bool], seconds: float = 8.0) -> list[Shown]:
    """What the person was shown, as soon as it `holds`. AssertionError when it does not come to pass."""
    end = asyncio.get_running_loop().time() + seconds
    while not holds(seen := await person.shown()):
        assert asyncio.get_running_loop().time() < end, f"not shown within {seconds} s; shown were {seen[-5:]}"
        await asyncio.sleep(0.05)
    return seen


def telling(words: str) -> Callable[[list[Shown]], bool]:
    return lambda seen: any(words in one.text for one in seen)


def times(seen: list[Shown], words: str) -> int:
    return sum(words in one.text for one in seen)


class ChannelContract:
    """Inherited by each channel's tests."""

    async def test_greets_once_before_the_first_word(self, house: House) -> None:
        person = house.person()
        await person.start()
        seen = await person.shown()
        assert [one.sender for one in seen] == ["assistant"]
        assert "automated helper" in seen[0].text
        assert house.assistant.heard == []

    async def test_answers(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("hello")
        seen = await until(person, telling("heard: hello"))
        assert seen[-1].sender == "assistant"
        assert seen[-1].buttons == ("Yes",)

    async def test_fragments_become_one_turn_in_order(self, house: House) -> None:
        person = house.person()
        await person.start()
        for text in ("someone", "is", "blackmailing me"):
            await person.say(text)
        await until(person, telling("blackmailing me"))
        assert "\n".join(request.text for request in house.assistant.heard) == "someone\nis\nblackmailing me"

    async def test_one_message_sent_twice_counts_once(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.again("only once")
        await until(person, telling("heard: only once"))
        await person.say("and now this")
        seen = await until(person, telling("and now this"))
        assert times(seen, "heard: only once") == 1
        assert "\n".join(request.text for request in house.assistant.heard).count("only once") == 1

    async def test_the_same_words_twice_count_twice(self, house: House) -> None:
        person = house.person()
        await person.start()
        for _ in range(2):
            await person.say("hello?")
        await until(person, telling("heard: "))
        await until(person, lambda _: "".join(r.text for r in house.assistant.heard).count("hello?") == 2)

    async def test_a_tapped_button_is_an_answer(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("hello")
        await until(person, telling("heard: hello"))
        await person.tap("Yes")
        await until(person, telling("heard: Yes"))
        assert house.assistant.heard[-1].payload == "answer:paid=yes"

    async def test_a_file_is_refused_and_its_caption_is_words(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.refuse_media("image", "he sent me this")
        await until(person, lambda _: len(house.assistant.heard) > 0)
        assert house.assistant.heard[-1].payload == "media:image"
        assert house.assistant.heard[-1].text == "he sent me this"

    async def test_words_are_never_markup_or_commands(self, house: House) -> None:
        person = house.person()
        await person.start()
        for text in ("<b>bold</b> *stars* _lines_ [a](https://x.example)", "&lt;script&gt; <script>alert(1)</script>"):
            await person.say(text)
            seen = await until(person, telling(f"heard: {text}"))
            assert seen[-1].text == f"heard: {text}"

    async def test_control_characters_are_dropped_and_the_words_kept(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("bell\x07 still\x1b here \u202eevil")
        await until(person, telling("heard: "))
        assert house.assistant.heard[-1].text == "bell still here \u202eevil"

    async def test_too_long_is_said_kindly_and_the_chat_goes_on(self, house: House) -> None:
        person = house.person()
        await person.start()
        before = len(await person.shown())
        await person.say("a " * (house.gateway.settings.max_message_characters // 2 + 40))
        await until(person, lambda seen: len(seen) > before)
        await person.say("still here")
        await until(person, telling("still here"))

    async def test_a_counsellor_arrives_live_and_by_name(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("hello")
        await until(person, telling("heard: hello"))
        taken = await house.counsellor_takes(house.conversation)
        await until(person, telling("Sam, a counsellor"))
        await house.counsellor_says(taken, "I am with you.")
        seen = await until(person, telling("I am with you."))
        assert seen[-1].sender == "counsellor"

    async def test_what_came_while_away_is_shown_once_and_in_order(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("hello")
        await until(person, telling("heard: hello"))
        taken = await house.counsellor_takes(house.conversation)
        await until(person, telling("Sam, a counsellor"))
        await person.leave()
        for number in range(3):
            await house.counsellor_says(taken, f"line {number}")
        await person.come_back()
        await until(person, telling("line 2"))
        await house.counsellor_says(taken, "the last")
        seen = await until(person, telling("the last"))
        lines = [one.text for one in seen if "line " in one.text]
        assert [text[-6:] for text in lines] == ["line 0", "line 1", "line 2"]
        assert times(seen, "automated helper, not a person") == 1, "nobody is greeted again in the same conversation"
        assert times(seen, "heard: hello") == 1

    async def test_who_comes_back_is_in_the_same_conversation(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("first")
        await until(person, telling("heard: first"))
        await person.leave()
        await person.come_back()
        await person.say("second")
        await until(person, telling("heard: second"))
        assert len({request.conversation for request in house.assistant.heard}) == 1

    async def test_two_people_never_mix(self, house: House) -> None:
        one, other = house.person(), house.person()
        await one.start()
        await other.start()
        await one.say("mine alone")
        await other.say("something else")
        await until(one, telling("heard: mine alone"))
        await until(other, telling("heard: something else"))
        assert times(await one.shown(), "something else") == 0
        assert times(await other.shown(), "mine alone") == 0

    async def test_an_erased_chat_is_gone_and_a_new_one_can_begin(self, house: House) -> None:
        person = house.person()
        await person.start()
        await person.say("hello")
        await until(person, telling("heard: hello"))
        erased = house.conversation
        await house.gateway.erasure.erase(erased)
        await person.start()
        seen = await until(person, lambda seen: times(seen, "automated helper, not a person") == 2)
        await person.say("again")
        await until(person, telling("heard: again"))
        assert house.conversation != erased
        assert times(seen, "heard: hello") == 1
