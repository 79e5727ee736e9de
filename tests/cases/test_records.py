"""The case record: all of it comes back, none of it lies in clear, and its tier only rises."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from breakwater.cases import records
from breakwater.cases.records import Case
from breakwater.privacy.keyring import Erased, Keyring
from breakwater.storage.store import Store
from breakwater.storage.tables import case_events, cases
from breakwater.support.memory import Memory
from breakwater.support.tiers import reasons
from breakwater.understanding.facts import NOW, RISKS, THREAT_TYPES, CaseFacts
from tests.chats import NIGHT, a_case, at, counsellor

FULL = CaseFacts(
    threat_type="both", demand=("money", "images"), now=("being_shared",), risk=("suicide_passive",), age=15,
    minor="yes", lowest_age=14, paid="yes", platform=("instagram",), payment=("gift_card",), amount="£300",
    deadline="in 40 minutes", country="GB", wants_human=True, words={"age": "im fifteen ünd 👍"},
)  # fmt: skip
MEMORY = Memory({"dont_pay": 2}, {"age": 1}, ("utter_first_money",), "age", {"suicide": "no"}, ("money_back",), 3)
IN_CLEAR = {"id", "conversation_id", "number", "state", "tier", "rank", "version", "counsellor_id", "opened_at",
            "waiting_since", "claimed_at"}  # fmt: skip


async def stored(store: Store, keyring: Keyring) -> Case:
    case = await store.write(a_case, keyring)
    full = replace(case, memory=MEMORY).with_facts(FULL)
    return await store.write(records.save, keyring.of(case.conversation_id), full, at(9))


async def test_all_of_it_comes_back(store: Store, keyring: Keyring) -> None:
    case = await stored(store, keyring)
    key = keyring.of(case.conversation_id)
    assert (case.facts, case.memory) == (FULL, MEMORY)
    assert await store.read(records.peek, key, case.conversation_id) == case
    assert await store.write(records.load, key, case.conversation_id) == case


async def test_of_what_is_known_only_the_tier_lies_in_clear(store: Store, keyring: Keyring) -> None:
    case = await stored(store, keyring)
    query = sa.select(cases).where(cases.c.id == case.id)
    row: Any = (await store.read(lambda connection: connection.execute(query).one()))._mapping
    assert set(row) == IN_CLEAR | {"sealed"}
    everything = b"|".join(bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row.values())
    for words in ("fifteen", "suicide", "instagram", "300", "utter_first", "dont_pay", "threat", "minutes"):
        assert words.encode() not in everything


async def test_a_history_keeps_its_words_sealed(store: Store, keyring: Keyring) -> None:
    case = await stored(store, keyring)
    sam, key = await store.write(counsellor), keyring.of(case.conversation_id)
    await store.write(records.save, key, case, at(10), "hand_back", sam.id, "she is with her mother")
    query = sa.select(case_events).where(case_events.c.case_id == case.id)
    row: Any = await store.read(lambda connection: connection.execute(query).one())
    assert (row.event, row.counsellor_id) == ("hand_back", sam.id)
    assert b"mother" not in bytes(row.detail_sealed)
    assert key.open(bytes(row.detail_sealed), f"case_events.detail:{row.id}") == "she is with her mother"


async def test_every_saving_is_a_new_version(store: Store, keyring: Keyring) -> None:
    case = await stored(store, keyring)
    saved = await store.write(records.save, keyring.of(case.conversation_id), case, at(10))
    assert saved.version == case.version + 1
    assert await store.read(records.peek, keyring.of(case.conversation_id), case.conversation_id) == saved


@pytest.mark.parametrize("look", [records.load, records.peek])
async def test_a_case_whose_rows_are_gone_was_erased(store: Store, keyring: Keyring, look: Any) -> None:
    """Also where another process erased it and this one still has the key in memory."""
    key = keyring.new("v")
    with pytest.raises(Erased):
        await store.write(look, key, "v")


# --- the tier only rises ---------------------------------------------------------------------------------

SOME = st.builds(
    CaseFacts,
    threat_type=st.sampled_from(THREAT_TYPES),
    risk=st.lists(st.sampled_from(RISKS), unique=True, max_size=2).map(tuple),
    now=st.lists(st.sampled_from(NOW), unique=True, max_size=1).map(tuple),
    age=st.none() | st.integers(8, 60),
    wants_human=st.booleans(),
)


@given(known=st.lists(SOME, max_size=5))
def test_whatever_is_learned_in_whatever_order_the_rank_never_falls(known: list[CaseFacts]) -> None:
    course = list(itertools.accumulate(known, Case.with_facts, initial=Case("c", 1, "v", NIGHT)))
    for before, after in itertools.pairwise(course):
        assert after.rank <= before.rank
        assert {r for r in before.reasons if r.rank < 13} <= set(after.reasons)
        assert list(after.reasons) == sorted(after.reasons)
    assert course[-1].rank == min((reasons(f)[0].rank for f in known), default=13)


def test_a_reason_that_was_no_reason_makes_way_for_a_real_one() -> None:
    calm = Case("c", 1, "v", NIGHT).with_facts(CaseFacts())
    assert [r.rank for r in calm.reasons] == [13]
    assert 13 not in [r.rank for r in calm.with_facts(CaseFacts(risk=("self_harm",))).reasons]


def test_the_columns_in_clear_are_those_a_case_has() -> None:
    """A new field of Case is either sealed or named here on purpose."""
    elsewhere = {"channel"}  # in clear too, in the row of the conversation
    assert {f.name for f in fields(Case)} - {"facts", "memory", "reasons", "immediate_since"} <= IN_CLEAR | elsewhere
