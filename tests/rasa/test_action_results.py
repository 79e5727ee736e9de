"""Our check of what the action server sends says the same as Rasa's own, good or bad."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from breakwater.rasa import action_results

RASAS_OWN = RemoteAction._validate_action_result
ACTION = RemoteAction("action_next_move", None)
SLOT = {"event": "slot", "timestamp": None, "name": "requests", "value": ["hide"]}
SAID = {"response": "utter_hello", "text": None, "buttons": [], "custom": {"cards": []}}

GOOD: list[Any] = [
    {"events": [], "responses": []},
    {"events": [SLOT], "responses": [SAID]},
    {"events": [SLOT, {"event": "followup", "name": "x"}], "responses": [SAID, SAID]},
    {},
    {"other": 1},
]
BAD: list[Any] = [
    {"events": {}, "responses": []},
    {"events": [{"name": "requests"}]},
    {"events": ["slot"]},
    {"events": [{"event": 7}]},
    {"responses": {}},
    {"responses": ["text"]},
    [], "text", None,
]  # fmt: skip


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    yield
    RemoteAction._validate_action_result = RASAS_OWN


def verdict(check: Any, result: Any) -> bool:
    try:
        return bool(check(ACTION, result))
    except ValidationError:
        return False


@pytest.mark.parametrize("result", GOOD)
def test_what_is_good_passes(result: Any) -> None:
    assert verdict(action_results._validate, result)
    assert verdict(RASAS_OWN, result)


@pytest.mark.parametrize("result", GOOD + BAD)
def test_the_same_verdict(result: Any) -> None:
    assert verdict(action_results._validate, result) == verdict(RASAS_OWN, result)


def test_the_bad_ones_are_not_all_good() -> None:
    assert [verdict(action_results._validate, result) for result in BAD].count(False) >= 5


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("events", "responses", "event", "name", "text")), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=30, deadline=None)  # Rasa's own check is the slow one
@given(events=JSON, responses=JSON)
def test_the_same_verdict_on_anything(events: Any, responses: Any) -> None:
    result = {"events": events, "responses": responses}
    assert verdict(action_results._validate, result) == verdict(RASAS_OWN, result)


def test_installed_it_is_what_rasa_asks() -> None:
    action_results.install()
    assert ACTION._validate_action_result(GOOD[1])
    with pytest.raises(ValidationError):
        ACTION._validate_action_result(BAD[0])
