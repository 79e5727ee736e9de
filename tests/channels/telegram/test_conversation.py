"""From the first word to a counsellor and back, over HTTP, with the real library, plan and words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from breakwater.app import Gateway
from breakwater.cases.counsellors import Counsellor
from breakwater.conversations.transcript import Message
from breakwater.storage.times import utc_now
from tests.channels.telegram.conftest import SITE, Clock, Served, a_gateway, running
from tests.channels.telegram.driver import Phone
from tests.channels.telegram.planned import Planned
from tests.channels.telegram.stand_in import Json, StandIn


class Helpline(Served):
    """A helpline whose assistant follows the plan."""

    clock: Clock

    async def transcript(self, conversation: str | None = None) -> list[Message]:
        return await self.gateway.chats.since(conversation or self.conversation, 0)

    async def tier(self) -> str:
        return (await self.gateway.chats.case(self.conversation)).tier

    async def wait(self, holds: Callable[[], bool]) -> None:
        end = asyncio.get_running_loop().time() + 8
        while not holds():
            assert asyncio.get_running_loop().time() < end, "it did not come to pass"
            await asyncio.sleep(0.02)


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def helpline(telegram: StandIn, tmp_path: Path, clock: Clock) -> AsyncIterator[Helpline]:
    assistant: Any = Planned()
    async with running(a_gateway(telegram, tmp_path, assistant, clock)) as gateway:
        made = Helpline(gateway, assistant, lambda: None, telegram)  # type: ignore[arg-type,return-value]
        made.clock = clock
        yield made


async def talking(helpline: Helpline, words: str = "someone is blackmailing me for money") -> Phone:
    """Somebody who has told what happened and was answered."""
    phone = helpline.phone()
    await phone.start()
    before = len(await phone.shown())
    await phone.say(words)
    await phone.until(lambda seen: len(seen) > before)
    return phone


async def taken(helpline: Helpline) -> tuple[str, Counsellor]:
    return await helpline.counsellor_takes(helpline.conversation)


async def settled(phone: Phone, more_than: int) -> list[Any]:
    return await phone.until(lambda seen: len(seen) > more_than)


async def test_from_disclosure_to_a_counsellor_and_back(helpline: Helpline) -> None:
    phone = await talking(helpline)
    assert "Telegram keeps its own" in (await phone.shown())[0].text
    await phone.told("not your fault")
    case = await taken(helpline)
    await phone.told("Sam, a counsellor")
    await helpline.counsellor_says(case, "Hello, I read all of it.")
    await phone.told("I read all of it")
    raw = [m["text"] for m in helpline.telegram.of(phone.chat)]
    assert raw[-1] == "Sam: Hello, I read all of it."
    assert not any(text.startswith("Automated helper: ") for text in raw)
    before = len(raw)
    await phone.say("thank you")
    await asyncio.sleep(0.3)
    assert len(helpline.telegram.of(phone.chat)) == before, "the assistant is silent while a counsellor is there"
    await helpline.gateway.counselling.hand_back(case[0], case[1], "all is said")
    await settled(phone, before)
    await phone.say("and now?")
    await settled(phone, before + 1)
    after = [m["text"] for m in helpline.telegram.of(phone.chat)][before:]
    assert after
    assert all(text.startswith("Automated helper: ") for text in after)


async def test_words_of_risk_reach_the_queue_and_the_numbers_can_be_tapped(helpline: Helpline) -> None:
    phone = await talking(helpline, "i want to kill myself tonight")
    (waiting,) = await helpline.gateway.counselling.waiting()
    assert waiting.channel == "telegram"
    seen = [m for m in helpline.telegram.of(phone.chat) if "999" in m["text"]]
    assert f"{SITE}/call/gb" in [b.get("url") for row in seen[-1]["reply_markup"]["inline_keyboard"] for b in row]
    assert seen[-1]["about"].get("protect_content") is not True
    assert seen[-1]["about"]["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in seen[-1]["about"]


async def test_typing_is_shown_while_somebody_writes(helpline: Helpline) -> None:
    phone = await talking(helpline)
    assert helpline.telegram.count("sendChatAction") == 1
    helpline.gateway.telegram.delivery.posting._typing.clear()  # type: ignore[union-attr]
    await taken(helpline)
    await helpline.gateway.counselling.typing(await helpline.gateway.chats.case(helpline.conversation))
    await helpline.wait(lambda: helpline.telegram.count("sendChatAction") == 2)
    assert ("sendChatAction", {"chat_id": phone.chat, "action": "typing"}) in helpline.telegram.calls


# ---- buttons


async def test_a_used_button_goes_and_a_second_tap_counts_for_nothing(helpline: Helpline) -> None:
    phone = await talking(helpline, "i want to die")
    await phone.told("ending your life")
    message, data = phone.button("Yes")
    first = phone.press(message, data)
    phone.press(message, data)
    helpline.telegram.bring(first)  # the same once more
    await phone.told("already done something")
    taps = [m for m in await helpline.transcript() if m.body.get("button")]
    assert [(m.text, m.body["button"]) for m in taps] == [("Yes", "answer:suicide=yes")]
    await helpline.wait(lambda: len(helpline.telegram.answers) == 2)
    assert "earlier" in helpline.telegram.answers[1]["text"]
    shown = helpline.telegram.chats[phone.chat][message["message_id"]]["reply_markup"]["inline_keyboard"]
    assert not [b for row in shown for b in row if "callback_data" in b]
    assert [b["url"] for row in shown for b in row] == [f"{SITE}/call/gb"] if shown else True


async def test_a_button_of_an_earlier_message_is_answered_kindly(helpline: Helpline) -> None:
    phone = await talking(helpline, "i want to die")
    message, data = phone.button("No")
    before = len(await phone.shown())
    await phone.say("i dont know")
    await settled(phone, before)
    phone.press(message, data)
    await helpline.wait(lambda: bool(helpline.telegram.answers))
    assert "earlier" in helpline.telegram.answers[0]["text"]
    assert not [m for m in await helpline.transcript() if m.body.get("button")]


async def test_a_yes_that_tells_of_danger_counts_although_it_crossed_with_another_message(helpline: Helpline) -> None:
    phone = await talking(helpline, "i want to die")
    yes, no = phone.button("Yes"), phone.button("No")
    before = len(await phone.shown())
    await phone.say("wait")
    await settled(phone, before)
    for message, data in (no, yes, yes):
        phone.press(message, data)
    await helpline.wait(lambda: len(helpline.telegram.answers) == 3)
    assert ["earlier" in a.get("text", "") for a in helpline.telegram.answers] == [True, False, True]
    taps = [m.body["button"] for m in await helpline.transcript() if m.body.get("button")]
    assert taps == ["answer:suicide=yes"]


async def test_a_button_ends_after_a_day(helpline: Helpline) -> None:
    phone = await talking(helpline, "i want to die")
    message, data = phone.button("Yes")
    helpline.clock.ahead = timedelta(hours=25)
    phone.press(message, data)
    await helpline.wait(lambda: bool(helpline.telegram.answers))
    assert "earlier" in helpline.telegram.answers[0]["text"]


@pytest.mark.parametrize("data", ["", "answer:paid=no", "do:erase_now", "x:0", "x" * 64, "row:999", "::", "💊"])
async def test_an_invented_button_counts_for_nothing(helpline: Helpline, data: str) -> None:
    phone = await talking(helpline, "i want to die")
    message, real = phone.button("Yes")
    heard = len(helpline.assistant.heard)
    phone.press(message, data.replace("row", real.partition(":")[0]))
    await helpline.wait(lambda: bool(helpline.telegram.answers))
    assert len(helpline.assistant.heard) == heard


async def test_a_button_of_somebody_else_counts_for_nothing(helpline: Helpline) -> None:
    one, other = await talking(helpline, "i want to die"), await talking(helpline, "hi")
    heard = len(helpline.assistant.heard)
    message, data = one.button("Yes")
    other.press({**message, "chat": {"id": other.chat, "type": "private"}}, data)
    await helpline.wait(lambda: bool(helpline.telegram.answers))
    assert len(helpline.assistant.heard) == heard
    assert all(len(data.encode()) <= 64 and "suicide" not in data for _, data in [one.button("Yes")])


# ---- what is not words


KINDS: list[tuple[Json, str]] = [
    ({"photo": [{"file_id": "secretfile"}]}, "can't look at pictures"),
    ({"video": {"file_id": "secretfile"}}, "can't look at pictures"),
    ({"voice": {"file_id": "secretfile"}}, "can't listen"),
    ({"video_note": {"file_id": "secretfile"}}, "can't listen"),
    ({"audio": {"file_id": "secretfile"}}, "can't listen"),
    ({"document": {"file_id": "secretfile", "file_name": "secretname.pdf"}}, "only read words"),
    ({"animation": {"file_id": "secretfile"}, "document": {"file_id": "secretfile"}}, "only read words"),
    ({"location": {"latitude": 51.12345, "longitude": 1.2}}, "didn't keep where you are"),
    ({"contact": {"phone_number": "secretnumber", "first_name": "secretname"}}, "didn't open or keep that contact"),
    ({"poll": {"id": "1", "question": "secretname"}}, "only read words"),
    ({"something_new": {"file_id": "secretfile"}}, "only read words"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "answer"), KINDS, ids=[next(iter(kind)) for kind, _ in KINDS])
async def test_each_kind_has_its_kind_answer_and_nothing_is_kept(
    helpline: Helpline, content: Json, answer: str
) -> None:
    phone = helpline.phone()
    await phone.start()
    phone.send(**content)
    seen = await phone.told(answer)
    if "pictures" in answer:
        assert "choose both sides" in seen[-1].text, "how to take it out of the chat (safeguarding rule 23)"
    stored = str([m.body for m in await helpline.transcript()])
    assert "secret" not in stored
    assert "51.1" not in stored


async def test_a_voice_message_is_urgent_and_after_words_of_risk_more_so(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    await phone.refuse_media("voice")
    await phone.told("can't listen")
    (entry,) = await helpline.gateway.counselling.waiting()
    assert entry.case.rank == 8
    other = await talking(helpline, "i cut myself sometimes")
    await other.refuse_media("voice")
    await settled(other, 2)
    words = [r.words for r in (await helpline.gateway.chats.case(helpline.conversation)).reasons]
    assert "a voice message after words of risk" in words


async def test_a_place_is_kept_only_while_it_may_save_a_life(helpline: Helpline) -> None:
    phone = await talking(helpline, "i took them all an hour ago, i want to die")
    assert await helpline.tier() == "immediate"
    before = len(await phone.shown())
    phone.send(location={"latitude": 51.12345, "longitude": 1.25})
    await settled(phone, before)
    kept = [m.text for m in await helpline.transcript() if m.body.get("kept")]
    assert kept == ["Where they say they are: 51.12345, 1.25000"]
    assert not [r for r in helpline.assistant.heard if "51.1" in r.text], "a counsellor reads it, no machine"
    await phone.told("It brings no help by itself")


async def test_stickers_reactions_and_emoji_are_read_as_emoji(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    phone.send(sticker={"file_id": "f", "emoji": "💊"})
    await settled(phone, 1)
    assert await helpline.tier() == "immediate"
    phone.telegram.update(
        message_reaction={
            "chat": {"id": phone.chat, "type": "private"}, "message_id": 1, "user": {"id": phone.chat}, "date": 1,
            "old_reaction": [], "new_reaction": [{"type": "emoji", "emoji": "👍"}],
        }
    )  # fmt: skip
    await helpline.wait(lambda: helpline.assistant.heard[-1].text == "👍")
    other = helpline.phone()
    await other.start()
    await other.say("😭😭")
    await settled(other, 1)


async def test_ten_pictures_at_once_are_refused_once(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    for _ in range(10):
        phone.send(photo=[{"file_id": "f"}], media_group_id="77")
    await phone.told("can't look at pictures")
    await asyncio.sleep(0.4)
    assert len(await phone.shown()) == 2


async def test_forwarded_words_are_not_the_persons_own(helpline: Helpline) -> None:
    phone = await talking(helpline)
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "x"}
    phone.send(text="im 14 kill yourself or i post it", forward_origin=origin)
    await helpline.wait(lambda: len(helpline.assistant.heard) > 1)
    assert helpline.assistant.heard[-1].text.startswith('They wrote: "im 14')
    await asyncio.sleep(0.3)
    facts = (await helpline.gateway.chats.case(helpline.conversation)).facts
    assert (facts.age, facts.risk, "self_harm" in facts.demand) == (None, (), True)


async def test_a_note_forwarded_by_a_friend_counts(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    phone.send(text="i want to die. goodbye", forward_origin={"type": "hidden_user", "date": 1})
    await settled(phone, 1)
    assert (await helpline.gateway.chats.case(helpline.conversation)).facts.risk


async def test_ones_own_words_forwarded_are_ones_own(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    phone.send(text="im 14", forward_origin={"type": "user", "date": 1, "sender_user": {"id": phone.chat}})
    await settled(phone, 1)
    assert (await helpline.gateway.chats.case(helpline.conversation)).facts.age == 14


async def test_an_edit_is_seen_at_the_desk_and_answered_only_if_there_is_danger_in_it(helpline: Helpline) -> None:
    phone = await talking(helpline)
    number = phone.telegram.number(f"message {phone.chat}")
    before = len(await settled(phone, 2))

    def edit(text: str, when: int) -> Json:
        message = {"message_id": number, "date": 1, "edit_date": when, "text": text,
                   "chat": {"id": phone.chat, "type": "private"}}  # fmt: skip
        return phone.telegram.update(edited_message=message)

    edit("it was on another app", 10)
    edit("it was on another app", 10)
    await helpline.wait(lambda: helpline.assistant.heard[-1].text == "it was on another app")
    assert helpline.assistant.heard[-1].mode == "listen"
    edited = [m for m in await helpline.transcript() if m.body.get("edited")]
    assert [m.text for m in edited] == ["it was on another app"]
    assert len(await phone.shown()) == before
    edit("i want to die", 20)
    await phone.told("ending your life")


# ---- length


async def test_the_longest_message_of_telegram_is_taken_whole(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    words = ("word " * 1000)[:4080] + "i want to die"
    await phone.say(words[:4096])
    await settled(phone, 1)
    stored = "".join(m.text for m in await helpline.transcript() if m.sender == "person")
    assert stored.replace(" ", "") == words[:4096].replace(" ", "")
    assert (await helpline.gateway.chats.case(helpline.conversation)).facts.risk


async def test_a_long_message_of_a_counsellor_arrives_in_parts(helpline: Helpline) -> None:
    phone = await talking(helpline)
    case = await taken(helpline)
    await phone.told("Sam, a counsellor")
    said = " ".join(f"This is sentence {n} of many." for n in range(200))[:4000]
    before = len(helpline.telegram.of(phone.chat))
    await helpline.counsellor_says(case, "😀" * 3000)
    await helpline.counsellor_says(case, said)
    await phone.told(said[-20:])
    parts = [m["text"] for m in helpline.telegram.of(phone.chat)[before:]]
    assert all(len(p.encode("utf-16-le")) // 2 <= 4096 for p in parts)
    assert "".join(parts[:-1]).removeprefix("Sam: ").count("😀") == 3000


# ---- where it happens


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_groups_and_channels_are_left(helpline: Helpline, kind: str) -> None:
    chat = {"id": -100123, "type": kind, "title": "secretname"}
    name = "channel_post" if kind == "channel" else "message"
    helpline.telegram.update(**{name: {"message_id": 1, "date": 1, "chat": chat, "text": "hello"}})
    helpline.telegram.update(my_chat_member={"chat": chat, "new_chat_member": {"status": "member"}, "date": 1})
    await helpline.wait(lambda: helpline.telegram.count("leaveChat") == 2)
    assert helpline.telegram.sent == []
    assert helpline.assistant.heard == []


async def test_blocked_is_marked_at_the_desk_and_a_message_wakes_the_case(helpline: Helpline) -> None:
    phone = await talking(helpline, "i want to die")
    before = len(helpline.telegram.of(phone.chat))
    member = {"chat": {"id": phone.chat, "type": "private"}, "date": 1, "new_chat_member": {"status": "kicked"}}
    helpline.telegram.update(my_chat_member=member)
    end = asyncio.get_running_loop().time() + 8
    while (await helpline.gateway.chats.case(helpline.conversation)).state != "unreachable":
        assert asyncio.get_running_loop().time() < end
        await asyncio.sleep(0.02)
    (entry,) = await helpline.gateway.counselling.waiting()
    assert entry.case.state == "unreachable"
    assert len(helpline.telegram.of(phone.chat)) == before
    await phone.say("im back")
    seen = await settled(phone, before)
    assert "are you safe right now" in seen[before].text, "nothing of before is named"
    assert (await helpline.gateway.chats.case(helpline.conversation)).state == "waiting"


# ---- commands


async def test_start_twice_greets_once(helpline: Helpline) -> None:
    phone = await talking(helpline)
    before = len(await phone.shown())
    await phone.start()
    seen = await settled(phone, before)
    assert sum("automated helper, not a person" in one.text for one in seen) == 1


async def test_human_calls_one(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    await phone.say("/human")
    await settled(phone, 1)
    (entry,) = await helpline.gateway.counselling.waiting()
    assert entry.case.facts.wants_human


async def test_help_names_the_two_words_and_in_danger_calls_a_person(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    await phone.say("/help@stand_in_bot")
    seen = await phone.told("Two words always work")
    assert seen[-1].buttons == ("Talk to a person", "Hide this chat", "Delete my chat")
    assert phone.links()[0].startswith(f"{SITE}/#move=")
    other = await talking(helpline, "i want to die")
    before = len(await other.shown())
    await other.say("/help")
    await settled(other, before)
    assert helpline.assistant.heard[-1].payload == "do:human"


async def test_privacy_says_what_telegram_keeps(helpline: Helpline) -> None:
    phone = helpline.phone()
    await phone.start()
    await phone.say("/privacy")
    seen = await phone.told("Telegram keeps this chat")
    assert "Devices" in seen[-1].text
    assert "never ask for money, passwords" in seen[-1].text
    assert SITE in seen[-1].text


async def test_a_language_is_chosen_by_a_tap_and_kept(helpline: Helpline) -> None:
    phone = await talking(helpline)
    await phone.say("/language")
    seen = await phone.told("Tap yours")
    assert seen[-1].buttons[:3] == ("English", "Nederlands", "Deutsch")
    assert f"{SITE}/call/gb" in phone.links()
    await phone.tap("Español")
    await phone.told("No es tu culpa")
    await phone.say("i dont know what to do now")
    await phone.until(lambda seen: len(seen) > 5 and "En peligro" in seen[-1].text)


@pytest.mark.parametrize("named", ["es", "Spanish", "español"])
async def test_a_language_is_chosen_by_its_name(helpline: Helpline, named: str) -> None:
    phone = helpline.phone()
    await phone.start()
    await phone.say(f"/language {named}")
    await phone.told("No es tu culpa")


async def test_where_only_english_is_answered_it_is_said(telegram: StandIn, tmp_path: Path) -> None:
    assistant: Any = Planned()
    async with running(a_gateway(telegram, tmp_path, assistant, languages="en")):
        phone = Phone(telegram, 640)
        await phone.start()
        for said in ("/language", "/language es"):
            await phone.say(said)
            await phone.told("I only read English well")
        assert {request.payload for request in assistant.heard} == {"ask:help_in_my_language"}


@pytest.mark.parametrize(
    "text", ["/unknown", "/human i want to die", "/language die", "/start_over", "/", "/ hi", "//help"]
)
async def test_other_slash_text_is_words(helpline: Helpline, text: str) -> None:
    phone = helpline.phone()
    await phone.start()
    await phone.say(text)
    await settled(phone, 1)
    assert (helpline.assistant.heard[-1].text, helpline.assistant.heard[-1].payload) == (text, None)


@pytest.mark.parametrize("how", ["/hide", "/stop", "Hide this chat", "hide"])
async def test_hide_clears_the_chat_and_is_silent_until_the_person_writes(helpline: Helpline, how: str) -> None:
    phone = await talking(helpline)
    if how == "Hide this chat":
        await phone.say("/help")
        await phone.told("Two words")
        await phone.tap(how)
    else:
        await phone.say(how)
    seen = await phone.told("Done.")
    assert [m["text"] for m in helpline.telegram.chats[phone.chat].values()] == ["Done."]
    assert (await helpline.gateway.chats.case(helpline.conversation)).state == "hidden"
    await helpline.gateway.store.write(_say_something, helpline.gateway, helpline.conversation)
    helpline.gateway.live.publish(helpline.conversation, kind="message")
    await asyncio.sleep(0.3)
    assert len(await phone.shown()) == len(seen)
    await phone.say("ok im alone now")
    back = await settled(phone, len(seen))
    assert [one.text[:18] for one in back[len(seen) :]] == ["Good to see you. Y"], "who writes now may be another"
    await phone.tap("Go on")
    await settled(phone, len(back))


def _say_something(connection: Any, gateway: Gateway, conversation: str) -> None:
    from breakwater.conversations import transcript

    key = gateway.keyring.of(conversation)
    transcript.append(connection, key, conversation, "assistant", {"text": "a reply that was under way"}, utc_now())


@pytest.mark.parametrize("how", ["/hide", "hide"])
async def test_hide_works_while_a_counsellor_is_there(helpline: Helpline, how: str) -> None:
    phone = await talking(helpline)
    await taken(helpline)
    await phone.told("Sam, a counsellor")
    await phone.say(how)
    await phone.told("Done.")
    assert (await helpline.gateway.chats.case(helpline.conversation)).state == "hidden"


async def test_delete_takes_our_copy_and_the_chat_of_two_days_and_says_what_telegram_keeps(
    helpline: Helpline,
) -> None:
    phone = await talking(helpline)
    conversation = helpline.conversation
    await settled(phone, 2)
    await asyncio.sleep(0.3)  # until it is noted what stands in the chat
    older = list(helpline.telegram.chats[phone.chat])
    helpline.clock.ahead = timedelta(hours=49)
    await phone.say("/delete")
    await phone.told("Shall I delete it?")
    await phone.tap("Delete now")
    seen = await phone.told("Deleted.")
    assert "Telegram keeps its own copy" in seen[-1].text
    left = helpline.telegram.chats[phone.chat]
    assert list(left)[:-1] == older, "what is older than 48 hours Telegram does not let us delete"
    assert await helpline.gateway.chats.find("telegram", "x") is None
    with pytest.raises(Exception, match=conversation):
        await helpline.transcript(conversation)
    await phone.start()


async def test_delete_while_a_counsellor_is_there(helpline: Helpline) -> None:
    phone = await talking(helpline)
    await taken(helpline)
    await phone.told("Sam, a counsellor")
    await phone.say("/delete")
    await phone.told("Shall I delete it?")
    await phone.tap("Delete now")
    await phone.told("Deleted.")


async def test_delete_in_danger_while_a_counsellor_is_there_is_answered_too(helpline: Helpline) -> None:
    phone = await talking(helpline, "i took them all, i want to die")
    await taken(helpline)
    await phone.told("Sam, a counsellor")
    await phone.say("/delete")
    await phone.told("Shall I delete it?")
    await phone.tap("Delete now")
    (told,) = [one for one in await phone.told("That takes") if "That takes" in one.text]
    assert "24 hours at most" in told.text
    assert "999" in told.text
    assert (await helpline.gateway.chats.case(helpline.conversation)).state == "taken"
    helpline.clock.ahead = timedelta(hours=25)
    await helpline.gateway.erasure.erase_due()
    await helpline.wait(lambda: not helpline.telegram.chats[phone.chat])


async def test_delete_in_danger_waits_for_a_person_and_then_clears_the_chat(helpline: Helpline) -> None:
    phone = await talking(helpline, "i took them all, i want to die")
    await phone.say("/delete")
    await phone.told("Shall I delete it?")
    await phone.tap("Delete now")
    await phone.told("Your life comes first")
    assert len(helpline.telegram.chats[phone.chat]) > 3
    helpline.clock.ahead = timedelta(hours=25)
    await helpline.gateway.erasure.erase_due()
    await helpline.wait(lambda: not helpline.telegram.chats[phone.chat])
    assert "Deleted" not in str(helpline.telegram.sent), "nobody is written to out of the blue"


# ---- late


async def test_what_comes_late_is_neutral_silent_and_once_a_day(helpline: Helpline) -> None:
    phone = await talking(helpline)
    await phone.told("Have you paid anything")  # the second message of the answer
    before = len(await phone.shown())
    helpline.clock.ahead = timedelta(minutes=11)
    for _ in range(2):
        await helpline.gateway.store.write(_say_something, helpline.gateway, helpline.conversation)
        helpline.gateway.live.publish(helpline.conversation, kind="message")
        await settled(phone, before)
        await asyncio.sleep(0.2)
    late = helpline.telegram.of(phone.chat)[before:]
    assert [m["text"] for m in late] == ["This chat stays open. You can write any time, day or night."]
    assert late[0]["about"]["disable_notification"] is True
    assert helpline.telegram.of(phone.chat)[0]["about"].get("disable_notification") is not True


async def test_a_counsellors_own_words_may_come_at_any_time(helpline: Helpline) -> None:
    phone = await talking(helpline)
    helpline.clock.ahead = timedelta(minutes=30)
    helpline.gateway.presence.here("x", "page", helpline.clock())
    case = await taken(helpline)
    await helpline.counsellor_says(case, "I am here now.")
    await phone.told("I am here now.")
    assert helpline.telegram.of(phone.chat)[-1]["about"].get("disable_notification") is not True
