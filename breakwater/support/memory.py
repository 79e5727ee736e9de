"""What the service has said and asked in a case, so that steps never repeat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from breakwater.understanding.facts import Reading

THERE_OR_FORCED = frozenset(
    {"offender_present", "live_coercion"}
)  # a danger of this hour that a person can say is over
_SAFE = ("safe_now", "off_camera")
_FOR_SOMEBODY_ELSE = "utter_parent_card"  # what is written after it answers no question put to the child
OVERVIEW = "utter_answer_what_do_i_do_now_untold"  # it names the steps and takes none of them


@dataclass(frozen=True)
class Memory:
    """`given`: advice tag → how often · `asked`: question kind → how often · `said`: names of the
    responses used, oldest first · `question`: the kind still open · `answers`: kind → what was said when it
    was asked last: yes, no, unsure, sometimes, rather_not, or the value of a button · `parked`: topics put
    off for safety · `turns`: answers by the assistant so far · `deadline_at`: when the deadline that was told runs
    out (`hour`)."""

    given: Mapping[str, int] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    question: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    parked: tuple[str, ...] = ()
    turns: int = 0
    deadline_at: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "given": dict(self.given), "asked": dict(self.asked), "said": list(self.said),
            "question": self.question, "answers": dict(self.answers), "parked": list(self.parked), "turns": self.turns,
            "deadline_at": self.deadline_at,
        }  # fmt: skip

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Memory:
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in stored.items()}
        return cls(**values)

    def answered(self, question: str | None, answer: str | None) -> Memory:
        """A question was answered; None leaves the open one open."""
        if question is None or answer is None:
            return self
        still_open = None if question == self.question else self.question
        return replace(self, answers={**self.answers, question: answer}, question=still_open)

    def hearing(self, said: Reading) -> Memory:
        """After a message was read: what it answers. An attempt, however it is told, is a yes to whether something was
        done."""
        done = "attempt" in said.facts.now
        told = self.answered("attempt", "yes") if done else self
        if set(said.facts.now) & THERE_OR_FORCED:  # whoever said that they are safe was safe then
            told = replace(told, answers={kind: a for kind, a in told.answers.items() if kind not in _SAFE})
        elif "turned_off" in said.cues:
            told = told.answered("off_camera", "yes")
        return told if done and said.question == "attempt" else told.answered(said.question, said.answer)

    def parking(self, topics: Sequence[str]) -> Memory:
        """Questions put off until the person is safe."""
        new = tuple(t for t in topics if t not in self.parked)
        return replace(self, parked=self.parked + new) if new else self

    def after(self, replies: Sequence[Mapping[str, Any]]) -> Memory:
        """After these replies were handed to the person; each may hold `response`, `tags`, `question`."""
        given, asked, answers = dict(self.given), dict(self.asked), dict(self.answers)
        question = self.question
        for reply in replies:
            if reply.get("response") != OVERVIEW:
                for tag in reply.get("tags") or ():
                    given[tag] = given.get(tag, 0) + 1
            if reply.get("response") == _FOR_SOMEBODY_ELSE:
                question = None
            if reply.get("question"):
                question = reply["question"]
                asked[question] = asked.get(question, 0) + 1
                answers.pop(question, None)  # asked again: what was answered before no longer stands
        said = self.said + tuple(r["response"] for r in replies if r.get("response"))
        return replace(
            self, given=given, asked=asked, answers=answers, said=said, question=question, turns=self.turns + 1
        )
