"""The first reply to a disclosure, for every kind of case (safeguarding rule 10, read from domain.yml's tags)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from breakwater.support.first import FIRST, first_reply
from breakwater.support.memory import Memory
from breakwater.support.wording import Wording
from breakwater.understanding.facts import DEMANDS, OFFENDERS, SPEAKERS, THREAT_TYPES, CaseFacts

STOP_LIVE = {"dont_pay", "dont_send_more", "dont_reply"}
STOP_ALL = STOP_LIVE | {"stop_paying", "dont_contact_offender", "stop_harm", "dont_share_further"}
MONEY: dict[str, Any] = {"threat_type": "financial", "demand": ("money",)}

CASES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("money", MONEY, {"not_your_fault", *STOP_LIVE}),
    ("money_paid", {**MONEY, "paid": "yes"}, {"not_your_fault", "stop_paying", "dont_send_more", "dont_reply"}),
    ("images", {"threat_type": "image", "demand": ("images",)}, {"not_your_fault", *STOP_LIVE}),
    ("money", {"threat_type": "both", "demand": ("money", "images")}, {"not_your_fault", *STOP_LIVE}),
    ("threat", {"threat_type": "unclear_threat"}, {"not_your_fault", *STOP_LIVE}),
    ("deepfake", {"threat_type": "deepfake", "demand": ("money",)}, {"not_your_fault", "deepfake_counts", *STOP_LIVE}),
    ("deepfake_passed_on", {"threat_type": "deepfake"}, {"not_your_fault", "deepfake_counts", "dont_reply"}),
    ("ex", {"threat_type": "ex_partner", "demand": ("money",)}, {"not_your_fault", *STOP_LIVE}),
    ("ex_no_demand", {"threat_type": "ex_partner"}, {"not_your_fault", "dont_reply", "dont_send_more"}),
    ("posted", {"threat_type": "image", "already_posted": "yes"}, {"not_your_fault", "dont_reply"}),
    ("posted", {"already_posted": "yes"}, {"not_your_fault", "dont_reply"}),
    ("posted_money", {**MONEY, "now": ("being_shared",)}, {"not_your_fault", "dont_reply"}),
    ("email", {"threat_type": "scam_email"}, {"not_your_fault", "dont_pay", "dont_reply", "email_bluff"}),
    ("pre", {"threat_type": "pre_threat"}, {"not_your_fault", "dont_send_more"}),
    ("told_to_hurt", {"threat_type": "image", "demand": ("self_harm",)}, {"not_your_fault", "dont_reply"}),
    ("child", {"threat_type": "image", "age": 12, "minor": "yes"}, {"not_your_fault", *STOP_LIVE}),
    (
        "child_sent_nothing",
        {"threat_type": "unclear_threat", "age": 12, "minor": "yes", "images_shared_already": "no"},
        {"not_your_fault", *STOP_LIVE},
    ),
    ("parent", {**MONEY, "speaker": "parent"}, {"not_your_fault", "dont_pay", "dont_contact_offender"}),
    ("friend", {**MONEY, "speaker": "friend"}, {"not_your_fault", "dont_pay", "dont_contact_offender"}),
    ("teacher", {**MONEY, "speaker": "teacher"}, {"not_your_fault", "dont_pay", "dont_contact_offender"}),
    ("perpetrator", {"speaker": "perpetrator"}, {"stop_harm", "dont_share_further"}),
    ("bystander", {"speaker": "bystander"}, {"dont_share_further"}),
]


def tags(wording: Wording, response: str, here: bool) -> set[str]:
    places = wording.places(response, {"counsellor_here": here})
    return set(wording.reply(response, {"counsellor_here": here}, **dict.fromkeys(places, "x"))["tags"])


@pytest.mark.parametrize("here", [True, False])
@pytest.mark.parametrize(("case", "known", "must"), CASES)
def test_not_your_fault_and_the_line_that_stops_the_harm(
    situations: Callable[..., Any], wording: Wording, here: bool, case: str, known: dict[str, Any], must: set[str]
) -> None:
    response = first_reply(situations(CaseFacts(**known)))
    assert response == FIRST + case
    assert must <= tags(wording, response, here)


@pytest.mark.parametrize("case", ["perpetrator", "bystander"])
def test_who_did_it_or_was_sent_it_is_not_comforted_as_a_victim(wording: Wording, case: str) -> None:
    assert "not_your_fault" not in tags(wording, FIRST + case, here=True)


def test_no_word_of_paying_where_nobody_asked_for_anything(wording: Wording) -> None:
    """An ex who has made no demand, and pictures sent without a threat: "don't pay" would be absurd."""
    assert not tags(wording, "utter_first_ex_no_demand", here=True) & {"dont_pay", "stop_paying"}
    assert not tags(wording, "utter_first_pre", here=True) & {"dont_pay", "stop_paying"}


def test_every_case_that_can_be_told_has_a_first_reply_that_stops_something(
    situations: Callable[..., Any], wording: Wording
) -> None:
    for threat in THREAT_TYPES:
        for speaker in SPEAKERS:
            for demand in (*DEMANDS, None):
                for offender in OFFENDERS:
                    facts = CaseFacts(
                        threat_type=threat, speaker=speaker, demand=(demand,) if demand else (), offender=offender
                    )
                    response = first_reply(situations(facts))
                    if threat == "none" and speaker == "victim" and not demand:
                        assert response is None
                    else:
                        assert response and tags(wording, response, here=False) & STOP_ALL, response


def test_it_is_given_once(situations: Callable[..., Any]) -> None:
    known = CaseFacts(threat_type="financial")
    assert first_reply(situations(known, Memory(said=("utter_first_threat",)))) is None


@pytest.mark.parametrize(
    "danger", [{"now": ("attempt",)}, {"now": ("offender_present",)}, {"risk": ("suicide_passive",)}]
)
def test_life_or_the_door_comes_alone_and_the_stop_line_later(
    chats: Callable[..., Any], danger: dict[str, Any]
) -> None:
    heard = chats().hears(threat_type="financial", demand=("money",), **danger)
    assert not [r for r in heard.responses if r.startswith(FIRST)]


def test_once_the_danger_is_answered_the_stop_line_follows(chat: Any) -> None:
    chat.hears(threat_type="financial", demand=("money",), risk=("suicide_passive",))
    assert chat.hears("deny", answer="no").responses[0] == "utter_first_money"
