"""One message read whole: the trained model, the rules, the lexicon and the open question together.

The parts disagree at times; then the plain word wins over the model for ages and figures, and for stated facts
unless the model, which reads the whole, plainly sees none of it. For danger the more careful of the two wins, but for
broad words: they count unless the model plainly sees no danger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from breakwater.understanding import answers
from breakwater.understanding.ages import Sight, claimed_by_her_father
from breakwater.understanding.countries import WHOSE
from breakwater.understanding.encoder import SHORT, Seen
from breakwater.understanding.fact_model import FactModel, bare
from breakwater.understanding.fact_words import FactWords
from breakwater.understanding.facts import (
    DEMANDS,
    NOW,
    OFFENDERS,
    OFFLINE,
    RISKS,
    SUICIDE_OR_SELF_HARM,
    YES_NO_FACTS,
    CaseFacts,
    Reading,
)
from breakwater.understanding.family import would_kill
from breakwater.understanding.labels import ANY_LIFE, ANY_OFFLINE, DEFAULT, LIFE_QUESTIONS
from breakwater.understanding.merge import merge
from breakwater.understanding.questions import asks
from breakwater.understanding.quick_read import QuickRead
from breakwater.understanding.spans import Spans

SURE = 0.5  # an answer in words that no rule lists
LIKELY = 0.5  # the usual kind, else the best of the others
ASKED_BESIDE = 0.2  # a question in a message whose point is another one
PLAINLY_NOT = 0.1  # below this chance a plain word is taken to mean something else
FALLBACK = 0.15  # below this the best intent is a guess
_GATES = {ANY_LIFE: tuple(sorted(SUICIDE_OR_SELF_HARM)), ANY_OFFLINE: tuple(sorted(OFFLINE))}
_NOW = {ANY_LIFE: ("now=attempt", "now=means_at_hand"), ANY_OFFLINE: ("now=offender_present",)}
_ANSWERS = {"affirm": "yes", "deny": "no", "unsure": "unsure"}
_DONE = frozenset({"done_step", "evidence_saved", "blocked", "next_step"})  # questions that "did it" answers


@dataclass(frozen=True)
class Reader:
    """Reads messages. `read` is pure: the same text, question and day give the same reading."""

    model: FactModel
    spans: Spans
    quick: QuickRead
    words: FactWords

    @classmethod
    def load(cls, model: Path, lexicon: Path) -> Reader:
        return cls.of(FactModel.load(model), lexicon)

    @classmethod
    def of(cls, model: FactModel, lexicon: Path) -> Reader:
        """With the word lists in the folder `lexicon`."""
        return cls(model, Spans.load(lexicon), QuickRead.load(lexicon), FactWords.load(lexicon))

    def read(self, text: str, seen: Seen, question: str | None = None, today: date | None = None) -> Reading:
        """Everything the message says. `question` is the kind of the bot's open question, `seen` what the network saw
        in the message, read as an answer to it."""
        asking, figures = asks(text), _figures(self.spans, text)
        words, cues = self.words(text)
        p = self.model.predict(seen.features)
        words = _not_against(words, p)
        if "blackmailed" in cues:
            p = p | {"threat_type=pre_threat": 0.0}  # then it is no worry any more
        if "muted" in cues and words.blocked_already == "unknown":
            p = p | {"blocked_already=yes": 0.0}
        if claimed_by_her_father(text):
            p = p | {"minor=yes": 0.0}
        intent, confidence = _best(p, "intent")
        if intent == "erase" and p.get(ANY_LIFE, 0.0) < LIKELY:
            p = p | {ANY_LIFE: 0.0}  # "delete everything about me" is meant as it is said
        if intent == "ask_did_you_see_it":
            p = p | {"already_posted=yes": 0.0}  # whether we saw it, not whether others did
        intent = "done_step" if intent == "hide" and "hid" in cues else intent
        intent = "bye" if intent == "thanks" and "bye" in cues else intent
        intent = "ask_who_are_you" if "what_is_this" in cues else intent
        sight = Sight(seen.age_at, p.get("minor=yes", 1.0))
        quick = self.quick(text, question, today, _doubted(p, self.model.quiet), sight)
        unsure = asking or answers.mere_assent(text, question)
        unsure = unsure or (quick.denies_risk and question not in LIFE_QUESTIONS)
        named = "named" if question in WHOSE and quick.facts.country else None
        answer = (
            named or answers.of_words(text, question) or _by_intent(intent, 0.0 if unsure else confidence, question)
        )
        if question == "attempt" and answer in ("no", "unsure", "sometimes") and len(text.split()) <= SHORT:
            p = p | {"now=attempt": 0.0}  # "no i only thought about it"
        if intent == "decline_human" and question != "want_human":
            answer = None  # "no counsellor" is no answer to what was asked
        if "weeks_ago" in cues and "this_hour" not in cues and p.get("now=attempt", 0.0) < LIKELY:
            p = p | {"now=attempt": 0.0}  # a risk still, and a doctor only where something was done now
        facts = CaseFacts() if answer and bare(text) else _predicted(p, self.model.thresholds, quick.denies_risk)
        for said in (figures, words, quick.facts, answers.stated(question, answer)):
            facts = merge(facts, Reading(facts=said, corrects_age=quick.corrects_age), same_message=True)
        past = "days_ago" in cues and "this_hour" not in cues and p.get("now=offender_present", 0.0) < LIKELY
        if past:
            facts = replace(facts, now=tuple(danger for danger in facts.now if danger != "offender_present"))
        if "gone_for_others" in cues and "runaway" not in quick.facts.risk:  # not being there any more, nowhere
            facts = replace(facts, risk=tuple(risk for risk in facts.risk if risk != "runaway"))
        fears_family = would_kill(text)
        if fears_family and "offline_danger" in facts.risk and facts.home_unsafe == "unknown":
            facts = replace(facts, home_unsafe="yes")  # no way of speaking then
        fallback = confidence < FALLBACK and facts.empty and answer is None
        if intent in ("tell", "deny", "affirm") and facts.empty and not asking and cues & {"panics", "feels"}:
            intent = "ask_panic" if "panics" in cues else "feelings"
        return Reading(
            intent="nlu_fallback" if fallback else intent,
            confidence=confidence,
            topic=None if fallback else _topic(p, intent, asking),
            facts=replace(facts, wants_human=facts.wants_human or intent == "ask_human"),
            question=question if answer else None,
            answer=answer,
            corrects_age=quick.corrects_age,
            others_age=quick.others_age,
            denies_risk=quick.denies_risk,
            fallback=fallback,
            asks=asking,
            writer=quick.writer,
            fears_family=fears_family,
            cues=tuple(sorted(cues)),
            plain=tuple(facts.words),
        )


def _not_against(words: CaseFacts, p: Mapping[str, float]) -> CaseFacts:
    """What plain words say, but for what the model plainly does not see."""

    def meant(name: str, value: str) -> bool:
        return p.get(f"{name}={value}", 1.0) >= PLAINLY_NOT

    demand = tuple(value for value in words.demand if meant("demand", value))
    kept: dict[str, Any] = {n: v for n in YES_NO_FACTS if (v := getattr(words, n)) == "unknown" or meant(n, v)}
    speaker = words.speaker if meant("speaker", words.speaker) else "victim"
    stated = {*kept, *(["demand"] if demand else []), *(["speaker"] if speaker != "victim" else [])}
    said = {name: text for name, text in words.words.items() if name in stated}
    return replace(CaseFacts(), demand=demand, speaker=speaker, words=said, **kept)


def _doubted(p: Mapping[str, float], quiet: Mapping[str, float]) -> frozenset[str]:
    """The risks that the model, having read the whole, plainly does not see."""
    doubted = {risk for gate, least in quiet.items() if p[gate] < least for risk in _GATES[gate]}
    return frozenset(doubted | ({"offender_present"} if doubted & OFFLINE else set()))


def _predicted(p: Mapping[str, float], least: Mapping[str, float], denied: bool) -> CaseFacts:
    """What the model alone reads. A plain denial outweighs its guess about suicide."""
    sure = _gated(p, {label for label, chance in least.items() if p[label] >= chance}, denied)
    yes_no: dict[str, Any] = {n: _stated(p, sure, n, ("yes", "no")) for n in YES_NO_FACTS}
    threat = _best(p, "threat_type")[0]
    return CaseFacts(
        threat_type=threat,
        speaker=_best(p, "speaker")[0],
        demand=_several(sure, "demand", DEMANDS),
        now=_several(sure, "now", NOW),
        risk=_several(sure, "risk", RISKS),
        offender=_stated(p, sure, "offender", OFFENDERS[:3]),
        minor=_stated(p, sure, "minor", ("yes", "no")),
        wants_human="wants_human=yes" in sure,
        **yes_no,
    )


def _gated(p: Mapping[str, float], sure: set[str], denied: bool) -> set[str]:
    """Dangers count only where the model is sure of one of their kind, and then at least the likeliest does."""
    for gate, risks in _GATES.items():
        fine = [f"risk={risk}" for risk in risks if f"risk={risk}" in p]
        if gate not in sure or (denied and gate == ANY_LIFE):
            sure = sure.difference(fine, _NOW[gate])
        elif fine and not sure.intersection(fine):
            sure = sure | {max(fine, key=lambda label: p[label])}
    return sure


def _by_intent(intent: str, confidence: float, question: str | None) -> str | None:
    """An answer in words that the rules do not list, if the classifier is sure of its kind."""
    if question is None or confidence < SURE:
        return None
    if intent in ("done_step", "next_step"):
        return "yes" if question in _DONE else None
    return _ANSWERS.get(intent)


def _topic(p: Mapping[str, float], intent: str, asking: bool) -> str | None:
    """What is asked: the point of the message, or a question beside what it tells."""
    if _asks(intent):
        return intent.removeprefix("ask_")
    beside = {label: chance for label, chance in p.items() if _asks(label.removeprefix("intent="))}
    best = max(beside, key=lambda label: beside[label], default=None)
    return best.removeprefix("intent=ask_") if asking and best and beside[best] >= ASKED_BESIDE else None


def _asks(intent: str) -> bool:
    return intent.startswith("ask_") and intent != "ask_human"


def _best(p: Mapping[str, float], name: str) -> tuple[str, float]:
    """The likeliest value of what always has one, with its probability; the default only where it is likelier than all
    others together."""
    values = {label.partition("=")[2]: chance for label, chance in p.items() if label.startswith(f"{name}=")}
    usual = DEFAULT.get(name)
    if usual is not None and values[usual] < LIKELY:
        del values[usual]
    best = max(values, key=lambda value: values[value]) if usual is None or usual not in values else usual
    return best, values[best]


def _stated(p: Mapping[str, float], sure: set[str], name: str, values: tuple[str, ...]) -> str:
    found = [v for v in values if f"{name}={v}" in sure]
    return max(found, key=lambda v: p[f"{name}={v}"]) if found else "unknown"


def _several(sure: set[str], name: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(v for v in values if f"{name}={v}" in sure)


def _figures(spans: Spans, text: str) -> CaseFacts:
    found = spans(text)
    words = {"platform": ", ".join(found.platform.values()), "payment": ", ".join(found.payment.values())}
    words |= {"amount": found.amount or "", "deadline": found.deadline or "", "own_address": found.own_address or ""}
    return CaseFacts(
        platform=tuple(found.platform), payment=tuple(found.payment), amount=found.amount, deadline=found.deadline,
        words={name: said for name, said in words.items() if said},
    )  # fmt: skip
