"""The case facts: what is known about the person at risk, who need not be the writer.

Names and values are those of `docs/labels.md`. A fact that nobody stated is "unknown",
an empty tuple, or None, and stays so: nothing here guesses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Literal, get_args

ThreatType = Literal[
    "financial",
    "image",
    "both",
    "scam_email",
    "deepfake",
    "ex_partner",
    "pre_threat",
    "unclear_threat",
    "none",
]

THREAT_TYPES: tuple[str, ...] = get_args(ThreatType)
DEMANDS = ("money", "images", "sexual_act", "recruit_others", "meet", "self_harm", "other")
NOW = ("attempt", "means_at_hand", "offender_present", "live_coercion", "being_shared")
RISKS = ("suicide_active", "suicide_passive", "self_harm", "offline_danger", "meeting_planned", "runaway")
SPEAKERS = ("victim", "parent", "friend", "teacher", "perpetrator", "bystander")
OFFENDERS = ("stranger", "known", "family_or_trust", "unknown")
YES_NO_FACTS = (
    "paid", "images_shared_already", "already_posted", "blocked_already", "evidence_saved", "has_file",
    "gave_access", "sent_other_child", "adult_told", "home_unsafe", "watched", "risk_history",
)  # fmt: skip

SUICIDE_OR_SELF_HARM = frozenset({"suicide_active", "suicide_passive", "self_harm"})
OFFLINE = frozenset({"offline_danger", "meeting_planned", "runaway"})
LIVE_THREATS = frozenset({"financial", "image", "both", "deepfake", "ex_partner", "unclear_threat"})


@dataclass(frozen=True)
class CaseFacts:
    """Everything the service knows about one case.

    `words` maps a fact's name to the words it came from; it is the evidence a
    counsellor sees and is never used to decide anything.
    `writer` is `other` while somebody else has taken over the keyboard, else empty (safeguarding rule 9).
    """

    threat_type: str = "none"
    demand: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    risk: tuple[str, ...] = ()
    age: int | None = None
    age_min: int | None = None
    age_max: int | None = None
    age_in_image: int | None = None
    minor: str = "unknown"
    lowest_age: int | None = None
    speaker: str = "victim"
    speaker_minor: str = "unknown"
    paid: str = "unknown"
    images_shared_already: str = "unknown"
    already_posted: str = "unknown"
    blocked_already: str = "unknown"
    evidence_saved: str = "unknown"
    has_file: str = "unknown"
    gave_access: str = "unknown"
    sent_other_child: str = "unknown"
    adult_told: str = "unknown"
    home_unsafe: str = "unknown"
    watched: str = "unknown"
    risk_history: str = "unknown"
    offender: str = "unknown"
    platform: tuple[str, ...] = ()
    payment: tuple[str, ...] = ()
    amount: str | None = None
    deadline: str | None = None
    country: str | None = None
    language: str | None = None
    wants_human: bool = False
    unreadable: bool = False
    writer: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def live_threat(self) -> bool:
        """Somebody is threatening the person, with whatever aim (not an e-mail bluff)."""
        return self.threat_type in LIVE_THREATS

    @property
    def money_asked(self) -> bool:
        return "money" in self.demand or self.threat_type in ("financial", "both", "scam_email")

    @property
    def suicide_or_self_harm(self) -> bool:
        return bool(SUICIDE_OR_SELF_HARM & set(self.risk)) or bool({"attempt", "means_at_hand"} & set(self.now))

    @property
    def under_13(self) -> bool:
        """As the case stands now: a plain correction changes words, lines and tools at once (rule 17)."""
        return any(age is not None and age < 13 for age in (self.age, self.age_max))

    @property
    def child(self) -> bool:
        """Under 18 is stated or plain from the text, as the case stands now."""
        young = any(age is not None and age < 18 for age in (self.age, self.age_max))
        return self.minor == "yes" or (self.minor == "unknown" and young)

    @property
    def adult(self) -> bool:
        """18 or more is stated or plain from the text; until then the age counts as unknown."""
        return self.minor == "no"

    @property
    def writer_is_minor(self) -> bool | None:
        """Whether whoever writes is under 18: parents and teachers are not; None where nothing tells."""
        if self.speaker_minor != "unknown":
            return self.speaker_minor == "yes"
        if self.speaker in ("parent", "teacher"):
            return False
        told = True if self.child else False if self.adult else None
        return told if self.speaker == "victim" else None

    @property
    def ever_under_13(self) -> bool:
        """The lowest credible age decides the tier, whatever was corrected since."""
        return self.under_13 or (self.lowest_age is not None and self.lowest_age < 13)

    @property
    def ever_child(self) -> bool:
        return self.child or (self.lowest_age is not None and self.lowest_age < 18)

    @property
    def age_known(self) -> bool:
        return self.age is not None or self.age_max is not None or self.age_min is not None

    @property
    def for_somebody_else(self) -> bool:
        return self.speaker in ("parent", "friend", "teacher")

    def known(self) -> dict[str, Any]:
        """The facts that were stated, as plain JSON values."""
        empty = _EMPTY
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != empty[name] and name != "words"
        } | ({"words": dict(self.words)} if self.words else {})

    @property
    def empty(self) -> bool:
        """Nothing was stated. The language somebody writes in is known, and states nothing."""
        return not self.known().keys() - {"language", "words"}

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> CaseFacts:
        """The inverse of `known`. Raises ValueError naming a fact or value that does not exist."""
        names = {f.name for f in fields(cls)}
        stray = set(known) - names
        if stray:
            raise ValueError(f"no such fact: {', '.join(sorted(stray))}")
        values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in known.items()}
        facts = replace(cls(), **values)
        facts._check()
        return facts

    def _check(self) -> None:
        allowed = {
            "threat_type": THREAT_TYPES, "speaker": SPEAKERS, "offender": OFFENDERS,
            "minor": ("yes", "no", "unknown"), "speaker_minor": ("yes", "no", "unknown"),
        } | {name: ("yes", "no", "unknown") for name in YES_NO_FACTS}  # fmt: skip
        for name, values in allowed.items():
            if getattr(self, name) not in values:
                raise ValueError(f"{name}: {getattr(self, name)!r} is not one of {', '.join(values)}")
        for name, values in {"demand": DEMANDS, "now": NOW, "risk": RISKS}.items():
            stray = set(getattr(self, name)) - set(values)
            if stray:
                raise ValueError(f"{name}: {', '.join(sorted(stray))} is not one of {', '.join(values)}")


_EMPTY: Mapping[str, Any] = MappingProxyType({f.name: getattr(CaseFacts(), f.name) for f in fields(CaseFacts)})


@dataclass(frozen=True)
class Reading:
    """What one message says, before it is merged into the case.

    `facts` holds only what this message states; `confidence` is that of the intent, 0 to 1.
    `topic` names the question the person asks (data/topics.yaml); `answer` is what they answered to the
    bot's `question`: yes, no, unsure, sometimes, rather_not, or the value of a button.
    `corrects_age` is a plain correction ("sorry, 61 not 16"); `others_age`: the age is said of somebody else, who may
    be the person at risk ("hes 11"); `denies_risk` a plain denial, which
    lowers nothing by itself. `fallback`: the message could not be understood. `asks`: it holds a question,
    known to us (`topic`) or not. `writer`: `other` says that somebody else has the phone, `back` that the
    person may have it again. `fears_family`: somebody at home would "kill" them, meant or not.
    `cues`: how it is meant, by the names in data/lexicon/cues.yml.
    `plain`: the facts that plain words or figures state; the others are the model's guess.
    """

    intent: str = "tell"
    confidence: float = 0.0
    topic: str | None = None
    facts: CaseFacts = field(default_factory=CaseFacts)
    question: str | None = None
    answer: str | None = None
    corrects_age: bool = False
    others_age: bool = False
    denies_risk: bool = False
    fallback: bool = False
    asks: bool = False
    writer: str = ""
    fears_family: bool = False
    cues: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)} | {"facts": self.facts.known()}

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Reading:
        lists = {name: tuple(content.get(name, ())) for name in ("plain", "cues")}
        return cls(**{**content, "facts": CaseFacts.of(content["facts"]), **lists})
