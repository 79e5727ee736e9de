"""Names and figures in a message: apps, ways of paying, sums, deadlines (spaCy, rules only)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

_SUM = r"^\d{1,3}(?:[.,]\d{3})*(?:[.,]\d+)?k?$"
_CURRENCY = ["$", "£", "€", "₹", "₦", "₱", "usd", "eur", "gbp", "inr", "ngn", "php", "r"]
_MONEY_WORDS = [
    "dollars", "dollar", "bucks", "quid", "pounds", "pound", "euros", "euro", "eur", "usd", "gbp", "rs", "rupees",
    "inr", "naira", "pesos", "php", "rand", "kr", "zł", "zloty", "k", "robux",
]  # fmt: skip
_MINUTES = ["min", "mins", "minute", "minutes"]
_HOURS = ["hour", "hours", "hr", "hrs", "h", "day", "days", "uur", "stunden", "heures", "horas", *_MINUTES]
_BY = ["by", "until", "till", "til", "before", "tot", "bis"]
_WHEN = [
    "tonight", "tomorrow", "today", "midnight", "noon", "monday", "tuesday", "wednesday", "thursday", "friday",
    "saturday", "sunday", "tmrw", "tmr", "tomoz", "tonite", "then", "morgen", "vanavond", "heute", "lunch",
]  # fmt: skip


def _in(*words: str) -> dict[str, Any]:
    return {"LOWER": {"IN": list(words)}}


def _like(pattern: str) -> dict[str, Any]:
    return {"TEXT": {"REGEX": pattern}}


_AMOUNTS: list[list[dict[str, Any]]] = [
    [_in(*_CURRENCY), _like(_SUM)],
    [_like(_SUM), _in(*_MONEY_WORDS, *_CURRENCY)],
    [_like(r"^[$£€₹₦₱]\d[\d.,]*k?$")],
    [_like(r"^\d[\d.,]*k?[$£€₹₦₱]$")],
]
_DEADLINES: list[list[dict[str, Any]]] = [
    [_in(*_BY), _in(*_WHEN)],
    [_in(*_BY), _like(r"^\d{1,2}([:.]\d{2})?(am|pm)?$")],
    [
        _in("in", "have", "got", "within", "gave", "only"),
        {**_in("me", "us", "only", "like", "just", "about"), "OP": "?"},
        _like(r"^(\d{1,3}|an|a|one|two|three)$"),
        _in(*_HOURS),
    ],
    [_like(r"^\d{1,2}$"), _in("hrs", "hours", *_MINUTES), _in("left", "to", "or")],
    [_in("countdown", "timer", "deadline", "counting")],
]


_OWN = _in("my", "mine")
_OWN_ADDRESS: list[list[dict[str, Any]]] = [
    [_in("from", "by", "as"), _OWN, {"LOWER": "own"}, {"OP": "?"}, _in("address", "email", "mail", "account", "e")],
    [_in("from", "by"), _OWN, {"LOWER": {"IN": ["email", "mail", "e"]}}],
    [_in("from", "by"), _in("me", "myself"), _in("to", "2"), _in("me", "myself")],
    [_in("im", "i'm", "i", "am"), {"LOWER": "the"}, {"LOWER": "sender"}],
]


@dataclass(frozen=True)
class Found:
    """What the rules found; each value with the words it came from."""

    platform: dict[str, str]
    payment: dict[str, str]
    amount: str | None
    deadline: str | None
    own_address: str | None = None


class Spans:
    """The rules, built once."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp

    @classmethod
    def load(cls, lexicon: Path) -> Spans:
        """From the word lists `platforms.yml` and `payments.yml` in `lexicon`."""
        nlp = spacy.blank("en")
        ruler: Any = nlp.add_pipe("span_ruler", config={"phrase_matcher_attr": "LOWER", "spans_key": "found"})
        patterns: list[dict[str, Any]] = [{"label": "amount", "pattern": p} for p in _AMOUNTS]
        patterns += [{"label": "deadline", "pattern": p} for p in _DEADLINES]
        patterns += [{"label": "own_address", "pattern": p} for p in _OWN_ADDRESS]
        for kind in ("platform", "payment"):
            lists = yaml.safe_load((lexicon / f"{kind}s.yml").read_text("utf8"))
            patterns += [
                {"label": kind, "id": name, "pattern": words} for name, wordings in lists.items() for words in wordings
            ]
        ruler.add_patterns(patterns)
        return cls(nlp)

    def __call__(self, text: str) -> Found:
        doc = self._nlp(text[:20_000])
        found = {kind: _longest(doc, kind) for kind in ("platform", "payment", "amount", "deadline", "own_address")}
        paid_with = {token.i for span in found["payment"] for token in span}
        # "steam card" is a way of paying, not the place where it happened
        found["platform"] = [span for span in found["platform"] if not paid_with & {token.i for token in span}]
        return Found(
            {span.id_: span.text for span in found["platform"]},
            {span.id_: span.text for span in found["payment"]},
            next((span.text for span in found["amount"]), None),
            next((span.text for span in found["deadline"]), None),
            next((span.text for span in found["own_address"]), None),
        )


def _longest(doc: Doc, label: str) -> list[Span]:
    return filter_spans([span for span in doc.spans["found"] if span.label_ == label])
