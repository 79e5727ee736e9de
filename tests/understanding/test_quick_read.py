"""What the model-free reader must see, and what it must not. Examples are our own, none from the data."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breakwater.understanding.facts import Reading
from breakwater.understanding.quick_read import QuickRead

READ = QuickRead.load(Path(__file__).parents[2] / "data" / "lexicon")
TODAY = date(2026, 11, 21)


def read(text: str, question: str | None = None) -> Reading:
    return READ(text, question, TODAY)


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("i want to kill myself", "suicide_passive"),
        ("wanna k*ll myself tbh", "suicide_passive"),
        ("KMS fr", "suicide_passive"),
        ("thinking about sewerslide", "suicide_passive"),
        ("i cant do this anymore", "suicide_passive"),
        ("there is no way out of this", "suicide_passive"),
        ("they would all be better off without me", "suicide_passive"),
        ("i wont be here by friday", "suicide_passive"),
        ("i wish i could just disappear", "suicide_passive"),
        ("whats the point of living now", "suicide_passive"),
        ("my life is over", "suicide_passive"),
        ("goodbye everyone i love you all", "suicide_active"),
        ("got the pills here in front of me", "suicide_active"),
        ("im standing on the bridge", "suicide_active"),
        ("i already took all of them", "suicide_active"),
        ("ive cut myself again", "self_harm"),
        ("i keep burning my arm", "self_harm"),
        ("ik wil dood", "suicide_passive"),
        ("ich will nicht mehr leben", "suicide_passive"),
        ("je veux mourir", "suicide_passive"),
        ("ya no quiero vivir", "suicide_passive"),
        ("💊💊", "suicide_active"),
        ("🪦 tonight", "suicide_active"),
        ("🔪", "self_harm"),
    ],
)
def test_risk_is_seen(text: str, risk: str) -> None:
    assert risk in read(text).facts.risk


@pytest.mark.parametrize(
    "text",
    [
        "im dying of embarrassment",
        "my phone just died sorry",
        "this homework is killing me",
        "i could kill him",
        "lets hang out tomorrow",
        "took a screenshot of everything",
        "i cut contact with her",
        "my mum is gonna kill me",
        "💀💀 im dead",
        "watched a film about suicide",
        "there was a suicide awareness talk at school",
        "a song about jumping off a roof",
        "i'm not suicidal",
        "im not going to kill myself dont worry",
        "i would never hurt myself",
        "no thoughts of suicide at all",
        "he says hell kill himself if i block him",
        "i will end the chat now",
        "dead tired",
        "ok im done",
        "the scammer said he would hurt himself",
        "can we end this tomorrow",
        "my nan died last month",
        "he wrote: i will kill myself if you leave me",
        "why do you ask if im suicidal",
        "?",
        "...",
        "ok thanks bye",
    ],
)
def test_look_alikes_denials_and_others_are_no_risk(text: str) -> None:
    assert not read(text).facts.suicide_or_self_harm


@pytest.mark.parametrize(
    ("denied", "meant"),
    [
        ("im not going to kill myself", "im going to kill myself"),
        ("i wouldnt ever hurt myself", "i would hurt myself"),
        ("im not suicidal", "im suicidal"),
        ("i dont want to die", "i want to die"),
        ("ich will nicht sterben", "ich will sterben"),
    ],
)
def test_a_denial_holds_off_what_it_denies(denied: str, meant: str) -> None:
    assert not read(denied).facts.suicide_or_self_harm
    assert read(denied).denies_risk
    assert read(meant).facts.suicide_or_self_harm
    assert not read(meant).denies_risk


@pytest.mark.parametrize(
    "text",
    [
        "im not suicidal. but i cant do this anymore",
        "im not going to kill myself yet",
        "i wont kill myself unless he posts it",
        "i dont want to live anymore",
        "i dont want to kill myself but i dont see another way",
        "why not just kill myself",
        "im fine. i took all the pills",
    ],
)
def test_a_denial_cancels_nothing_else(text: str) -> None:
    assert read(text).facts.suicide_or_self_harm


@pytest.mark.parametrize(
    "text",
    [
        "kys",
        "he wrote: kill yourself",
        'she said "go kill yourself" to me',
        "he told me to cut myself",
        "they want me to hurt myself",
    ],
)
def test_told_to_hurt_oneself_is_a_demand_and_no_risk_of_ones_own(text: str) -> None:
    facts = read(text).facts
    assert facts.demand == ("self_harm",)
    assert not facts.suicide_or_self_harm


def test_told_and_tempted_is_both() -> None:
    facts = read("he told me to cut myself and maybe i should").facts
    assert "self_harm" in facts.demand
    assert "self_harm" in facts.risk


@pytest.mark.parametrize(
    "text",
    [
        "my son said he wants to die",
        "my daughter said shed kill herself",
        'my daughter wrote "i cant do this anymore"',
        "my best friend tried to kill himself yesterday",
        "a pupil of mine has cut her arms",
        "my brother says hed be better off dead but hes joking i think",
    ],
)
def test_what_is_told_of_the_young_person_counts(text: str) -> None:
    assert read(text).facts.suicide_or_self_harm


def test_an_answer_to_the_bots_question() -> None:
    assert "suicide_passive" in read("yeah", "suicide").facts.risk
    assert "attempt" in read("yes", "attempt").facts.now
    assert "means_at_hand" in read("in my drawer", "means_near").facts.now
    assert not read("in my drawer", "evidence_saved").facts.suicide_or_self_harm
    assert read("no", "suicide").denies_risk
    assert not read("no", "suicide").facts.risk


def test_a_past_of_years_is_history_and_a_recent_one_is_risk() -> None:
    old = read("i tried to kill myself five years ago").facts
    assert (old.risk, old.risk_history) == ((), "yes")
    assert read("i tried to kill myself last month").facts.suicide_or_self_harm
    assert read("years ago i used to cut. now im doing it again, i cut tonight").facts.suicide_or_self_harm


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("hes outside my house", "offender_present"),
        ("she is at the door", "offender_present"),
        ("he says hes on his way here", "offender_present"),
        ("i just took loads of pills", "attempt"),
        ("shes got me on video call now and wont let me hang up", "live_coercion"),
        ("its spreading right now", "being_shared"),
    ],
)
def test_dangers_of_this_hour(text: str, now: str) -> None:
    assert now in read(text).facts.now


@pytest.mark.parametrize(
    ("text", "risk"),
    [
        ("he wants to meet me tonight", "meeting_planned"),
        ("he knows where i live", "offline_danger"),
        ("my dad beats me", "offline_danger"),
        ("mum threw me out", "offline_danger"),
        ("im gonna run away tonight", "runaway"),
    ],
)
def test_dangers_outside_the_chat(text: str, risk: str) -> None:
    assert risk in read(text).facts.risk


@pytest.mark.parametrize(
    "text",
    ["mum is outside", "im meeting my counsellor", "ran home from school", "kicked out of the group chat"],
)
def test_ordinary_meetings_and_doors_are_no_danger(text: str) -> None:
    assert not read(text).facts.risk
    assert not read(text).facts.now


@pytest.mark.parametrize(
    ("text", "unreadable"),
    [
        ("помоги мне пожалуйста", True),
        ("🧿🪬", True),
        ("?", False),
        ("...", False),
        ("", False),
        ("👍", False),
        ("je suis là", False),
    ],
)
def test_what_cannot_be_read_is_said(text: str, unreadable: bool) -> None:
    assert read(text).facts.unreadable is unreadable


def test_the_evidence_is_in_the_persons_own_words() -> None:
    words = read("Honestly? I just can't do this anymore. I'm 15").facts.words
    assert "can't do this anymore" in words["risk"]
    assert "15" in words["age"]


def test_age_and_risk_come_together() -> None:
    facts = read("im 14 and i want to die").facts
    assert (facts.age, facts.minor) == (14, "yes")
    assert facts.suicide_or_self_harm


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400), st.sampled_from([None, "age", "suicide", "attempt", "means_near", "other"]))
def test_any_text_is_read_without_complaint(text: str, question: str | None) -> None:
    facts = read(text, question).facts
    assert facts.age is None or 0 < facts.age < 100


_PIECES = [
    "kill ",
    "myself ",
    "im 15 ",
    "not ",
    '"',
    "he said ",
    "5",
    " / ",
    ".",
    "i took ",
    "\n",
    "aaaa",
    "💊",
    "of the ",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=300))
def test_any_jumble_of_risky_words_is_read(pieces: list[str]) -> None:
    read("".join(pieces))


@pytest.mark.parametrize(
    "piece",
    [
        *_PIECES,
        "i want to die ",
        "im not going to ",
        "a",
        "1",
        "years ago ",
        "'",
        "\u0301",
        "(",
        "my friend ",
    ],
)
def test_a_very_long_text_is_read_to_the_end(piece: str) -> None:
    """No deadline is asserted: a reading that grows with the square would hit the runner's own."""
    reading = read((piece * 50_000)[:50_000] + ". i want to kill myself")
    assert reading.facts.age is None or reading.facts.age < 100
