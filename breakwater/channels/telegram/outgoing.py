"""How a message of ours looks on Telegram: plain text, never markup; who speaks; cards; buttons. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from breakwater.conversations.transcript import ASSISTANT, COUNSELLOR, Letter, Message

LONGEST = 4096  # UTF-16 units, as Telegram counts
NEUTRAL_AFTER = timedelta(minutes=10)  # safeguarding rule 3
# Without a word of pictures, blackmail or dying, so that they may be seen on a lock screen at any time.
NEUTRAL = frozenset({"utter_late", "utter_late_apology", "utter_hour_write", "utter_hidden", "utter_moved_to_telegram"})
_AUTOMATED = "Automated helper: "
_PLACES_TO_PART = (re.compile(r"\n+"), re.compile(r"(?<=[.!?])\s+"), re.compile(r"\s+"))


@dataclass(frozen=True)
class Button:
    """`data` is tapped and comes back to us; `url` opens a page."""

    title: str
    data: str = ""
    url: str = ""


def texts(letter: Letter) -> list[str]:
    """The message in one or more parts, each short enough for Telegram."""
    message = letter.message
    cards = [line for card in message.body.get("cards") or () if (line := _card(card, message.text))]
    return parts("\n".join([f"{_speaker(letter)}{message.text}", *([""] if cards else []), *cards]))


def answers(message: Message, row: str) -> list[Button]:
    """The answers that can be tapped: each carries the random id of its row and its place, never what it means."""
    return [Button(str(b["title"]), f"{row}:{n}") for n, b in enumerate(message.body.get("buttons") or ())]


def links(message: Message, call_page: str, move: str = "") -> list[Button]:
    """Pages to open: the helplines of the cards, our own page with numbers to tap (Telegram marks only long numbers
    by itself, and link buttons take web addresses only), and a way into the web chat."""
    cards = message.body.get("cards") or ()
    found = [Button(str(card["name"]), url=str(card["url"])) for card in cards if card.get("url")]
    if call_page and any(card.get("dial") or card.get("sms") for card in cards):
        found.append(Button("Tap to call or text", url=call_page))
    if move:
        found.append(Button("Go on in the web chat", url=move))
    return found


def too_late(letter: Letter, now: datetime) -> bool:
    """Whether the assistant's words come so late that they must be neutral, because others may see the screen."""
    late = letter.last_in is not None and now - letter.last_in > NEUTRAL_AFTER
    return late and letter.message.sender == ASSISTANT and letter.message.body.get("response") not in NEUTRAL


def silent(letter: Letter, now: datetime) -> bool:
    """Whether it arrives without a sound: what we send late and nobody waits for."""
    late = letter.last_in is not None and now - letter.last_in > NEUTRAL_AFTER
    return letter.message.sender != COUNSELLOR and (late or letter.message.body.get("response") in NEUTRAL)


def parts(text: str, longest: int = LONGEST) -> list[str]:
    """`text` in parts of at most `longest` UTF-16 units, parted between lines, else sentences, else words."""
    found = []
    while _units(text) > longest:
        end = _end(text, longest)
        found.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [part for part in [*found, text] if part]


def _end(text: str, longest: int) -> int:
    most = len(text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore"))
    for place in _PLACES_TO_PART:
        ends = [m.end() for m in place.finditer(text, 0, most)]
        if ends and ends[-1] > most // 2:
            return ends[-1]
    return most


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _speaker(letter: Letter) -> str:
    """On Telegram every message has the same sender, so each counsellor's begins with the name, and each automated
    one after it says what it is."""
    if letter.message.sender == COUNSELLOR:
        return f"{letter.message.body.get('name') or 'Counsellor'}: "
    return _AUTOMATED if letter.said_by_both else ""


def _card(card: dict[str, Any], said: str) -> str:
    """A number as words, which can be copied; nothing where `said` holds it already. A page is a button."""
    if card.get("dial"):
        reach = f"{card['dial']}"
    elif card.get("sms"):
        reach = f"text {card['keyword']} to {card['sms']}" if card.get("keyword") else f"text {card['sms']}"
    else:
        return ""
    status = card.get("status") or ""
    if reach in said and (not status or status.startswith("open now")):
        return ""
    return f"{card['name']}: {reach}" + (f" ({status})" if status else "")


def rows(buttons: Sequence[Button], wide: int = 2) -> list[list[Button]]:
    """Short answers two in a row, anything longer on a row of its own."""
    found: list[list[Button]] = []
    for button in buttons:
        short = not button.url and len(button.title) <= 14
        if short and found and len(found[-1]) < wide and all(not b.url and len(b.title) <= 14 for b in found[-1]):
            found[-1].append(button)
        else:
            found.append([button])
    return found
