"""The training messages say what docs/labels.md allows, once each, and enough of every kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from breakwater.support.topics import load_topics
from breakwater.understanding.facts import YES_NO_FACTS, CaseFacts

ROOT = Path(__file__).parents[2]
FILES = [file for folder in ("nlu", "facts") for file in sorted((ROOT / "data" / folder).glob("*.yml"))]
INTENTS = set(yaml.safe_load((ROOT / "domain.yml").read_text("utf8"))["intents"])
QUESTIONS = set(load_topics(ROOT / "data" / "topics.yaml").questions)
LISTED: dict[str, dict[str, list[str]]] = {
    name: yaml.safe_load((ROOT / "data" / "lexicon" / f"{name}s.yml").read_text("utf8"))
    for name in ("platform", "payment")
}

NOT_TYPED = {"answer", "nlu_fallback"}  # buttons, what nobody understood; media_… too
FEWEST = 20  # messages for each intent
MOST_ALIKE = 0.02  # share of messages that differ from another only in figures and names
NOT_LABELLED = {"lowest_age", "unreadable", "words"}  # facts that the code sets
TRUE_OR_FALSE = ("minor", "speaker_minor")


@dataclass(frozen=True)
class Message:
    file: Path
    intent: str
    text: str
    about: Mapping[str, Any]

    @property
    def where(self) -> str:
        return f"{self.file.name}, {self.intent}: {self.text[:70]}"

    @property
    def facts(self) -> dict[str, Any]:
        """The metadata as CaseFacts has it: true and false are yes and no there."""
        as_words = {name: {True: "yes", False: "no"}[self.about[name]] for name in TRUE_OR_FALSE if name in self.about}
        return {name: value for name, value in self.about.items() if name != "question"} | as_words


def read() -> list[Message]:
    return [
        Message(file, block["intent"], example["text"].strip(), example.get("metadata") or {})
        for file in FILES
        for block in yaml.load(file.read_text("utf8"), yaml.CSafeLoader)["nlu"]
        for example in block["examples"]
    ]


MESSAGES = read()


def plain(text: str) -> str:
    """As two people would write the same: no capitals, marks and apostrophes."""
    return " ".join(re.sub(r"[\"'’‘“”.,!?;:()…-]", "", text.lower()).split()) or text


def masked(text: str) -> str:
    """Without figures, and with one word for every app and way of paying."""
    names = [word for lists in LISTED.values() for words in lists.values() for word in words]
    any_name = "|".join(re.escape(plain(name)) for name in sorted(names, key=len, reverse=True))
    return re.sub(r"\d+", "0", re.sub(rf"\b({any_name})\b", "NAME", plain(text)))


def wrong(faults: list[str]) -> str:
    return "\n".join(faults)


# --- The form of the files -------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_has_only_what_is_written_in_the_guide(file: Path) -> None:
    content = yaml.load(file.read_text("utf8"), yaml.CSafeLoader)
    assert set(content) == {"version", "nlu"}
    assert content["version"] == "3.1"
    for block in content["nlu"]:
        assert set(block) == {"intent", "examples"}
        assert block["intent"] in INTENTS
        for example in block["examples"]:
            assert set(example) <= {"text", "metadata"}
            assert example["text"].strip()
            assert "metadata" not in example or example["metadata"], "an empty metadata"


def test_every_kind_of_message_has_examples_enough() -> None:
    count = Counter(message.intent for message in MESSAGES)
    typed = {i for i in INTENTS if i not in NOT_TYPED and not i.startswith("media_")}
    assert {intent: count[intent] for intent in typed if count[intent] < FEWEST} == {}


# --- What a label may be ---------------------------------------------------------------------


def test_every_label_is_a_fact_or_the_question_it_answers() -> None:
    known = {field.name for field in fields(CaseFacts)} - NOT_LABELLED | {"question"}
    assert not wrong([f"{m.where}: {stray}" for m in MESSAGES if (stray := set(m.about) - known)])


def test_the_case_facts_accept_every_message() -> None:
    faults = []
    for message in MESSAGES:
        try:
            CaseFacts.of(message.facts)
        except ValueError as fault:
            faults.append(f"{message.where}: {fault}")
    assert not wrong(faults)


def test_yes_and_no_are_quoted_and_nothing_untold_is_written() -> None:
    faults = [
        f"{m.where}: {name}: {value!r}"
        for m in MESSAGES
        for name, value in m.about.items()
        if (name in YES_NO_FACTS and value not in ("yes", "no"))
        or (name in (*TRUE_OR_FALSE, "wants_human") and not isinstance(value, bool))
        or value in ("unknown", "none", "victim", "", [], None)
    ]
    assert not wrong(faults)


def test_ages_are_ages_and_fit_one_another() -> None:
    faults = []
    for message in MESSAGES:
        ages = {name: message.about[name] for name in ("age", "age_min", "age_max") if name in message.about}
        in_order = message.about.get("age_min", 0) <= message.about.get("age_max", 120)
        if not in_order or not all(isinstance(age, int) and 5 <= age <= 110 for age in ages.values()):
            faults.append(message.where)
        youngest, oldest = ages.get("age", ages.get("age_min")), ages.get("age", ages.get("age_max"))
        minor = message.about.get("minor")
        if (oldest is not None and oldest < 18 and minor is False) or (
            youngest is not None and youngest > 17 and minor
        ):
            faults.append(f"{message.where}: minor does not fit the age")
    assert not wrong(faults)


def test_apps_ways_of_paying_questions_countries_and_languages_are_listed_names() -> None:
    faults = [
        f"{m.where}: {name}: {value}"
        for m in MESSAGES
        for name, value in m.about.items()
        if (name in LISTED and not (isinstance(value, list) and set(value) <= set(LISTED[name])))
        or (name == "question" and value not in QUESTIONS)
        or (name == "country" and not re.fullmatch(r"[A-Z]{2}", str(value)))
        or (name == "language" and not re.fullmatch(r"[a-z]{2}", str(value)))
    ]
    assert not wrong(faults)


def test_sums_and_deadlines_are_the_words_of_the_message() -> None:
    faults = [
        f"{m.where}: {name}: {m.about[name]!r}"
        for m in MESSAGES
        for name in ("amount", "deadline")
        if name in m.about and plain(m.about[name]) not in plain(m.text)
    ]
    assert not wrong(faults)


# --- No message twice ------------------------------------------------------------------------


def test_no_message_is_there_twice() -> None:
    """The same words may answer two questions of ours; then `question` tells them apart."""
    count = Counter((plain(m.text), m.about.get("question")) for m in MESSAGES)
    assert [said for said, times in count.items() if times > 1] == []


def test_hardly_any_message_is_another_with_the_figures_changed() -> None:
    said = [masked(m.text) for m in MESSAGES]
    count = Counter(said)
    alike = [text for text in said if count[text] > 1]
    assert len(alike) / len(said) <= MOST_ALIKE, Counter(alike).most_common(20)
