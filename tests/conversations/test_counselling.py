"""What a counsellor does in a case, and what the person reads of it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from breakwater.cases.counsellors import Counsellor
from breakwater.conversations.counselling import NotYours, ReasonNeeded
from breakwater.storage.tables import audit, case_events
from tests.conversations.conftest import House

RISK: dict[str, Any] = {"risk": ("suicide_passive",)}
ASKS = "Sam, a counsellor, is here and can help you. Would you like that? You can say no."
SOON: dict[str, Any] = {"threat_type": "financial", "minor": "no", "age": 30}


async def mine(house: House, who: Counsellor, **facts: Any) -> tuple[str, str]:
    """A conversation and its case, taken by this counsellor."""
    chat = await house.opened()
    await house.knows(chat, **facts)
    return chat, await house.taken_by(chat, who)


async def notices(house: House, chat: str) -> list[str]:
    return [m.text for m in await house.transcript(chat) if m.sender == "notice"]


async def test_taken_the_person_is_told_by_whom_and_the_second_is_too_late(house: House) -> None:
    sam, kim = await house.person("sam"), await house.person("kim")
    chat, case_id = await mine(house, sam)
    assert not await house.counselling.take(case_id, kim)
    assert await notices(house, chat) == [ASKS]
    assert (await house.case(chat)).counsellor_id == sam.id


async def test_an_answer_to_a_counsellor_answers_nothing_that_the_assistant_asked(house: House) -> None:
    """ "ok" after "something near you that you might use?" would be an alarm, and "no" would close the question."""
    sam, chat = await house.person(), await house.opened()
    await house.asked(chat, "hello")
    await house.knows(chat, wants_human=True)
    assert (await house.case(chat)).memory.question == "age"
    case_id = await house.taken_by(chat, sam)
    assert (await house.case(chat)).memory.question is None
    other = await house.opened()
    case_id = await house.taken_by(other, sam)
    assert (await house.case(other)).memory.question == "want_human"
    await house.counselling.say(case_id, sam, "i'm sam", "id")
    assert (await house.case(other)).memory.question is None


async def test_lost_the_pages_are_not_woken(house: House) -> None:
    sam, kim = await house.person("sam"), await house.person("kim")
    chat, case_id = await mine(house, sam)
    with house.live.listen(chat) as events:
        await house.counselling.take(case_id, kim)
    assert events.empty()


async def test_the_next_is_taken_and_announced(house: House) -> None:
    sam, chat = await house.person(), await house.opened()
    assert await house.counselling.take_next(sam) is None
    waiting = await house.knows(chat, "waiting", **RISK)
    assert await house.counselling.take_next(sam) == waiting.id
    assert await notices(house, chat) == [ASKS]


async def test_words_sent_twice_arrive_once(house: House) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam)
    first = await house.counselling.say(case_id, sam, "hello, i'm sam", "id1")
    again = await house.counselling.say(case_id, sam, "hello, i'm sam", "id1")
    assert first.seq == again.seq
    said = [m for m in await house.transcript(chat) if m.sender == "counsellor"]
    assert [(m.text, m.body["name"]) for m in said] == [("hello, i'm sam", "Sam")]


@pytest.mark.parametrize("what", ["say", "hand_back", "close", "correct"])
async def test_in_somebody_elses_case_nothing_can_be_done(house: House, what: str) -> None:
    sam, kim = await house.person("sam"), await house.person("kim")
    chat, case_id = await mine(house, sam)
    before = await house.transcript(chat)
    arguments = {"say": ("words", "id"), "correct": ("age", 15), "hand_back": ("why",), "close": ("why",)}
    with pytest.raises(NotYours):
        await getattr(house.counselling, what)(case_id, kim, *arguments[what])
    await house.counselling.hand_back(case_id, sam)
    with pytest.raises(NotYours):
        await getattr(house.counselling, what)(case_id, sam, *arguments[what])
    assert len(await house.transcript(chat)) == len(before) + 1


@pytest.mark.parametrize("what", ["hand_back", "close"])
@pytest.mark.parametrize(
    ("facts", "rank", "needed"),
    [
        (SOON, 10, False),
        ({"now": ("being_shared",)}, 5, False),
        ({"home_unsafe": "yes"}, 4, True),
        (RISK, 1, True),
        ({"now": ("attempt",)}, 0, True),
    ],
)
async def test_an_urgent_case_is_let_go_with_a_reason_only(
    house: House, what: str, facts: dict[str, Any], rank: int, needed: bool
) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam, **facts)
    assert (await house.case(chat)).rank == rank
    let_go = getattr(house.counselling, what)
    if needed:
        for nothing in ("", "  \n"):
            with pytest.raises(ReasonNeeded):
                await let_go(case_id, sam, nothing)
        assert (await house.case(chat)).state == "taken"
    await let_go(case_id, sam, "her mother is with her" if needed else "")
    case = await house.case(chat)
    assert (case.state, case.counsellor_id) == ({"hand_back": "bot", "close": "closed"}[what], None)
    assert case.rank == rank, "letting go does not lower the tier"


@pytest.mark.parametrize(
    ("what", "facts", "said", "question"),
    [
        ("hand_back", SOON, "automated helper again", None),
        ("hand_back", RISK, "are you safe right now", "safe_now"),
        ("close", SOON, "write here any time", None),
        ("close", RISK, "are you safe right now", "safe_now"),
    ],
)
async def test_the_person_is_told_who_left_and_who_is_there(
    house: House, what: str, facts: dict[str, Any], said: str, question: str | None
) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam, **facts)
    await getattr(house.counselling, what)(case_id, sam, "reason")
    last = (await notices(house, chat))[-1]
    assert last.startswith("Sam has left")
    assert said in last
    assert "{" not in last
    assert (await house.case(chat)).memory.question == question


async def test_a_reason_is_kept_sealed(house: House) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam, **RISK)
    await house.counselling.close(case_id, sam, "her mother is with her")
    query = sa.select(case_events).where(case_events.c.event == "close")
    row: Any = await house.store.read(lambda c: c.execute(query).one())
    assert b"mother" not in bytes(row.detail_sealed)
    assert house.keyring.of(chat).open(bytes(row.detail_sealed), f"case_events.detail:{row.id}") == (
        "her mother is with her"
    )


async def test_a_corrected_age_settles_what_follows_from_it(house: House) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam, age=16, minor="yes", lowest_age=16, threat_type="financial")
    for age, minor in ((61, "no"), (17, "yes")):
        facts = (await house.counselling.correct(case_id, sam, "age", age)).facts
        assert (facts.age, facts.age_min, facts.age_max, facts.lowest_age, facts.minor) == (age, None, None, age, minor)
        assert facts.words["age"] == "corrected by Sam"
    facts = (await house.counselling.correct(case_id, sam, "minor", "no")).facts
    assert facts.lowest_age is None
    assert (await house.case(chat)).rank == 7, "a correction of a fact lowers no tier by itself"


async def test_a_correction_that_shows_danger_raises_the_tier(house: House) -> None:
    sam = await house.person()
    _, case_id = await mine(house, sam, **SOON)
    assert (await house.counselling.correct(case_id, sam, "risk", ["suicide_active"])).tier == "immediate"


@pytest.mark.parametrize(("fact", "value"), [("shoe_size", 43), ("minor", "perhaps"), ("risk", ["boredom"])])
async def test_a_wrong_fact_or_value_is_refused_and_changes_nothing(house: House, fact: str, value: Any) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam, **RISK)
    before = await house.case(chat)
    with pytest.raises(ValueError, match=fact):
        await house.counselling.correct(case_id, sam, fact, value)
    assert await house.case(chat) == before


async def test_reading_leaves_a_trace_and_what_is_erased_is_not_there(house: House) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam)
    assert await house.counselling.case(case_id, sam)
    traces = sa.select(audit.c.action, audit.c.counsellor_id, audit.c.case_id)
    assert await house.store.read(lambda c: c.execute(traces).all()) == [("read", sam.id, case_id)]
    await house.erasure.erase(chat)
    assert await house.counselling.case(case_id, sam) is None


async def test_who_left_by_quick_exit_stays_in_the_queue_for_a_day_while_urgent(house: House) -> None:
    urgent, calm = await house.opened(), await house.opened()
    for chat in (urgent, calm):
        await house.asked(chat, "hello")
    await house.knows(urgent, "unreachable", **RISK)
    await house.knows(calm, "unreachable", **SOON)
    assert [e.case.conversation_id for e in await house.counselling.waiting()] == [urgent]
    house.later(24 * 3600 + 1)
    assert await house.counselling.waiting() == []


async def test_only_a_person_lowers_a_tier_and_only_with_a_reason(house: House) -> None:
    sam = await house.person()
    chat, case_id = await mine(house, sam, **RISK)
    severe = (await house.case(chat)).rank
    assert (await house.counselling.correct(case_id, sam, "risk", [])).rank == severe
    lowered = await house.counselling.correct(case_id, sam, "risk", [], reason="a line of a song, asked twice")
    assert lowered.rank > severe
    assert "risk" not in {reason.fact for reason in lowered.reasons}
    again = await house.counselling.correct(case_id, sam, "risk", ["suicide_passive"])
    assert again.rank == severe, "new words of danger count at once"


async def test_lowering_one_reason_leaves_the_others(house: House) -> None:
    sam = await house.person()
    _, case_id = await mine(house, sam, age=12, minor="yes", lowest_age=12, threat_type="image", **RISK)
    left = await house.counselling.correct(case_id, sam, "risk", [], reason="cleared in the talk")
    assert left.reasons[0].words == "under 13"


async def test_a_counsellor_the_person_did_not_ask_for_asks_first(house: House) -> None:
    """Rule 19; in immediate danger nobody asks."""
    sam = await house.person()
    chat, _ = await mine(house, sam, age=15, minor="yes", threat_type="financial")
    assert (await house.transcript(chat))[-1].body["response"] == "utter_counsellor_asks"
    chat, _ = await mine(house, sam, risk=("suicide_active",))
    assert (await house.transcript(chat))[-1].body["response"] == "utter_counsellor_joined"
