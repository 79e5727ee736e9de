"""Who has the phone now (safeguarding rule 9)."""

from __future__ import annotations

import pytest

from breakwater.understanding.facts import CaseFacts, Reading
from breakwater.understanding.keyboard import writer
from breakwater.understanding.merge import merge

TOLD = CaseFacts(threat_type="financial", age=15, minor="yes", lowest_age=15)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Hello, this is his mother. What is this website", "other"),
        ("im her dad. answer me", "other"),
        ("I took my daughter's phone", "other"),
        ("who has been writing with my son", "other"),
        ("hi its me again", "back"),
        ("sorry that was my sister", "back"),
        ("my mum is downstairs", ""),
        ("im her boyfriends mate", ""),
        ("he said he is the father of the girl", ""),
        ("i told my dad", ""),
    ],
)
def test_who_writes(text: str, who: str) -> None:
    assert writer(text) == who


def test_somebody_new_changes_nothing_but_danger() -> None:
    said = Reading(facts=CaseFacts(speaker="parent", age=41, paid="yes", risk=("suicide_passive",)), writer="other")
    after = merge(TOLD, said)
    assert (after.writer, after.age, after.paid, after.speaker) == ("other", 15, "unknown", "victim")
    assert after.risk == ("suicide_passive",)


def test_until_the_person_says_it_is_them() -> None:
    taken = merge(TOLD, Reading(writer="other"))
    still = merge(taken, Reading(facts=CaseFacts(paid="yes")))
    assert (still.writer, still.paid) == ("other", "unknown")
    back = merge(still, Reading(question="who_is_writing", answer="yes"))
    assert (back.writer, back.threat_type) == ("", "financial")


def test_a_mother_who_writes_from_the_start_is_no_newcomer() -> None:
    own = merge(CaseFacts(), Reading(facts=CaseFacts(speaker="parent", threat_type="image"), writer="other"))
    assert (own.writer, own.threat_type) == ("", "image")
