"""What an update from Telegram means to us. Pure; reads the raw JSON, because the library refuses a whole message,
and the batch it came in, for one field that it does not know: a person's words must not be lost for that.

Nothing of a file but its kind is ever looked at, and nothing of a person but the number of the chat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeGuard

from breakwater.conversations.inbox import Inbound
from breakwater.support.languages import named

LATE = timedelta(minutes=10)  # safeguarding rule 3
_LONGEST = 8192  # characters; Telegram lets people send 4,096
_BIGGEST = 2**53  # Telegram's numbers fit into 52 bits
_COMMANDS = frozenset({"help", "human", "stop", "hide", "delete", "privacy", "language", "web"})
# What a message may hold, by Telegram's name: the kind that the plan answers. Text, stickers and dice are words.
_MEDIA = {
    "photo": "image", "video": "video", "voice": "voice", "audio": "voice", "video_note": "video_note",
    "location": "location", "venue": "location", "contact": "contact", "animation": "gif", "sticker": "sticker",
    "document": "document",
}  # fmt: skip
# What comes with every message, or tells of the chat and not of the person.
_AROUND = frozenset({
    "message_id", "date", "chat", "from", "sender_chat", "edit_date", "has_protected_content", "is_from_offline",
    "is_topic_message", "message_thread_id", "media_group_id", "entities", "caption_entities", "link_preview_options",
    "reply_to_message", "external_reply", "quote", "reply_to_story", "via_bot", "forward_origin", "forward_date",
    "is_automatic_forward", "effect_id", "show_caption_above_media", "has_media_spoiler", "reply_markup",
    "author_signature", "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed",
    "connected_website", "chat_background_set", "users_shared", "chat_shared", "boost_added",
})  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Words or something refused, in order. `message` is Telegram's number for it, None for a reaction."""

    chat: int
    message: int | None
    inbound: tuple[Inbound, ...]


@dataclass(frozen=True)
class Command:
    """A command that stands alone. `argument`: of `start` the payload of a link, of `language` the one that is meant,
    as they wrote it."""

    chat: int
    message: int
    name: str
    argument: str = ""


@dataclass(frozen=True)
class Tapped:
    """A button under a message of ours. `query` is to be answered, whatever the button is."""

    chat: int
    query: str
    data: str


@dataclass(frozen=True)
class Blocked:
    """The person blocked the bot, or deleted the chat with it."""

    chat: int


@dataclass(frozen=True)
class Elsewhere:
    """A group or channel: not a place to talk about this."""

    chat: int


Incoming = Said | Command | Tapped | Blocked | Elsewhere
_Reader = Callable[[Mapping[str, Any], int, datetime, int], tuple[Inbound, ...]]


def read(update: Any, now: datetime, longest: int) -> Incoming | None:
    """What this update is, or None when it is nothing to us. Never raises, whatever it is given.

    `longest`: how many characters one message of ours may hold; more of them come as several.
    """
    if not isinstance(update, Mapping):
        return None
    for kind, reader in (("message", _message), ("edited_message", _edited), ("channel_post", _message)):
        if isinstance(found := update.get(kind), Mapping):
            return _in_private(found, reader, now, longest)
    if isinstance(query := update.get("callback_query"), Mapping):
        return _tap(query)
    if isinstance(change := update.get("my_chat_member"), Mapping):
        return _member(change)
    if isinstance(reaction := update.get("message_reaction"), Mapping):
        return _reaction(reaction, update.get("update_id"))
    return None


def _in_private(message: Mapping[str, Any], reader: _Reader, now: datetime, longest: int) -> Incoming | None:
    chat, private = _chat(message)
    if chat is None:
        return None
    number = message.get("message_id")
    if not private:
        return Elsewhere(chat)
    if reader is _message and _is_number(number) and (command := _command(message, chat, number)):
        return command
    return (
        Said(chat, number, found) if _is_number(number) and (found := reader(message, number, now, longest)) else None
    )


def _message(message: Mapping[str, Any], number: int, now: datetime, longest: int) -> tuple[Inbound, ...]:
    about = Inbound(f"tg:{number}", forwarded=_from_somebody_else(message), late=_late(message.get("date"), now))
    if text := _text(message.get("text")) or _emoji(message):
        return _in_pieces(replace(about, text=text), longest)
    kind = next((kind for name, kind in _MEDIA.items() if message.get(name) is not None), None)
    if kind is None and {name for name, value in message.items() if value is not None} <= _AROUND:
        return ()
    caption, album = _text(message.get("caption")), _text(message.get("media_group_id"))
    if album and not caption:
        about = replace(about, client_id=f"tg:album:{album[:40]}")  # ten pictures at once are refused once
    place = _place(message) if kind == "location" else ""
    return _in_pieces(replace(about, text=caption, media=kind or "document", place=place), longest)


def _edited(message: Mapping[str, Any], number: int, _: datetime, longest: int) -> tuple[Inbound, ...]:
    """Only changed words are told; a changed picture, or a place that moves on, is nothing new."""
    text, when = _text(message.get("text")) or _text(message.get("caption")), message.get("edit_date")
    about = Inbound(f"tg:{number}:{when if _is_number(when) else 0}", text, edited=True)
    return _in_pieces(about, longest) if text else ()


def _in_pieces(whole: Inbound, longest: int) -> tuple[Inbound, ...]:
    """Longer words than one message of ours may hold come as several, parted between words."""
    pieces, rest = [], whole.text[:_LONGEST]
    while len(rest) > longest // 2:  # half: putting letters together may make more of them
        end = rest.rfind(" ", longest // 4, longest // 2) + 1 or longest // 2
        pieces.append(rest[:end])
        rest = rest[end:]
    first, *others = [*pieces, rest] if rest or not pieces else pieces
    more = (
        Inbound(f"{whole.client_id}:{n}", text, forwarded=whole.forwarded, edited=whole.edited, late=whole.late)
        for n, text in enumerate(others, 1)
    )
    return (replace(whole, text=first), *more)


def _command(message: Mapping[str, Any], chat: int, number: int) -> Command | None:
    """Known ones, standing alone; what else begins with a slash is words, as is all that was forwarded. The word
    hide is one without a slash: it must work whoever answers, and with the assistant away (safeguarding rule 9)."""
    head, _, rest = _text(message.get("text")).strip().partition(" ")
    name = head.removeprefix("/").partition("@")[0].lower()
    if "forward_origin" in message or not (head.startswith("/") or (name == "hide" and not rest)):
        return None
    if name == "start":
        return Command(chat, number, name, rest.strip()[:64])
    if name == "language" and named(rest):
        return Command(chat, number, name, rest.strip())
    return Command(chat, number, name) if name in _COMMANDS and not rest.strip() else None


def _tap(query: Mapping[str, Any]) -> Tapped | None:
    message, identity, data = query.get("message"), query.get("id"), query.get("data")
    if not isinstance(message, Mapping) or not isinstance(identity, str):
        return None
    chat, private = _chat(message)
    return Tapped(chat, identity, data if isinstance(data, str) else "") if chat and private else None


def _member(change: Mapping[str, Any]) -> Incoming | None:
    chat, private = _chat(change)
    new = change.get("new_chat_member")
    status = new.get("status") if isinstance(new, Mapping) else None
    if chat is None:
        return None
    if private:
        return Blocked(chat) if status == "kicked" else None
    return Elsewhere(chat) if status in ("member", "administrator", "restricted") else None


def _reaction(reaction: Mapping[str, Any], update: Any) -> Said | None:
    """A reaction is read as its emoji; one taken away says nothing."""
    chat, private = _chat(reaction)
    given = reaction.get("new_reaction")
    first = given[0] if isinstance(given, list) and given else None
    emoji = _text(first.get("emoji")) if isinstance(first, Mapping) else ""
    if not (chat and private and emoji and _is_number(update)):
        return None
    return Said(chat, None, (Inbound(f"tg:r:{update}", emoji),))


def _chat(holder: Mapping[str, Any]) -> tuple[int | None, bool]:
    chat = _map(holder.get("chat"))
    number = chat.get("id")
    return (number, chat["type"] == "private") if _is_number(number) and "type" in chat else (None, False)


def _emoji(message: Mapping[str, Any]) -> str:
    return _text(_map(message.get("sticker") or message.get("dice")).get("emoji"))


def _place(message: Mapping[str, Any]) -> str:
    venue = _map(message.get("venue"))
    where = _map(message.get("location") or venue.get("location"))
    named = [_text(venue.get(name)) for name in ("title", "address")]
    if all(isinstance(where.get(name), int | float) for name in ("latitude", "longitude")):
        named.append(f"{where['latitude']:.5f}, {where['longitude']:.5f}")
    return "Where they say they are: " + ", ".join(part for part in named if part) if any(named) else ""


def _from_somebody_else(message: Mapping[str, Any]) -> bool:
    """Forwarded, and not from the person's own messages."""
    if not isinstance(origin := message.get("forward_origin"), Mapping):
        return False
    author = _map(origin.get("sender_user")).get("id")
    return author is None or author != _map(message.get("from")).get("id")


def _late(when: Any, now: datetime) -> bool:
    return _is_number(when) and 0 < when < now.timestamp() - LATE.total_seconds()


def _map(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _is_number(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < _BIGGEST
