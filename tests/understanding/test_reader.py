"""How the reader weighs its parts. The model is a stub that says what each test lets it say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from breakwater.understanding.encoder import DIMENSIONS, Seen, Vectors
from breakwater.understanding.fact_model import FactModel
from breakwater.understanding.facts import Reading
from breakwater.understanding.reader import Reader

LISTS = Path(__file__).parents[2] / "data" / "lexicon"
_ZEROS = np.zeros(DIMENSIONS, dtype=np.float32)
NOTHING = Seen(_ZEROS, np.zeros(0, np.float32), (), np.zeros(0, np.float32), np.zeros((0, 0), np.float32))
"""A network that knows nothing of the message: the forms of ages alone decide."""
USUAL = {
    "intent=tell": 0.9, "intent=affirm": 0.0, "intent=ask_will_they_post": 0.0, "intent=ask_human": 0.0,
    "threat_type=none": 0.9, "threat_type=financial": 0.1, "speaker=victim": 0.9, "speaker=parent": 0.1,
}  # fmt: skip
LABELS = (
    "any=life", "any=offline", "risk=suicide_passive", "risk=suicide_active", "risk=runaway", "now=attempt",
    "paid=yes", "paid=no", "demand=money", "demand=images", "minor=yes", "minor=no", "offender=known",
    "wants_human=yes", "blocked_already=yes",
)  # fmt: skip


class Says:
    """A model that gives the chances it was told to give."""

    thresholds = dict.fromkeys(LABELS, 0.3)
    quiet = {"any=life": 0.05, "any=offline": 0.05}  # noqa: RUF012

    def __init__(self, chances: Mapping[str, float]) -> None:
        unsure = {label: 0.2 for label in LABELS if label.startswith(("paid", "demand", "blocked"))}
        self._chances = dict.fromkeys(LABELS, 0.0) | unsure | USUAL | dict(chances)

    def predict(self, seen: Vectors) -> dict[str, float]:
        return self._chances


READER = Reader.of(cast(FactModel, Says({})), LISTS)


def read(text: str, question: str | None = None, **chances: float) -> Reading:
    """The reading of `text` where the model is this sure; `paid_yes` stands for paid=yes, `__` for _."""
    said: dict[str, Any] = {k.replace("__", "=", 1): v for k, v in chances.items()}
    reader = Reader(cast(FactModel, Says(said)), READER.spans, READER.quick, READER.words)
    return reader.read(text, NOTHING, question, date(2026, 11, 21))


def test_what_the_model_is_sure_of_is_stated_and_the_rest_is_not() -> None:
    facts = read("so this happened", paid__yes=0.4, demand__images=0.31, demand__money=0.29).facts
    assert (facts.paid, facts.demand, facts.blocked_already) == ("yes", ("images",), "unknown")


def test_of_yes_and_no_the_likelier_is_stated() -> None:
    assert read("so this happened", paid__yes=0.4, paid__no=0.5).facts.paid == "no"


def test_plain_words_win_over_the_model_unless_it_plainly_sees_otherwise() -> None:
    assert read("i havent paid her", paid__yes=0.9).facts.paid == "no"
    assert read("i havent paid her", paid__yes=0.9, paid__no=0.05).facts.paid == "yes"
    assert read("my son has been sent threats", speaker__parent=0.2).facts.speaker == "parent"
    assert read("my son has been sent threats", speaker__parent=0.0).facts.speaker == "victim"
    assert read("he wants money", demand__money=0.05).facts.demand == ()
    assert read("im 15", minor__no=0.9).facts.minor == "yes"


def test_no_counsellor_is_no_answer_to_another_question() -> None:
    declines = {"intent__decline_human": 0.95, "intent__tell": 0.0}
    assert read("no thanks, no person", "home_safe", **declines).answer is None
    assert read("no thanks", "want_human", **declines).answer == "no"


def test_whether_we_saw_it_is_not_whether_it_is_out() -> None:
    assert read("did u see it", intent__ask_did_you_see_it=0.9).facts.already_posted == "unknown"


def test_a_relative_who_would_kill_is_meant_where_danger_is_seen() -> None:
    assert read("they would kill me", any__offline=0.9, risk__offline_danger=0.9).facts.home_unsafe == "yes"
    assert read("they would kill me").facts.home_unsafe == "unknown"


def test_muted_is_not_blocked() -> None:
    assert read("ok muted her", blocked_already__yes=0.9).facts.blocked_already == "unknown"
    assert read("muted and blocked him", blocked_already__yes=0.9).facts.blocked_already == "yes"


def test_demands_of_words_and_model_add_up() -> None:
    assert set(read("he wants money", demand__images=0.9).facts.demand) == {"images", "money"}


def test_the_words_of_a_fact_are_kept() -> None:
    words = read("i paid him £50 on paypal by friday, im 15").facts.words
    assert "paid him" in words["paid"]
    assert (words["payment"], words["deadline"]) == ("paypal", "by friday")
    assert words["age"]


def test_figures_and_names_are_found() -> None:
    facts = read("£200 on paypal by tonight or my insta followers get it").facts
    assert facts.amount is not None
    assert "200" in facts.amount
    assert (facts.payment, facts.platform, facts.deadline) == (("paypal",), ("instagram",), "by tonight")


def test_danger_that_the_words_say_stands_whatever_the_model_says() -> None:
    assert "suicide_passive" in read("i want to kill myself").facts.risk


def test_broad_words_count_unless_the_model_plainly_sees_nothing() -> None:
    said = "from next week theres no tomorrow for me, sleep forever"
    assert read(said, any__life=0.1).facts.risk == ("suicide_passive",)
    assert read(said, any__life=0.01).facts.risk == ()
    assert read("they know my street and my school, he said", any__offline=0.1).facts.risk == ("offline_danger",)
    assert read("they know my street and my school, he said").facts.risk == ()


def test_danger_that_only_the_model_sees_stands_too() -> None:
    facts = read("so this happened", any__life=0.4, risk__suicide_active=0.2, risk__suicide_passive=0.1).facts
    assert facts.risk == ("suicide_active",)


def test_a_fine_label_without_its_kind_is_no_danger() -> None:
    facts = read("so this happened", any__life=0.2, risk__suicide_passive=0.9, now__attempt=0.9).facts
    assert (facts.risk, facts.now) == ((), ())


def test_a_plain_denial_outweighs_the_model_about_life_but_not_about_other_danger() -> None:
    reading = read("im not suicidal", any__life=0.9, risk__suicide_passive=0.9, any__offline=0.9, risk__runaway=0.9)
    assert reading.denies_risk
    assert reading.facts.risk == ("runaway",)


def test_a_bare_answer_states_what_its_question_asked_and_nothing_else() -> None:
    reading = read("yeah", "paid", demand__money=0.9)
    assert (reading.question, reading.answer) == ("paid", "yes")
    assert (reading.facts.paid, reading.facts.demand) == ("yes", ())
    assert read("nope", "paid").facts.paid == "no"
    assert read("yes", "suicide").facts.risk == ("suicide_passive",)


def test_without_a_question_a_bare_yes_states_nothing() -> None:
    reading = read("yes")
    assert (reading.answer, reading.question, reading.facts.known()) == (None, None, {})


def test_an_answer_in_other_words_counts_when_the_model_is_sure_of_its_kind() -> None:
    assert read("afraid so", "paid", intent__tell=0.1, intent__affirm=0.8).facts.paid == "yes"
    assert read("afraid so", "paid", intent__tell=0.1, intent__affirm=0.4).answer is None


def test_questions_are_topics_and_a_call_for_a_human_is_a_fact() -> None:
    assert read("will it go out", intent__ask_will_they_post=0.95).topic == "will_they_post"
    asked = read("a real person pls", intent__ask_human=0.95)
    assert (asked.topic, asked.facts.wants_human) == (None, True)


def test_a_guess_without_facts_is_a_fallback() -> None:
    assert read("mmm", intent__tell=0.1).fallback
    assert read("mmm", intent__tell=0.1).intent == "nlu_fallback"
    assert not read("i paid her", intent__tell=0.1).fallback


@pytest.mark.parametrize("text", ["", "🥲", "х" * 3000, "\x00"])
def test_no_text_is_too_strange(text: str) -> None:
    assert read(text).facts.risk == ()


def test_the_same_message_is_read_the_same() -> None:
    assert read("she wants 50, im 16", demand__money=0.5) == read("she wants 50, im 16", demand__money=0.5)


def test_who_is_blackmailed_has_more_than_a_worry() -> None:
    chances = {"threat_type__pre_threat": 0.9, "threat_type__image": 0.4, "threat_type__none": 0.0}
    assert read("my friend is being blackmailed on snap", **chances).facts.threat_type == "image"
    assert read("im scared he is going to blackmail me", **chances).facts.threat_type == "pre_threat"


@pytest.mark.parametrize(("text", "intent"), [("ok hid it", "done_step"), ("hidden my friends now", "done_step"),
                                              ("hide", "hide"), ("hide this quick", "hide")])  # fmt: skip
def test_a_list_that_was_hidden_does_not_clear_the_chat(text: str, intent: str) -> None:
    chances = {"intent__hide": 0.95, "intent__tell": 0.01, "intent__done_step": 0.02}
    assert read(text, **chances).intent == intent


def test_what_was_done_weeks_ago_is_a_risk_and_no_attempt_of_this_hour() -> None:
    done = {"any__life": 0.8, "risk__self_harm": 0.8, "now__attempt": 0.4}
    assert read("i did it once, 2 weeks ago", **done).facts.now == ()
    assert read("i did it just now", **done).facts.now == ("attempt",)
    assert read("this began 2 weeks ago and i just took a load of them", **done).facts.now == ("attempt",)
    assert read("last month, not now", **done).facts.now == ()
    assert read("weeks ago it was a cut, now its more", **(done | {"now__attempt": 0.7})).facts.now == ("attempt",)


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("nah im just really scared", "feelings"),
        ("i feel so bad", "feelings"),
        ("not scared any more", "tell"),
        ("scared of what he does with it?", "tell"),
        ("im scared, i paid him", "tell"),
    ],
)
def test_who_says_only_how_it_feels_is_met_as_that(said: str, intent: str) -> None:
    assert read(said).intent == intent


def test_a_no_with_a_feeling_is_a_no() -> None:
    reading = read("nah im just really scared", "suicide")
    assert (reading.answer, reading.intent, reading.facts.risk) == ("no", "feelings", ())


@pytest.mark.parametrize(
    "said", ["i cant breathe, im shaking so bad", "i can’t breathe", "having a panic attack", "my heart is racing"]
)
def test_panic_in_the_body_is_its_own_question(said: str) -> None:
    assert (read(said).intent, read(said).topic) == ("ask_panic", "panic")
    assert read(said + ", he has my pics and i paid him").topic is None
