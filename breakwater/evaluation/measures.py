"""How well messages were understood: each measure is the messages it looks at and what counts as a hit.

The measures are those of the evaluation's own description; `first contacts` are the messages whose `group`
begins with `fc_`. A bot that has no word for a fact has no score in it: not zero, but "not available".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breakwater.evaluation.figures import Figure, drawn, macro_f1, micro_f1, share
from breakwater.understanding.facts import OFFLINE, SUICIDE_OR_SELF_HARM

Labels = Mapping[str, Any]
_CLAIMS = ("paid", "images_shared_already", "blocked_already")
_NO_DEMAND = frozenset({"none", "unknown"})
_LIFE, _OFFLINE = "suicide or self-harm", "danger offline"


@dataclass(frozen=True)
class Pair:
    """One message: its labels, and what was understood of it."""

    id: str
    text: str
    true: Labels
    found: Labels

    @property
    def length(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True)
class Share:
    """A share of the messages that `counts`: those in which `hit` holds. `good`: whether more is better.

    `field` is what a bot must be able to tell to be measured at all.
    """

    name: str
    field: str
    counts: Callable[[Labels], bool]
    hit: Callable[[Labels, Labels], bool]
    good: bool = True

    def figure(self, pairs: Sequence[Pair]) -> Figure:
        mine = [p for p in pairs if self.counts(p.true)]
        return share(sum(self.hit(p.true, p.found) for p in mine), len(mine))

    def misses(self, pairs: Sequence[Pair]) -> list[Pair]:
        return [p for p in pairs if self.counts(p.true) and self.hit(p.true, p.found) is not self.good]


@dataclass(frozen=True)
class F1:
    """An F1 score over the messages that `counts`."""

    name: str
    field: str
    counts: Callable[[Labels], bool]
    score: Callable[[Sequence[Pair]], float | None]
    wrong: Callable[[Labels, Labels], bool]
    good: bool = True

    def figure(self, pairs: Sequence[Pair]) -> Figure:
        return drawn([p for p in pairs if self.counts(p.true)], self.score)

    def misses(self, pairs: Sequence[Pair]) -> list[Pair]:
        return [p for p in pairs if self.counts(p.true) and self.wrong(p.true, p.found)]


Measure = Share | F1


# ---- which messages a measure looks at


def _group(labels: Labels) -> str:
    return str(labels.get("group") or "")


def first_contact(labels: Labels) -> bool:
    return _group(labels).startswith("fc_")


def _risks(labels: Labels) -> frozenset[str]:
    return frozenset(labels.get("risk") or ()) - {"none"}


def _also_ok(true: Labels) -> frozenset[str]:
    return frozenset(true.get("risk_also_ok") or ())


def _any_risk(kinds: frozenset[str]) -> Callable[[Labels], bool]:
    return lambda labels: bool(_risks(labels) & kinds)


def _harmless(hard: bool) -> Callable[[Labels], bool]:
    """No danger in it; `hard`: it only sounds like one."""
    return lambda true: "risk" in true and not _risks(true) and (_group(true) == "hardneg") is hard


def _is(name: str, *values: Any) -> Callable[[Labels], bool]:
    return lambda labels: labels.get(name) in values


def _trap(true: Labels) -> bool:
    return _group(true) == "minor_trap" and true.get("minor") is not True


# ---- what counts as a hit


def _found_any(kinds: frozenset[str]) -> Callable[[Labels, Labels], bool]:
    return lambda _, found: bool(_risks(found) & kinds)


def _alarm(true: Labels, found: Labels) -> bool:
    return bool(_risks(found) - _also_ok(true))


def _same(name: str) -> Callable[[Labels, Labels], bool]:
    return lambda true, found: bool(true[name] == found.get(name))


def _found(name: str, value: Any) -> Callable[[Labels, Labels], bool]:
    return lambda _, found: found.get(name) == value


def _claimed(name: str) -> Callable[[Labels, Labels], bool]:
    return lambda _, found: found.get(name) != "unknown"


def _topic(true: Labels, found: Labels) -> bool:
    return true["topic"] in (found.get("eval_topic"), found.get("topic"))


# ---- the measures


def _threat_f1(pairs: Sequence[Pair]) -> float | None:
    return macro_f1((p.true["threat_type"], p.found["threat_type"]) for p in pairs)


def _demands(labels: Labels, without: frozenset[str]) -> frozenset[str]:
    return frozenset(labels.get("demand") or ()) - without


def _demand_f1(without: frozenset[str]) -> Callable[[Sequence[Pair]], float | None]:
    return lambda pairs: micro_f1((_demands(p.true, without), _demands(p.found, without)) for p in pairs)


def _demand(name: str, without: frozenset[str]) -> F1:
    return F1(
        name, "demand", lambda true: first_contact(true) and "demand" in true, _demand_f1(without),
        lambda true, found: _demands(true, without) != _demands(found, without),
    )  # fmt: skip


def _danger(of: Callable[[Labels], Labels] = lambda found: found, field: str = "risk") -> tuple[Share, ...]:
    """Recall and false alarms of danger; `of` is where in what was understood it stands."""
    suffix = " (quick_read alone)" if field == "quick_read" else ""

    def seen(hit: Callable[[Labels, Labels], bool]) -> Callable[[Labels, Labels], bool]:
        return lambda true, found: hit(true, of(found))

    return (
        Share(f"{_LIFE} found{suffix}", field, _any_risk(SUICIDE_OR_SELF_HARM), seen(_found_any(SUICIDE_OR_SELF_HARM))),
        Share(f"{_OFFLINE} found{suffix}", field, _any_risk(OFFLINE), seen(_found_any(OFFLINE))),
        Share(f"risk raised on look-alikes (hardneg){suffix}", field, _harmless(hard=True), seen(_alarm), good=False),
        Share(f"risk raised on others without risk{suffix}", field, _harmless(hard=False), seen(_alarm), good=False),
    )


def _age(of: Callable[[Labels], Labels] = lambda found: found, field: str = "age") -> tuple[Share, ...]:
    suffix = " (quick_read alone)" if field == "quick_read" else ""
    no_age = {"age", "age_min", "age_max"}
    return (
        Share(f"stated age read{suffix}", field, lambda true: true.get("age") is not None,
              lambda true, found: of(found).get("age") == true["age"]),
        Share(f"an age read where none is stated{suffix}", field,
              lambda true: "age" in true and all(true.get(name) is None for name in no_age),
              lambda _, found: of(found).get("age") is not None, good=False),
    )  # fmt: skip


def _quick(found: Labels) -> Labels:
    return found.get("quick_read") or {}


MEASURES: tuple[Measure, ...] = (
    F1("threat type, macro-F1 (first contacts)", "threat_type", lambda t: first_contact(t) and "threat_type" in t,
       _threat_f1, lambda true, found: true["threat_type"] != found["threat_type"]),
    Share("threat type right (first contacts)", "threat_type", lambda t: first_contact(t) and "threat_type" in t,
          _same("threat_type")),
    _demand("demand, micro-F1 (first contacts)", frozenset()),
    _demand("demand, micro-F1 without none and unknown", _NO_DEMAND),
    Share("minor found", "minor", _is("minor", True), _found("minor", True)),
    Share("minor taken for an adult", "minor", _is("minor", True), _found("minor", False), good=False),
    Share("adult taken for a minor", "minor", lambda t: t.get("minor") is False, _found("minor", True), good=False),
    Share("minor claimed on a trap (minor_trap)", "minor", _trap, _found("minor", True), good=False),
    *_age(),
    *_danger(),
    *(Share(f"{name} right", name, _is(name, "yes", "no"), _same(name)) for name in _CLAIMS),
    *(Share(f"{name} claimed though unknown", name, _is(name, "unknown"), _claimed(name), good=False)
      for name in _CLAIMS),
    Share("question recognised", "topic", lambda t: t.get("kind") == "question" and bool(t.get("topic")), _topic),
    Share("wish for a person found", "wants_human", _is("wants_human", True), _found("wants_human", True)),
    Share("wish for a person invented", "wants_human", lambda t: t.get("wants_human") is False,
          _found("wants_human", True), good=False),
    Share("not understood (fallback)", "fallback", lambda _: True, _found("fallback", True), good=False),
    *_danger(_quick, "quick_read"),
    Share("minor found (quick_read alone)", "quick_read", _is("minor", True),
          lambda _, found: _quick(found).get("minor") is True),
    Share("adult taken for a minor (quick_read alone)", "quick_read", lambda t: t.get("minor") is False,
          lambda _, found: _quick(found).get("minor") is True, good=False),
    *_age(_quick, "quick_read"),
)  # fmt: skip
