"""From fragments to one answer, whatever happens meanwhile: nothing lost, nothing said twice."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
import sqlalchemy as sa

from breakwater.assistant.client import NoAnswer
from breakwater.cases import records
from breakwater.conversations import inbox, transcript
from breakwater.conversations.inbox import Inbound
from breakwater.conversations.turns import Pace
from breakwater.privacy.keyring import Erased
from breakwater.storage.tables import cases, conversations, messages
from breakwater.support.turn import TurnAnswer, TurnRequest
from breakwater.understanding.facts import CaseFacts
from tests.conversations.conftest import NEVER_BY_ITSELF, House, until

CHILD: dict[str, Any] = {"threat_type": "financial", "age": 15, "minor": "yes"}


async def turn_states(house: House, conversation: str) -> list[str]:
    return [m.turn for m in await house.transcript(conversation) if m.sender == "person"]


# --- joining ---------------------------------------------------------------------------------------------


async def test_fragments_are_joined_into_one_turn(house: House) -> None:
    house.pace = Pace(quiet=0.3, longest=3)
    chat = await house.opened()
    for text in ("someone", "has my pics", "and wants money"):
        await house.says(chat, text)
    await house.settled(chat)
    assert house.assistant.texts == [("reply", "someone\nhas my pics\nand wants money")]
    assert await house.replies(chat) == ["heard: someone\nhas my pics\nand wants money"]


async def test_the_window_closes_though_fragments_go_on(house: House) -> None:
    house.pace = Pace(quiet=0.5, longest=0.6)
    chat = await house.opened()
    started = time.monotonic()
    while not house.assistant.heard:
        await house.says(chat, "and")
        await asyncio.sleep(0.05)
        assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("text", "about"),
    [("Yes", {"payload": "answer:paid=yes"}), ("", {"media": "image"}), ("i want to die", {}),
     ("hes outside my house right now", {})],
)  # fmt: skip
async def test_what_cannot_wait_is_asked_at_once(house: House, text: str, about: dict[str, Any]) -> None:
    house.pace = NEVER_BY_ITSELF
    chat = await house.opened()
    await house.says(chat, text, **about)
    await house.settled(chat, 3)
    assert len(house.assistant.heard) == 1


async def test_words_that_can_wait_do(house: House) -> None:
    house.pace = NEVER_BY_ITSELF
    chat = await house.opened()
    await house.says(chat, "hello")
    await asyncio.sleep(0.2)
    assert house.assistant.heard == []


async def test_risk_words_end_a_window_that_is_open(house: House) -> None:
    house.pace = NEVER_BY_ITSELF
    chat = await house.opened()
    await house.says(chat, "hello")
    await house.says(chat, "i want to kill myself")
    await house.settled(chat, 3)
    assert house.assistant.texts == [("reply", "hello\ni want to kill myself")]


async def test_the_words_written_with_a_picture_are_read(house: House) -> None:
    chat = await house.opened()
    await house.says(chat, "he says he sends this to my school", media="image")
    await house.settled(chat)
    assert house.assistant.heard[0].payload == "media:image"
    assert house.assistant.heard[0].text == "he says he sends this to my school"


async def test_what_is_sent_twice_is_answered_once(house: House) -> None:
    chat = await house.opened()
    await house.asked(chat, "hello", id="same")
    again = await house.says(chat, "hello", id="same")
    await asyncio.sleep(0.1)
    assert not again.new
    assert len(await house.replies(chat)) == 1


async def test_written_while_a_turn_runs_is_answered_by_the_next(house: House) -> None:
    chat = await house.opened()

    async def two_more() -> None:
        await house.says(chat, "are you there")
        await house.says(chat, "hello??")

    house.assistant.meanwhile = two_more
    await house.asked(chat, "hi")
    await house.settled(chat)
    assert house.assistant.texts == [("reply", "hi"), ("reply", "are you there\nhello??")]
    assert len(await house.replies(chat)) == 2


@pytest.mark.parametrize("words_first", [True, False])
async def test_a_button_and_words_in_one_window_are_both_read(house: House, words_first: bool) -> None:
    """A tap is no text and text is no tap: what was not answered last is listened to first."""
    chat = await house.opened()
    tap, words = ("Yes", {"payload": "answer:paid=yes"}), ("he wants more", {})

    async def both() -> None:
        for text, about in (words, tap) if words_first else (tap, words):
            await house.says(chat, text, **about)

    house.assistant.meanwhile = both
    await house.asked(chat, "hi")
    await house.settled(chat)
    read = [(r.mode, r.text, r.payload) for r in house.assistant.heard[1:]]
    expected = [("he wants more", None), ("Yes", "answer:paid=yes")]
    expected = expected if words_first else expected[::-1]
    assert read == [("listen", *expected[0]), ("reply", *expected[1])]
    assert len(await house.replies(chat)) == 2
    assert set(await turn_states(house, chat)) == {"answered"}


async def test_a_chat_that_rests_keeps_nothing_in_memory(house: House) -> None:
    for _ in range(3):
        await house.asked(await house.opened(), "hello")

    async def idle() -> bool:
        return not house.turns._workers

    await until(idle)


# --- without an answer -------------------------------------------------------------------------------------


async def test_without_an_answer_help_goes_out_and_the_words_are_read_later_in_order(house: House) -> None:
    chat = await house.opened()
    house.assistant.away = True
    (first,) = await house.asked(chat, "he wants 300")
    (second,) = await house.asked(chat, "im so scared")
    assert "999" in first and "999" in second and first != second
    assert await turn_states(house, chat) == ["unread", "unread"]

    house.assistant.away, house.assistant.heard = False, []
    await house.asked(chat, "hello?")
    assert house.assistant.texts == [("listen", "he wants 300"), ("listen", "im so scared"), ("reply", "hello?")]
    assert await turn_states(house, chat) == ["answered"] * 3
    await house.asked(chat, "ok")
    assert len(house.assistant.heard) == 4, "what was read is not read again"


async def test_what_the_model_hears_later_raises_the_tier_and_reaches_the_reply(house: House) -> None:
    chat = await house.opened()
    house.assistant.away = True
    await house.asked(chat, "he wants 300")
    house.assistant.away, house.assistant.heard = False, []
    house.assistant.understands = lambda r: CHILD if "300" in r.text else {}
    await house.asked(chat, "hello?")
    assert house.assistant.heard[-1].facts.threat_type == "financial"
    case = await house.case(chat)
    assert (case.rank, case.state) == (7, "waiting")


async def test_understood_but_not_answered_is_stored_and_not_read_again(house: House) -> None:
    chat = await house.opened()

    async def silent(request: TurnRequest) -> TurnAnswer:
        house.assistant.heard.append(request)
        heard = TurnAnswer((), CaseFacts(**CHILD), request.memory)
        raise NoAnswer("no replies", heard)

    original, house.assistant.turn = house.assistant.turn, silent  # type: ignore[method-assign]
    (said,) = await house.asked(chat, "he wants 300")
    assert "999" in said
    case = await house.case(chat)
    assert (case.facts.threat_type, case.state) == ("financial", "waiting")
    house.assistant.turn, house.assistant.heard = original, []  # type: ignore[method-assign]
    await house.asked(chat, "hello?")
    assert house.assistant.texts == [("reply", "hello?")]


async def test_a_turn_that_broke_is_tried_again(house: House) -> None:
    chat = await house.opened()

    async def breaks() -> None:
        raise RuntimeError("a fault of ours")

    house.assistant.meanwhile = breaks
    assert await house.asked(chat, "hello") == ["heard: hello"]
    assert len(house.assistant.heard) == 2


async def test_in_danger_the_queue_has_it_before_and_without_the_assistant(house: House) -> None:
    house.assistant.away = True
    chat = await house.opened()
    received = await house.says(chat, "i want to kill myself tonight")
    assert (received.case.state, received.case.tier) == ("waiting", "immediate")
    await house.settled(chat)


# --- meanwhile ---------------------------------------------------------------------------------------------


async def test_taken_while_the_answer_is_made_gets_the_facts_and_no_reply(house: House) -> None:
    chat, sam = await house.opened(), await house.person()
    house.assistant.understands = lambda _: CHILD
    house.assistant.requests = ("hide",)
    house.assistant.meanwhile = lambda: house.taken_by(chat, sam)
    told = f"{sam.name}, a counsellor, is here and can help you. Would you like that? You can say no."
    assert await house.asked(chat, "he wants 300") == [told]
    case = await house.case(chat)
    assert (case.state, case.counsellor_id) == ("taken", sam.id)
    assert (case.facts.age, case.rank) == (15, 7)
    assert await turn_states(house, chat) == ["answered"]


async def test_what_a_fragment_raised_meanwhile_survives_the_commit(house: House) -> None:
    chat = await house.opened()
    house.assistant.understands = lambda r: {"platform": ("instagram",)} if "hi" in r.text else {}
    house.assistant.meanwhile = lambda: house.says(chat, "im 12 and i want to die")
    await house.asked(chat, "hi")
    case = await house.case(chat)
    assert case.facts.platform == ("instagram",)
    assert case.facts.suicide_or_self_harm
    assert (case.facts.age, case.state) == (12, "waiting")
    await house.settled(chat)
    assert (await house.case(chat)).rank == min(case.rank, 1)


async def test_a_fragment_nobody_could_read_stays_unreadable(house: House) -> None:
    chat = await house.opened()
    house.assistant.understands = lambda r: {"unreadable": True} if "помогите" in r.text else {"unreadable": False}
    await house.asked(chat, "помогите мне пожалуйста")
    assert (await house.case(chat)).facts.unreadable
    assert (await house.case(chat)).rank == 8
    await house.asked(chat, "sorry, in english now")
    assert not (await house.case(chat)).facts.unreadable


async def test_what_a_counsellor_corrects_meanwhile_stands(house: House) -> None:
    chat, sam = await house.opened(), await house.person()
    await house.knows(
        chat, age=16, minor="yes", paid="yes", risk=("self_harm",), words={"age": "im 16", "paid": "i paid"}
    )
    case_id = await house.taken_by(chat, sam)

    async def correct() -> None:
        for fact, value in (("age", 61), ("paid", "no"), ("risk", [])):
            await house.counselling.correct(case_id, sam, fact, value)

    house.assistant.meanwhile = correct
    house.assistant.understands = lambda _: {
        "payment": ("gift_card",), "risk": ("self_harm", "runaway"),
        "words": {"age": "im 16", "paid": "i paid", "payment": "steam"},
    }  # fmt: skip
    await house.asked(chat, "with steam cards")
    facts = (await house.case(chat)).facts
    assert (facts.age, facts.minor, facts.paid) == (61, "no", "no")
    assert facts.risk == ("runaway",), "what was heard is added, what was taken back is not"
    assert (facts.words["age"], facts.words["payment"]) == (f"corrected by {sam.name}", "steam")


async def test_handed_back_while_the_assistant_listened_the_words_are_answered(house: House) -> None:
    """Somebody must always be answering: the counsellor left before reading them."""
    chat, sam = await house.opened(), await house.person()
    case_id = await house.taken_by(chat, sam)
    house.assistant.meanwhile = lambda: house.counselling.hand_back(case_id, sam)
    await house.says(chat, "can i ask something")
    await house.settled(chat)
    assert house.assistant.texts == [("listen", "can i ask something"), ("reply", "can i ask something")]
    assert await house.replies(chat) == ["heard: can i ask something"]


async def test_erased_by_another_process_the_turn_ends(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """This process has the key still in memory; it must not try for ever."""
    chat = await house.opened()

    async def erase_elsewhere() -> None:
        other = House(house.store, type(house.keyring)(house.store, house.keyring._master), house.voice)
        await other.erasure.erase(chat)

    house.assistant.meanwhile = erase_elsewhere
    await house.says(chat, "hello")

    async def idle() -> bool:
        return bool(house.assistant.heard) and not house.turns._workers

    await until(idle)
    assert "a turn failed" not in caplog.text


async def test_a_message_and_a_commit_never_wait_for_each_other(house: House) -> None:
    """Both lock the case and then the conversation; in two orders PostgreSQL would have to break one off."""
    if house.store.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time")
    chat = await house.opened()
    key, store, tried = house.keyring.of(chat), house.store, []
    locked, go_on = threading.Event(), threading.Event()

    def commit(connection: Any) -> None:
        records.load(connection, key, chat)
        locked.set()
        go_on.wait(5)
        transcript.append(connection, key, chat, transcript.ASSISTANT, {"text": "answer"}, house.now)

    def receive(connection: Any) -> None:
        tried.append(1)
        inbox.receive(connection, key, chat, Inbound("x", "hi"), house.voice.quick_read, house.now)

    committing = asyncio.create_task(store.write(commit))
    await asyncio.to_thread(locked.wait, 5)
    receiving = asyncio.create_task(store.write(receive))
    await asyncio.sleep(0.3)
    go_on.set()
    started = time.monotonic()
    await asyncio.gather(committing, receiving)
    assert (len(tried), time.monotonic() - started < 0.9) == (1, True)


# --- memory, requests, states --------------------------------------------------------------------------------


async def test_the_memory_counts_what_was_said(house: House) -> None:
    chat = await house.opened()
    for text in ("one", "two"):
        await house.asked(chat, text)
    memory = (await house.case(chat)).memory
    assert (memory.turns, memory.given, memory.asked) == (2, {"calm": 2}, {"what_happened": 1, "age": 2})
    assert memory.said == ("utter_greeting", "utter_echo", "utter_echo")
    assert memory.question == "age"
    assert house.assistant.heard[-1].memory.turns == 1


async def test_the_safety_reply_is_remembered_too(house: House) -> None:
    house.assistant.away = True
    chat = await house.opened()
    await house.asked(chat, "hello")
    assert (await house.case(chat)).memory.said[-1] == "utter_safety_reply"


async def test_asked_for_a_person_the_case_waits(house: House) -> None:
    chat = await house.opened()
    house.assistant.requests = ("handover",)
    await house.asked(chat, "can i talk to someone")
    case = await house.case(chat)
    assert (case.state, case.waiting_since) == ("waiting", house.now)


async def test_hidden_after_the_reply_and_awake_with_the_next_message(house: House) -> None:
    chat = await house.opened()
    house.assistant.requests = ("hide",)
    assert await house.asked(chat, "someone is coming") == ["heard: someone is coming"]
    assert (await house.case(chat)).state == "hidden"
    assert await house.asked(chat, "back") == ["heard: back"]
    assert (await house.case(chat)).state == "bot"


@pytest.mark.parametrize("state", ["sleeping", "closed", "unreachable", "hidden"])
async def test_a_message_wakes_a_case_and_in_danger_it_waits_at_once(house: House, state: str) -> None:
    for text, after in (("hello again", "bot"), ("i want to die", "waiting")):
        chat = await house.opened()
        await house.knows(chat, state)
        assert await house.asked(chat, text) == [f"heard: {text}"]
        assert (await house.case(chat)).state == after


async def test_asked_to_erase_nothing_is_left(house: House) -> None:
    chat = await house.opened()
    house.assistant.requests = ("erase",)
    await house.says(chat, "delete everything")

    async def gone() -> bool:
        rows = sa.select(sa.func.count()).select_from(conversations).where(conversations.c.id == chat)
        return bool(await house.store.read(lambda c: c.scalar(rows) == 0))

    await until(gone)
    with pytest.raises(Erased):
        await house.says(chat, "hello?")


async def test_asked_to_erase_in_danger_it_is_answered_and_goes_in_its_time(house: House) -> None:
    chat = await house.opened()
    house.assistant.requests = ("erase_later",)
    assert await house.asked(chat, "i took them. delete everything") == ["heard: i took them. delete everything"]
    when = sa.select(conversations.c.erase_at).where(conversations.c.id == chat)
    assert await house.store.read(lambda c: c.scalar(when)) == house.now.replace(tzinfo=None, day=22)


async def test_in_a_counsellors_chat_the_assistant_listens_and_raises_the_tier(house: House) -> None:
    chat, sam = await house.opened(), await house.person()
    await house.taken_by(chat, sam)
    house.assistant.understands = lambda _: CHILD
    assert await house.asked(chat, "he wants 300") == []
    case = await house.case(chat)
    assert (case.state, case.rank, case.facts.age) == ("taken", 7, 15)
    assert house.assistant.heard[-1].mode == "listen"


@pytest.mark.parametrize(("said", "state"), [("no", "declined"), ("no thanks", "declined"), ("ok", "taken")])
async def test_a_typed_no_to_the_counsellor_who_asks_is_heard(house: House, said: str, state: str) -> None:
    chat, sam = await house.opened(), await house.person()
    case_id = await house.taken_by(chat, sam)
    await house.asked(chat, said)
    assert (await house.case(chat)).state == state
    if state == "taken":  # once the counsellor has written, a no answers the counsellor
        await house.counselling.say(case_id, sam, "is anyone with you?", "id")
        await house.asked(chat, "no")
        assert (await house.case(chat)).state == "taken"


async def test_what_the_assistant_missed_while_a_counsellor_had_the_case_it_reads_later(house: House) -> None:
    chat, sam = await house.opened(), await house.person()
    case_id = await house.taken_by(chat, sam)
    house.assistant.away = True
    assert await house.asked(chat, "he wants 300") == []
    assert await turn_states(house, chat) == ["unread"]
    house.assistant.away, house.assistant.heard = False, []
    await house.counselling.hand_back(case_id, sam)
    await house.asked(chat, "ok")
    assert house.assistant.texts == [("listen", "he wants 300"), ("reply", "ok")]


async def test_how_long_somebody_was_away_is_told(house: House) -> None:
    chat = await house.opened()
    away = []
    house.place = lambda case, seconds=None: (away.append(seconds), House.place(house, case, seconds))[1]  # type: ignore[method-assign]
    await house.asked(chat, "hello")
    house.later(7200)
    await house.asked(chat, "im back")
    assert away[0] is None
    assert [seconds for seconds in away if seconds] == [pytest.approx(7200, abs=1)]


# --- after a crash -------------------------------------------------------------------------------------------


async def crashed(house: House) -> str:
    """Two messages were stored and the gateway went before answering."""
    chat = await house.opened()
    key = house.keyring.of(chat)
    for text in ("he wants 300", "hello?"):
        await house.store.write(inbox.receive, key, chat, Inbound(text, text), house.voice.quick_read, house.now)
    return chat


async def test_after_a_crash_what_waits_is_answered_exactly_once(house: House) -> None:
    chat = await crashed(house)
    again = house.started()
    for _ in range(3):
        again.resume(chat)
    await house.settled(chat)
    await asyncio.sleep(0.1)
    assert await house.replies(chat) == ["heard: he wants 300\nhello?"]


async def test_two_gateways_that_start_together_answer_it_once(house: House) -> None:
    chat = await crashed(house)
    slow = asyncio.Event()

    async def wait() -> None:
        await slow.wait()

    house.assistant.meanwhile = wait
    house.started().resume(chat)

    async def asked() -> bool:
        return bool(house.assistant.heard)

    await until(asked)
    house.started().resume(chat)
    await house.settled(chat)
    slow.set()

    async def idle() -> bool:
        return not any(turns._workers for turns in house.running)

    await until(idle)
    assert len(house.assistant.heard) == 2
    assert await house.replies(chat) == ["heard: he wants 300\nhello?"]
    assert (await house.case(chat)).memory.turns == 1


async def test_nothing_waits_nothing_is_said(house: House) -> None:
    chat = await house.opened()
    await house.asked(chat, "hello")
    house.started().resume(chat)
    await asyncio.sleep(0.2)
    assert len(await house.replies(chat)) == 1


async def test_no_message_is_ever_left_waiting_or_out_of_order(house: House) -> None:
    """Many people at once, each writing while turns run."""

    async def one(number: int) -> None:
        chat = await house.opened()
        for part in range(3):
            await house.says(chat, f"{number}.{part}")
        await house.settled(chat)
        said = await house.transcript(chat)
        assert [m.seq for m in said] == list(range(1, len(said) + 1))
        heard = [r.text for r in house.assistant.heard if r.conversation == chat]
        assert "\n".join(heard).split("\n") == [f"{number}.{part}" for part in range(3)]
        assert len([m for m in said if m.sender == "assistant"]) == 1 + len(heard)

    await asyncio.gather(*(one(n) for n in range(8)))
    waiting = sa.select(sa.func.count()).select_from(messages).where(messages.c.turn == "waiting")
    assert await house.store.read(lambda c: c.scalar(waiting)) == 0
    assert await house.store.read(lambda c: c.scalar(sa.select(sa.func.count()).select_from(cases))) == 8
