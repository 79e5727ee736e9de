"""One turn between the gateway and Rasa: what is asked, what comes back. Plain JSON both ways.

Rasa holds no state, so everything that the answer depends on travels with the request; sending
the same request again is harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from breakwater.support.memory import Memory
from breakwater.understanding.facts import CaseFacts


@dataclass(frozen=True)
class Place:
    """What is true around the conversation. Times are ISO 8601 with zone; durations in seconds.

    `counsellor_here`: somebody is at the desk, or called out for this case, so a person may be promised. `on_call`:
    somebody would be called out, were it found to be immediate danger in this turn. `state`: that of the case.
    `away_seconds`: since the person's message before this one, None at first. `slept`: they hid the chat or left
    after it. `languages`: in which the assistant
    may answer. `remit_…`, `serves_adults`, `surge` (more people wait than can be seen to): `remit`.
    """

    now: str
    channel: str = "web"
    state: str = "bot"
    counsellor_here: bool = False
    on_call: bool = False
    away_seconds: float | None = None
    slept: bool = False
    home_country: str = "GB"
    calls_emergency: bool = False
    retention_days: int = 30
    erase_hold_hours: int = 24
    helpline: str = "Breakwater"
    site: str = ""
    languages: str = "en,nl,de,fr,es,pt,it,pl,tl"
    remit_countries: str = ""
    remit_languages: str = ""
    serves_adults: str = "yes"
    surge: bool = False

    @property
    def worldwide(self) -> bool:
        """Whether anybody in the world may write: on Telegram, or where counsellors are for several countries."""
        return self.channel == "telegram" or "," in self.remit_countries

    @property
    def about(self) -> dict[str, Any]:
        """What a variation of a response may depend on: its channel, and slots that conditions name."""
        return {
            "channel": self.channel,
            "counsellor_here": self.counsellor_here,
            "may_call_for_you": self.counsellor_here and self.calls_emergency,
        }


@dataclass(frozen=True)
class TurnRequest:
    """`mode` is `reply`, or `listen` (read and merge, say nothing). `text` is what the person wrote,
    fragments joined by line breaks; `payload` is that of a tapped button, with its title as text; `forwarded`: the
    words are another's."""

    mode: str
    conversation: str
    message_id: str
    text: str
    place: Place
    payload: str | None = None
    facts: CaseFacts = field(default_factory=CaseFacts)
    memory: Memory = field(default_factory=Memory)
    forwarded: bool = False
    deadline_seconds: float = 3.0

    def as_json(self) -> dict[str, Any]:
        return {
            "mode": self.mode, "conversation": self.conversation, "message_id": self.message_id, "text": self.text,
            "payload": self.payload, "facts": self.facts.known(), "memory": self.memory.as_json(),
            "place": asdict(self.place), "forwarded": self.forwarded, "deadline_seconds": self.deadline_seconds,
        }  # fmt: skip

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> TurnRequest:
        """Raises TypeError or ValueError for what is not a turn."""
        if content.get("mode") not in ("reply", "listen"):
            raise ValueError("mode must be reply or listen")
        return cls(
            **{
                **content,
                "facts": CaseFacts.of(content["facts"]),
                "memory": Memory.of(content["memory"]),
                "place": Place(**content["place"]),
            }
        )


@dataclass(frozen=True)
class TurnAnswer:
    """`replies` in order: response, text, buttons, cards, tags, question. `requests` is what the
    gateway is asked to do: `handover`, `hide`, `erase`. Facts and memory are those after the turn,
    the replies not yet counted."""

    replies: tuple[dict[str, Any], ...]
    facts: CaseFacts
    memory: Memory
    requests: tuple[str, ...] = ()
    intent: str = ""
    confidence: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return {
            "replies": list(self.replies), "facts": self.facts.known(), "memory": self.memory.as_json(),
            "requests": list(self.requests), "intent": self.intent, "confidence": self.confidence,
        }  # fmt: skip

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> TurnAnswer:
        return cls(
            tuple(content["replies"]), CaseFacts.of(content["facts"]), Memory.of(content["memory"]),
            tuple(content["requests"]), content["intent"], content["confidence"],
        )  # fmt: skip
