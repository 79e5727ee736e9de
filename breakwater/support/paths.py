"""All that can be said and when, written out for a safeguarding lead: `docs/paths.md`, made from the rules themselves.

Nothing here is told twice by hand: the order is that of `plan`, `danger` and `steps`, the texts are those of
`domain.yml`, and the rest is found by `introspection`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from breakwater.support import danger, plan, steps
from breakwater.support.acknowledge import _ACKS
from breakwater.support.directory import load_directory
from breakwater.support.introspection import listed, responses_of, rules_of, when
from breakwater.support.memory import Memory
from breakwater.support.situation import Situation
from breakwater.support.steps import Step
from breakwater.support.topics import Topic, load_topics
from breakwater.support.turn import Place
from breakwater.support.wording import Wording
from breakwater.understanding.facts import CaseFacts, Reading

KINDS: tuple[tuple[str, CaseFacts], ...] = (
    ("A threat, and it is not said what for", CaseFacts(threat_type="unclear_threat")),
    ("A threat for money", CaseFacts(threat_type="financial", demand=("money",))),
    ("A threat for money, and something was paid", CaseFacts(threat_type="financial", demand=("money",), paid="yes")),
    ("A threat for more pictures", CaseFacts(threat_type="image", demand=("images",))),
    ("Told to hurt themselves", CaseFacts(threat_type="image", demand=("self_harm",))),
    ("A fake picture", CaseFacts(threat_type="deepfake")),
    ("A former partner who wants something", CaseFacts(threat_type="ex_partner", demand=("other",))),
    ("A former partner who asks for nothing", CaseFacts(threat_type="ex_partner")),
    ("It is posted already", CaseFacts(threat_type="financial", already_posted="yes")),
    ("A child under 13", CaseFacts(threat_type="image", age=11, minor="yes")),
    ("A child under 13 who sent nothing", CaseFacts(age=11, minor="yes", images_shared_already="no")),
    ("An e-mail bluff", CaseFacts(threat_type="scam_email", demand=("money",))),
    ("Nothing threatened yet", CaseFacts(threat_type="pre_threat")),
    ("A parent", CaseFacts(threat_type="financial", speaker="parent")),
    ("A teacher", CaseFacts(threat_type="image", speaker="teacher")),
    ("A friend", CaseFacts(threat_type="financial", speaker="friend")),
    ("Somebody who got a picture", CaseFacts(speaker="bystander")),
    ("Somebody who did it", CaseFacts(speaker="perpetrator")),
)
TRACKS: tuple[tuple[str, tuple[Step, ...]], ...] = (
    ("A live threat", steps.LIVE),
    ("A live threat to an adult who has paid", steps.ADULT_PAID),
    ("A live threat, and the time they set is less than two hours away", steps.HOUR),
    ("It is posted", steps.POSTED_TRACK),
    ("Under 13", steps.YOUNG),
    ("An e-mail bluff", steps.EMAIL),
    ("Nothing threatened yet", steps.PRE_TRACK),
    ("A parent or a teacher", steps.PARENT),
    ("A friend", steps.FRIEND),
    ("A parent or teacher, and a life may be in danger", steps.THIRD_IN_DANGER),
    ("A friend, and a life may be in danger", steps.FRIEND_IN_DANGER),
    ("A parent or teacher who reports thoughts of dying or self-harm", steps.THIRD_IN_FEAR),
    ("A friend who reports thoughts of dying or self-harm", steps.FRIEND_IN_FEAR),
    ("Somebody who got a picture", steps.BYSTANDER),
    ("Somebody who did it", steps.PERPETRATOR),
    ("Asked, and nothing told yet", steps.UNTOLD),
)
_HEAD = """# All paths

Made by `breakwater paths` from the rules and from `domain.yml`; do not edit it, a test compares it.

For the safeguarding lead: what is said, in which order, and which texts a person has signed. **{signed} of {all} texts
are reviewed.** How to change or sign one: [content guide](content-guide.md). A name such as `utter_first_money` finds
the text in `domain.yml`; a text is printed where it comes first here, and named after that. `{{line}}` and other words
in braces are filled for each person. Names of facts are those of [labels.md](labels.md).

In every turn the first of these speaks that has something to say: the rules before everything, the first reply, the
answer to what the person asked, a short word on what they told, the next step of their track. At most two messages, one
question.
"""
_THIRD_TURN = Memory(asked={"suicide": 1}, turns=2)
_VARIATION = {
    "counsellor_here": "while a counsellor is there", "may_call_for_you": "where we may call for them",
    "someone_here": "while a counsellor is there for anybody", "not_served": "to somebody the counsellors are not for",
    "busy": "while more people wait than can be seen to",
}  # fmt: skip


@dataclass
class Paths:
    """One writing of the page; `shown` are the responses whose text stands in it already."""

    root: Path
    shown: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.wording = Wording.load(self.root / "domain.yml")
        self.topics = load_topics(self.root / "data" / "topics.yaml")
        self._directory = load_directory(self.root / "data" / "directory")

    def page(self) -> str:
        texts = [variation for variations in self.wording.responses.values() for variation in variations]
        signed = sum(bool((text.get("metadata") or {}).get("reviewed")) for text in texts)
        parts = (
            self._greeting, self._before, self._openings, self._tracks, self._short_words, self._answers, self._rest,
        )  # fmt: skip
        lines = [_HEAD.format(signed=signed, all=len(texts))]
        for part in parts:
            lines += part()
        return "\n".join(lines).rstrip() + "\n"

    def _greeting(self) -> Iterator[str]:
        yield "## Before the person writes\n"
        yield from self._texts(["utter_greeting"])

    def _before(self) -> Iterator[str]:
        yield "## Before everything else\n"
        yield "In this order; safety stands before the person's own question and before every step.\n"
        for rule in rules_of(plan.next_move):
            if rule is danger.danger_move:
                yield from self._rules("Danger", danger._RULES)
                yield from self._rules("Danger, told by a parent, friend or teacher", danger._RULES_FOR_ANOTHER)
                yield "#### Beside each of these, when it applies\n"
                yield from self._texts(responses_of(danger._with_question_parked))
            elif rule is not plan._conversation and (said := responses_of(rule)):
                yield f"### {_title(rule)}\n"
                yield from self._texts(said)

    def _rules(self, title: str, rules: Sequence[Callable[..., Any]]) -> Iterator[str]:
        yield f"### {title}\n"
        for rule in rules:
            yield f"#### {_title(rule)}\n"
            yield from self._texts(responses_of(rule))

    def _openings(self) -> Iterator[str]:
        yield "## The first reply, by kind of case\n"
        names = {track: title for title, track in TRACKS}
        for title, facts in KINDS:
            situation = self._situation(facts, Memory())
            yield f"### {title}\n"
            yield from self._texts([say.response for say in plan.next_move(situation).says])
            track = steps.track(situation)
            yield f"Then: {names[track]}.\n" if track else "Then no steps: what they ask is answered.\n"
        yield "### After danger came first\n"
        yield from self._texts(["utter_first_after_danger", "utter_first_after_fear"])

    def _tracks(self) -> Iterator[str]:
        yield "## Step by step\n"
        yield "A step is taken once. Facts behind a step are those that bring it or leave it out, each alone.\n"
        for title, track in TRACKS:
            yield f"### {title}\n"
            for number, step in enumerate(track, 1):
                taken = when(step, self._situation)
                yield f"**{number}. {step.name.replace('_', ' ')}**{' – ' if taken else ''}{taken}\n"
                said = (step.response,) if isinstance(step.response, str) else responses_of(step.response)
                yield from self._texts(said)

    def _short_words(self) -> Iterator[str]:
        yield "## A short word on what they told\n"
        yield "Before the next step; the first that fits and was not said yet.\n"
        yield from self._texts([response for _, response in _ACKS])
        yield "## While nobody has said what it is about, and at the end\n"
        yield from self._texts(responses_of(plan._conversation))

    def _answers(self) -> Iterator[str]:
        yield "## Answers to questions\n"
        group = ""
        for topic in self.topics.by_name.values():
            if topic.group != group:
                group = topic.group
                yield f"### Questions: {group}\n"
            yield from self._topic(topic)
        yield "### Asked again\n"
        yield from self._texts(["utter_answered_before"])

    def _topic(self, topic: Topic) -> Iterator[str]:
        yield f"#### {topic.name.replace('_', ' ')}\n"
        for variant in topic.variants:
            cases = " or ".join(listed([f"`{k}: {_plain(v)}`" for k, v in c.items()], "and") for c in variant.when)
            yield f"With {cases}:\n" if cases else "Else:\n" if len(topic.variants) > 1 else "Always:\n"
            yield from self._texts([variant.response])

    def _rest(self) -> Iterator[str]:
        yield "## By the clock, around a counsellor, and other languages\n"
        yield from self._texts([name for name in self.wording.responses if name not in self.shown])

    def _texts(self, names: Sequence[str]) -> Iterator[str]:
        """Each text once. A name that a rule completes (`utter_media_`) stands for all that begin so; other languages
        come last."""
        every = list(dict.fromkeys(full for name in names for full in self._completed(name)))
        for name in every:
            if name not in self.wording.responses:
                yield f"- all `{name}…`, at the end of this page\n"
        new = [name for name in every if name in self.wording.responses and name not in self.shown]
        for name in new:
            yield from (_variation(name, variation) for variation in self.wording.responses[name])
        if above := [f"`{name}`" for name in every if name in self.shown]:
            yield f"- as above: {', '.join(above)}\n"
        self.shown.update(new)

    def _completed(self, name: str) -> Sequence[str]:
        every = [full for full in self.wording.responses if name.endswith("_") and full.startswith(name)]
        spoken = any((v.get("metadata") or {}).get("language") for full in every for v in self.wording.responses[full])
        return [name] if spoken or not every else every

    def _situation(self, facts: CaseFacts, memory: Memory = _THIRD_TURN) -> Situation:
        """A case in which everything was told just now."""
        place = Place("2026-01-01T12:00:00+00:00", counsellor_here=True)
        return Situation(facts, memory, Reading(facts=facts), place, self._directory, self.topics, self.wording)


def write_paths(root: Path) -> Path:
    """Writes the page; returns its path."""
    file = root / "docs" / "paths.md"
    file.write_text(Paths(root).page(), "utf8")
    return file


def _title(rule: Callable[..., Any]) -> str:
    """What a rule says of itself, else its name."""
    return " ".join((rule.__doc__ or rule.__name__.replace("_", " ")).split()).rstrip(".").strip()


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _variation(name: str, variation: Mapping[str, Any]) -> str:
    about = variation.get("metadata") or {}
    told = [_VARIATION[c["name"]] for c in variation.get("condition") or ()]
    told += [f"on {variation['channel'].capitalize()}"] if variation.get("channel") else []
    told += [f"in {about['language']}"] if about.get("language") else []
    told.append(f"reviewed: {about['reviewed']}" if about.get("reviewed") else "not reviewed")
    lines = [f"- `{name}`, {', '.join(told)}", "", *(f"  > {line}" for line in variation["text"].strip().splitlines())]
    if buttons := variation.get("buttons"):
        lines += ["  >", "  > " + " ".join(f"\\[{button['title']}\\]" for button in buttons)]
    return "\n".join(lines) + "\n"
