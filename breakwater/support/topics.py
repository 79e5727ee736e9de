"""The questions people ask us and the questions we ask, from `data/topics.yaml`.

A question has one answer, or several for different people; the first that fits is said. Our own
questions are known by their words, so that an answer is understood whatever wording was used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from breakwater.support.memory import Memory
from breakwater.understanding.facts import CaseFacts

BEFORE = "utter_answered_before"
_Case = Callable[[CaseFacts, Memory, Any], bool]


class TopicsError(ValueError):
    """The list cannot be used; the message names the file and the topic or question."""


@dataclass(frozen=True)
class Variant:
    """One answer; it fits when in one of `when` every case holds, and without `when` always."""

    response: str
    when: tuple[Mapping[str, Any], ...] = ()

    def fits(self, facts: CaseFacts, memory: Memory) -> bool:
        return not self.when or any(
            all(CASES[name](facts, memory, value) for name, value in cases.items()) for cases in self.when
        )


@dataclass(frozen=True)
class Topic:
    """`variants` in order, the plain answer last. `again`: the answer is given as often as it is asked.
    `eval_topic`: what the evaluation calls it, None where it has no name for it."""

    name: str
    group: str
    variants: tuple[Variant, ...]
    again: bool = False
    eval_topic: str | None = None


@dataclass(frozen=True)
class Topics:
    """`by_name`: what people ask · `questions`: what we ask, kind → phrases · `tags`: kinds of advice."""

    by_name: Mapping[str, Topic]
    questions: Mapping[str, tuple[frozenset[str], ...]]
    tags: frozenset[str]

    def response(self, topic: str, facts: CaseFacts, memory: Memory) -> str | None:
        """The answer for this person; None for a topic that is not listed.

        What was said before is not said again in the same words, unless it is about safety or feelings,
        or the person asks a third time: then it was not understood.
        """
        found = self.by_name.get(topic)
        if found is None:
            return None
        answer = next(v.response for v in found.variants if v.fits(facts, memory))
        return BEFORE if not found.again and _last(answer, memory) > _last(BEFORE, memory) else answer

    def group(self, topic: str | None) -> str | None:
        """What a topic is about; None for none."""
        found = self.by_name.get(topic or "")
        return found.group if found else None

    def question_kind(self, text: str) -> str | None:
        """The kind of the last question in a message of ours, in whatever wording; None when it asks nothing."""
        said = frozenset(_words(_last_question(text)))
        fitting = [
            (len(phrase), kind) for kind, all_of in self.questions.items() for phrase in all_of if phrase <= said
        ]
        return max(fitting, key=lambda found: found[0])[1] if fitting else None


def load_topics(path: Path) -> Topics:
    """The list in `path`. Raises TopicsError naming the file and what is wrong in it."""
    try:
        content = yaml.safe_load(path.read_text("utf8"))
        topics = [_topic(entry) for entry in content["topics"]]
        questions = [
            (q["kind"], tuple(_phrase(q["kind"], words) for words in q["words"])) for q in content["questions"]
        ]
        for kind in ("topic", "question"):
            _once(kind, [t.name for t in topics] if kind == "topic" else [k for k, _ in questions])
        return Topics({t.name: t for t in topics}, dict(questions), frozenset(content["tags"]))
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError) as fault:
        raise TopicsError(f"{path.name}: {fault}") from fault


# ---- cases: what a `when` may name, each over the facts and what was said


def _is(fact: str) -> _Case:
    return lambda facts, _, value: bool(getattr(facts, fact) == value)


def _risk(facts: CaseFacts, _: Memory, value: str) -> bool:
    return value in facts.risk


def _speaker(facts: CaseFacts, _: Memory, value: str) -> bool:
    """`unknown`: nobody said that they write for somebody else."""
    return facts.speaker == ("victim" if value == "unknown" else value)


def _minor(facts: CaseFacts, _: Memory, value: bool | str) -> bool:
    """true, false, or unknown, as the case stands now: a plain correction changes the answer at once (rule 17)."""
    return value == (True if facts.child else False if facts.adult else "unknown")


def _under_13(facts: CaseFacts, _: Memory, value: bool) -> bool:
    return facts.under_13 is value


def _age_in_image(facts: CaseFacts, _: Memory, value: str) -> bool:
    """Only `unknown` can be asked for."""
    return value == "unknown" and facts.age_in_image is None


def _age_in_image_below(facts: CaseFacts, _: Memory, value: int) -> bool:
    return facts.age_in_image is not None and facts.age_in_image < value


def _home_unsafe(facts: CaseFacts, memory: Memory, value: str) -> bool:
    """Asked and not answered with a no counts as not safe (safeguarding rule 8); it is not asked twice."""
    asked = memory.asked.get("home_safe", 0) > 0
    return value == ("yes" if facts.home_unsafe == "unknown" and asked else facts.home_unsafe)


def _said_unsafe(facts: CaseFacts, _: Memory, value: bool) -> bool:
    """Only what was said: an open question about home is no reason to let somebody go on being written to."""
    return (facts.home_unsafe == "yes") is value


def _said(_: CaseFacts, memory: Memory, response: str) -> bool:
    return response in memory.said


def _unsaid(_: CaseFacts, memory: Memory, response: str) -> bool:
    return response not in memory.said


def _person_called(_: CaseFacts, memory: Memory, value: bool) -> bool:
    return (memory.given.get("human_coming", 0) > 0) is value


CASES: Mapping[str, _Case] = {
    **{fact: _is(fact) for fact in ("threat_type", "offender", "already_posted", "paid", "watched", "has_file")},
    **{fact: _is(fact) for fact in ("sent_other_child", "wants_human", "evidence_saved")},
    "risk": _risk,
    "speaker": _speaker,
    "minor": _minor,
    "under_13": _under_13,
    "age_in_image": _age_in_image,
    "age_in_image_below": _age_in_image_below,
    "home_unsafe": _home_unsafe,
    "home_said_unsafe": _said_unsafe,
    "said": _said,
    "unsaid": _unsaid,
    "person_called": _person_called,
}


# ---- reading the file


def _topic(entry: Mapping[str, Any]) -> Topic:
    name = entry["topic"]
    if stray := set(entry) - {"topic", "group", "eval_topic", "means", "variants", "again"}:
        raise ValueError(f"{name}: no such key: {', '.join(sorted(stray))}")
    variants = [_variant(name, variant) for variant in entry.get("variants", ())]
    plain = Variant(f"utter_answer_{name}")
    return Topic(name, entry["group"], (*variants, plain), entry.get("again", False), entry.get("eval_topic"))


def _variant(topic: str, entry: Mapping[str, Any]) -> Variant:
    where = f"{topic}, {entry.get('name', 'a variant without a name')}"
    if stray := set(entry) - {"name", "when", "says"}:
        raise ValueError(f"{where}: no such key: {', '.join(sorted(stray))}")
    if not entry.get("when"):
        raise ValueError(f"{where}: says not when it fits")
    if strange := {case for cases in entry["when"] for case in cases} - set(CASES):
        raise ValueError(f"{where}: no such case: {', '.join(sorted(strange))}")
    response = entry.get("says", f"utter_answer_{topic}_{entry['name']}")
    return Variant(response, tuple(entry["when"]))


def _phrase(kind: str, words: str) -> frozenset[str]:
    if not words or " ".join(_words(words)) != words:
        raise ValueError(f"{kind}: {words!r} is not in small letters without apostrophes and hyphens")
    return frozenset(words.split())


def _once(kind: str, names: list[str]) -> None:
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(f"the {kind} {', '.join(twice)} is listed twice")


# ---- words


def _last(response: str, memory: Memory) -> int:
    """Where in the conversation it was said last; -1 for never."""
    return max((place for place, said in enumerate(memory.said) if said == response), default=-1)


def _last_question(text: str) -> str:
    """The last sentence with a question mark, or else the last that begins with "tell me"."""
    found = re.findall(r"[^.!?]*\?", text) or re.findall(r"\btell me\b[^.!?]*", text, re.IGNORECASE)
    return str(found[-1]) if found else ""


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"['’]", "", text.lower()).replace("-", " "))
