"""Every sentence we say to a person, read against the rules for it (safeguarding rules 5, 8, 10, 20, 24).

All of `domain.yml` is read: each variation, filled with the longest that its places may hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from breakwater.support import hour, remit
from breakwater.support.lines import Lines
from breakwater.support.memory import Memory
from breakwater.support.playbooks import load_playbooks
from breakwater.support.topics import load_topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.answers import STATED
from breakwater.understanding.facts import CaseFacts

ROOT = Path(__file__).parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text("utf8"))
LISTS: Mapping[str, Mapping[str, Any]] = yaml.safe_load((ROOT / "data/lexicon/wording.yml").read_text("utf8"))["lists"]
TOPICS = load_topics(ROOT / "data" / "topics.yaml")
PLAYBOOKS = load_playbooks(ROOT / "data" / "playbooks")
HERE = {"mute_here", "save_here", "report_here", "block_here", "hide_here", "money_here"}

MOST_WORDS, MOST_IN_A_SENTENCE, MOST_BUTTONS, MOST_ON_A_BUTTON = 60, 15, 4, 4
SAMPLES = {
    "emergency": "999 or 112", "ambulance": "999 or 112", "police": "999 or 112", "line": "Shout, text SHOUT to 85258",
    "report": "One place for it: Report Remove, childline.org.uk.", "silent": "Text 999.", "days": "30",
    "helpline": "Breakwater", "site": "chat.example.org", "name": "Sam", "hold": "24", "wait": "1 hour and 35 minutes",
    "remit": "people in the United Kingdom or Ireland", "country": "the United Kingdom",
    **PLAYBOOKS.values(CaseFacts(), HERE),
}  # fmt: skip
EVERY_ANSWER = {"yes", "no", "unsure", "sometimes", "rather_not"}  # breakwater/understanding/answers.py, of_words
DONE_BY_A_BUTTON = {"do:human", "do:hide", "do:erase", "do:erase_now", "do:numbers"}
SAID_WITH_A_COUNSELLOR = {"utter_cut_off"}  # they were there a moment ago


@dataclass(frozen=True)
class Text:
    """One variation of a response."""

    name: str
    raw: str
    buttons: tuple[Mapping[str, str], ...]
    tags: tuple[str, ...]
    question: str | None
    slots: Mapping[str, Any]
    language: str

    @property
    def filled(self) -> str:
        return re.sub(r"\{(\w+)\}", lambda place: SAMPLES[place[1]], self.raw)

    @property
    def places(self) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", self.raw))

    @property
    def sentences(self) -> list[str]:
        """Its places are left out; what fills them is read apart."""
        return sentences(re.sub(r"\{\w+\}", "so", self.raw)) + [b["title"] for b in self.buttons]

    @property
    def may_be_said_without_a_counsellor(self) -> bool:
        """A text that names the counsellor is one of theirs; `{name}` is filled with who it is."""
        told = self.slots.get("counsellor_here") or self.slots.get("may_call_for_you") or "name" in self.places
        return not told and self.name not in SAID_WITH_A_COUNSELLOR


def sentences(text: str) -> list[str]:
    return [s for s in re.split(r"(?<=[.?!])[\"”)]*\s+", " ".join(text.split())) if s]


def texts() -> Iterator[Text]:
    for name, variations in DOMAIN["responses"].items():
        for v in variations:
            about = v.get("metadata") or {}
            slots = {c["name"]: c["value"] for c in v.get("condition") or ()}
            yield Text(
                name, " ".join(v["text"].split()), tuple(v.get("buttons") or ()),
                tuple(about.get("tags") or ()), about.get("question"), slots,
                about.get("language", "en"),
            )  # fmt: skip


ALL = list(texts())
each = pytest.mark.parametrize("text", ALL, ids=lambda text: text.name)


def forbidden(said: str, without_counsellor: bool, language: str = "en") -> list[str]:
    """The lists of `data/lexicon/wording.yml` that a sentence in this language offends."""
    plain = said.lower().replace("’", "'")
    return [
        name
        for name, entry in LISTS.items()
        if language in entry.get("languages", ["en"])
        and (without_counsellor or "profile" not in entry)
        and any(re.search(word, plain) for word in entry["words"])
        and not any(re.search(word, plain) for word in entry.get("unless", ()))
    ]


@each
def test_a_text_is_short_and_so_are_its_sentences(text: Text) -> None:
    assert len(text.filled.split()) <= MOST_WORDS
    assert [s for s in sentences(text.raw) if len(s.split()) > MOST_IN_A_SENTENCE] == []


@each
def test_a_text_asks_one_thing_and_says_which(text: Text) -> None:
    assert text.filled.count("?") == (1 if text.question else 0)
    assert text.question is None or text.question in TOPICS.questions


@each
def test_every_place_is_filled_by_somebody(text: Text) -> None:
    assert text.places <= set(SAMPLES)


def test_the_lines_fill_every_place_but_the_counsellors_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for maker in ("_numbers", "_company", "_report", "_silent", "_remit", "_country"):
        monkeypatch.setattr(Lines, maker, lambda *_: "words")
    place: Any = type("Place", (), {"retention_days": 30, "erase_hold_hours": 24, "helpline": "x", "site": "y"})
    nothing: Any = None
    filled = {*Lines(nothing, place, nothing).values(set(SAMPLES)), *PLAYBOOKS.values(CaseFacts(), set(SAMPLES))}
    filled |= set(hour.values(Memory(deadline_at="2026-11-21T01:30:00+00:00"), "2026-11-21T01:00:00+00:00", SAMPLES))
    assert filled == set(SAMPLES) - {"name"}


IN_EACH_APP = [t for t in ALL if t.places & HERE - {"money_here"}]
ABOUT_MONEY = [t for t in ALL if "money_here" in t.places]


def in_full(text: Text, facts: CaseFacts) -> str:
    values = {**SAMPLES, **PLAYBOOKS.values(facts, HERE)}
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], text.raw)


@pytest.mark.parametrize(
    ("facts", "spoken"),
    [(CaseFacts(platform=(app,)), IN_EACH_APP) for app in PLAYBOOKS.platforms]
    + [(CaseFacts(payment=(way,)), ABOUT_MONEY) for way in PLAYBOOKS.payments],
    ids=[*PLAYBOOKS.platforms, *PLAYBOOKS.payments],
)
def test_a_step_is_sayable_in_each_app_and_about_each_payment(facts: CaseFacts, spoken: list[Text]) -> None:
    assert spoken
    for text in spoken:
        said = in_full(text, facts)
        assert len(said.split()) <= MOST_WORDS, said
        assert said.count("?") == (1 if text.question else 0)
        assert {s: found for s in sentences(said) if (found := forbidden(s, True))} == {}


def test_every_place_for_an_app_is_in_use() -> None:
    assert set().union(*(t.places for t in ALL)) >= HERE


@each
def test_buttons_are_few_and_do_what_is_known(text: Text) -> None:
    assert len(text.buttons) <= MOST_BUTTONS
    for button in text.buttons:
        assert len(button["title"].split()) <= MOST_ON_A_BUTTON
        kind, _, rest = button["payload"].partition(":")
        question, _, value = rest.partition("=")
        if kind == "answer":
            assert question in TOPICS.questions
            assert value in EVERY_ANSWER or value in STATED[question]
            assert text.question in (None, question) or rest == "next_step=yes"  # a tap answers what was asked
        else:
            assert button["payload"] in DONE_BY_A_BUTTON


@each
def test_nothing_forbidden_is_said(text: Text) -> None:
    without = text.may_be_said_without_a_counsellor
    assert {s: found for s in text.sentences if (found := forbidden(s, without, text.language))} == {}


@each
def test_a_number_is_tagged_where_it_is_shown_and_nowhere_else(text: Text) -> None:
    assert ("emergency_number" in text.tags) == bool(text.places & {"emergency", "ambulance", "police"})
    assert ("support_line" in text.tags) == ("line" in text.places)
    assert not ("human_coming" in text.tags and text.may_be_said_without_a_counsellor)


ADULT = CaseFacts(threat_type="financial", age=34, minor="no")
AWAKE = Place("2026-11-21T12:00:00+00:00", counsellor_here=True)
# Everybody whom no counsellor is promised although one is there (safeguarding rule 18, §7).
UNPROMISED = {
    "an adult at a child helpline": (ADULT, replace(AWAKE, serves_adults="no")),
    "somebody from elsewhere": (replace(ADULT, country="FR"), replace(AWAKE, remit_countries="GB,IE")),
    "somebody who can wait while it is full": (ADULT, replace(AWAKE, surge=True)),
}
QUEUE = re.compile(
    r"\b(our list|when they('re| are) back|they know you're waiting|a counsellor (here )?(can(?!'t)|will|reads)|"
    r"they (will )?see (this|your)|marked your chat)\b",
    re.IGNORECASE,
)
NOT_SAID_TO_THEM = {
    "utter_greeting", "utter_telegram_help", "utter_step_person_child", "utter_step_person_offer",
    "utter_person_offer_again",
}  # fmt: skip


@pytest.mark.parametrize("profile", UNPROMISED)
@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_no_counsellor_is_promised_to_whom_none_is_called(profile: str, channel: str) -> None:
    facts, place = UNPROMISED[profile]
    about = remit.about(facts, replace(place, channel=channel))
    wording = Wording(DOMAIN["responses"])
    promised = set()
    for name in DOMAIN["responses"]:
        if "name" in wording.places(name, about) or name in SAID_WITH_A_COUNSELLOR:
            continue
        said = wording.reply(name, about, **SAMPLES)["text"]
        language = (DOMAIN["responses"][name][0].get("metadata") or {}).get("language", "en")
        assert len(said.split()) <= MOST_WORDS, name
        found = {s: f for s in sentences(said) if (f := forbidden(s, True, language))}
        assert found == {}, name
        promised |= {name} if QUEUE.search(said) and not about["busy"] else set()
    assert promised <= NOT_SAID_TO_THEM


def test_a_text_for_a_counsellor_there_has_one_for_nobody_there() -> None:
    for name in {t.name for t in ALL if t.slots}:
        assert any(t.name == name and not t.slots for t in ALL), name


def test_every_list_has_its_reason() -> None:
    for name, entry in LISTS.items():
        assert set(entry) <= {"why", "words", "unless", "profile", "languages"}, name
        assert len(entry["why"].split()) > 4, name
        assert entry["words"], name
        assert all(word == word.lower() or "\\" in word for word in entry["words"]), name


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("This is your fault.", "blame"),
        ("You shouldn't have paid.", "blame"),
        ("They won't post it.", "promise"),
        ("It'll be OK.", "promise"),
        ("You're not in trouble.", "promise"),
        ("I'll stay with you through it.", "promise"),
        ("You need to tell your parents.", "must_tell"),
        ("We can call social services.", "child_services"),
        ("Can you send me the picture?", "send_picture"),
        ("I'm a real person.", "claims_human"),
        ("We will tell your school.", "will_tell"),
        ("I looked at the picture.", "saw_picture"),
        ("Think of your wife.", "marriage"),
        ("Reply to the sender and ask them to stop.", "contact_sender"),
        ("Don't worry.", "minimising"),
        ("Has she asked for more?", "gender"),
        ("Why did you send it?", "why_question"),
        ("Preserve the evidence.", "hard_words"),
        ("Is a naked picture out there?", "explicit"),
        ("Are there pills near you?", "methods"),
        ("Well done!", "shouting"),
        ("Take care 💙", "shouting"),
        ("I'm calling a counsellor to this chat.", "counsellor_coming"),
        ("A counsellor can join.", "counsellor_coming"),
    ],
)
def test_the_lists_find_what_they_are_for(said: str, which: str) -> None:
    assert which in forbidden(said, without_counsellor=True)


@pytest.mark.parametrize(
    ("said", "language", "which"),
    [
        ("Dit is je eigen schuld.", "nl", "blame_elsewhere"),
        ("Warum hast du das gemacht?", "de", "blame_elsewhere"),
        ("C'est ta faute.", "fr", "blame_elsewhere"),
        ("Es tu culpa.", "es", "blame_elsewhere"),
        ("É sua culpa.", "pt", "blame_elsewhere"),
        ("È colpa tua.", "it", "blame_elsewhere"),
        ("To twoja wina.", "pl", "blame_elsewhere"),
        ("Kasalanan mo ito.", "tl", "blame_elsewhere"),
        ("Alles komt goed.", "nl", "promise_elsewhere"),
        ("Alles wird gut.", "de", "promise_elsewhere"),
        ("Tout ira bien.", "fr", "promise_elsewhere"),
        ("Todo va a salir bien.", "es", "promise_elsewhere"),
        ("Goed zo!", "nl", "shouting"),
    ],
)
def test_other_languages_have_lists_of_their_own(said: str, language: str, which: str) -> None:
    assert which in forbidden(said, without_counsellor=True, language=language)


def test_a_counsellor_who_is_there_may_be_announced() -> None:
    assert forbidden("I'm calling a counsellor to this chat.", without_counsellor=False) == []
