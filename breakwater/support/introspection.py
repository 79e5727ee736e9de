"""What a rule may say, and which facts bring a step or leave it out: found from the rules themselves, for `paths`."""

from __future__ import annotations

import dis
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from breakwater.support import telling
from breakwater.support.plan import _CAN_BE_REPEATED
from breakwater.support.situation import Situation
from breakwater.support.steps import Step
from breakwater.understanding.facts import DEMANDS, NOW, OFFENDERS, RISKS, THREAT_TYPES, YES_NO_FACTS, CaseFacts

_SAYS = "utter_"


def responses_of(rule: Callable[..., Any], within: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """The responses that a rule names, in the order of its code, with those of the functions and lists that it uses in
    its own file. One that ends in `_` is the beginning of a name that the rule completes."""
    found: list[str] = []
    for instruction in _instructions(rule.__code__):
        if instruction.opname == "LOAD_CONST":
            found += _texts_in(instruction.argval)
        elif instruction.opname == "LOAD_GLOBAL" and instruction.argval not in within:
            used = rule.__globals__.get(instruction.argval)
            if not isinstance(used, types.FunctionType):
                found += _texts_in(used)
            elif used.__module__ in (rule.__module__, telling.__name__):
                found += responses_of(used, within | {rule.__name__})
    return tuple(name for name in dict.fromkeys(found) if name not in _CAN_BE_REPEATED)


def rules_of(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The functions that a function calls or lists, in its own order."""
    used = dict.fromkeys(i.argval for i in _instructions(function.__code__) if i.opname == "LOAD_GLOBAL")
    return [f for name in used if isinstance(f := function.__globals__.get(name), types.FunctionType)]


def when(step: Step, case: Callable[[CaseFacts], Situation]) -> str:
    """In words, with each fact tried alone; what hangs on something said just before is only named as such."""
    base, brings = CaseFacts(), list[str]()
    if not step.wanted(case(base)):
        fitting = {words: facts for words, facts in _each_fact(base) if step.wanted(case(facts))}
        if not fitting:
            return "only after something they just said or chose"
        brings, base = list(fitting), next(iter(fitting.values()))
    settled = {words.partition(":")[0] for words in brings} if len(brings) > 1 else set()
    out = [words for words, facts in _each_fact(base) if not step.wanted(case(facts))]
    out = [words for words in out if words.partition(":")[0] not in settled]
    told = [f"only with {listed(brings)}"] if brings else []
    return "; ".join([*told, f"left out with {listed(out)}"] if out else told)


def listed(words: list[str], joined: str = "or") -> str:
    return f"{', '.join(words[:-1])} {joined} {words[-1]}" if len(words) > 1 else words[0]


def _instructions(code: types.CodeType) -> Iterator[dis.Instruction]:
    """Those of what is written inside it, such as a generator, come after its own."""
    yield from dis.get_instructions(code)
    for const in code.co_consts:
        if isinstance(const, types.CodeType):
            yield from _instructions(const)


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith(_SAYS):
        yield value
    elif isinstance(value, (tuple, Mapping)):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts_in(one)


def _each_fact(base: CaseFacts) -> Iterator[tuple[str, CaseFacts]]:
    """`base` with one fact more or other, and what it is called."""
    one_of = {"threat_type": THREAT_TYPES[:-1], "offender": OFFENDERS[:-1], "minor": ("yes", "no")}
    one_of |= dict.fromkeys(YES_NO_FACTS, ("yes", "no"))
    stated: list[tuple[str, str, Any]] = [(name, value, value) for name, values in one_of.items() for value in values]
    for name, kinds in {"demand": DEMANDS, "risk": RISKS, "now": NOW}.items():
        stated += [(name, kind, (*getattr(base, name), kind)) for kind in kinds]
    for name, words, value in stated:
        yield f"`{name}: {words}`", replace(base, **{name: value})
    yield "a stated age", replace(base, age=15)
    yield "an age under 13", replace(base, age=11)
    yield "a named app", replace(base, platform=("instagram",))
    yield "a way of paying", replace(base, payment=("paypal",))
    yield "a deadline", replace(base, deadline="tonight")
    yield "a wish for a person", replace(base, wants_human=True)
