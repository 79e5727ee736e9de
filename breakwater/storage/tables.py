"""The tables. Columns that end in `_sealed` are encrypted with the conversation's key.

Times are UTC, naive in the database, seconds resolution or better. Alembic owns the schema
(`migrations/`); a test holds the two together.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
                       "fk": "fk_%(table_name)s_%(column_0_name)s", "pk": "pk_%(table_name)s"}
)  # fmt: skip
keys_metadata = sa.MetaData()

contacts = sa.Table(
    "contacts", metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("address_hash", sa.String(64), nullable=False),  # web: hash of the token; Telegram: keyed hash
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.UniqueConstraint("channel", "address_hash"),
)  # fmt: skip

conversations = sa.Table(
    "conversations", metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("contact_id", sa.ForeignKey("contacts.id"), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("last_seq", sa.Integer, nullable=False, default=0),
    sa.Column("opened_at", sa.DateTime, nullable=False),
    sa.Column("last_in", sa.DateTime),
    sa.Column("last_out", sa.DateTime),
    sa.Column("erase_at", sa.DateTime),  # asked for in danger: erased at this time at the latest
)  # fmt: skip

messages = sa.Table(
    "messages", metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("sender", sa.String(16), nullable=False),  # person, assistant, counsellor, notice
    sa.Column("counsellor_id", sa.ForeignKey("counsellors.id")),
    sa.Column("client_id", sa.String(64)),  # the sender's own id: sending twice stores once
    sa.Column("body_sealed", sa.LargeBinary, nullable=False),  # JSON: text, buttons, tags, question, button
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("turn", sa.String(16), nullable=False),  # person: waiting, answered, unread; others: none, dropped
    sa.Column("delivered_at", sa.DateTime),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("conversation_id", "client_id", name="uq_messages_client_id"),
    sa.Index("ix_messages_turn", "turn"),
)  # fmt: skip

cases = sa.Table(
    "cases", metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, unique=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("tier", sa.String(16), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),  # smaller is more severe; orders the queue
    sa.Column("sealed", sa.LargeBinary, nullable=False),  # JSON: facts, memory of the plan, reasons
    sa.Column("version", sa.Integer, nullable=False, default=0),
    sa.Column("counsellor_id", sa.ForeignKey("counsellors.id")),
    sa.Column("opened_at", sa.DateTime, nullable=False),
    sa.Column("waiting_since", sa.DateTime),
    sa.Column("claimed_at", sa.DateTime),
    sa.Index("ix_cases_queue", "state", "rank", "waiting_since"),
)  # fmt: skip

case_events = sa.Table(
    "case_events", metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("counsellor_id", sa.ForeignKey("counsellors.id")),
    sa.Column("detail_sealed", sa.LargeBinary),
)  # fmt: skip

counsellors = sa.Table(
    "counsellors", metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("login", sa.String(64), nullable=False, unique=True),
    sa.Column("name", sa.String(64), nullable=False),  # what the person in the chat sees
    sa.Column("password_hash", sa.String(256), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, default=True),
    sa.Column("created_at", sa.DateTime, nullable=False),
)  # fmt: skip

sessions = sa.Table(
    "sessions", metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("counsellor_id", sa.ForeignKey("counsellors.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("last_seen", sa.DateTime, nullable=False),
)  # fmt: skip

# A conversation on Telegram: where it is answered.
telegram_chats = sa.Table(
    "telegram_chats", metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("chat_sealed", sa.LargeBinary, nullable=False),  # Telegram's number of the chat
)  # fmt: skip

# What stands in the chat at Telegram: so that it can be deleted there, and its buttons be known again.
telegram_messages = sa.Table(
    "telegram_messages", metadata,
    sa.Column("id", sa.String(32), primary_key=True),  # random: buttons carry it
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("seq", sa.Integer, nullable=False),  # the message of ours that it shows, or 0
    sa.Column("message_sealed", sa.LargeBinary, nullable=False),  # Telegram's number of the message
    sa.Column("buttons", sa.Boolean, nullable=False),  # answers can still be tapped
    sa.Column("at", sa.DateTime, nullable=False),
)  # fmt: skip

# Links that move a conversation to another channel, once.
moves = sa.Table(
    "moves", metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("channel", sa.String(16), nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
)  # fmt: skip

audit = sa.Table(
    "audit", metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("at", sa.DateTime, nullable=False),
    sa.Column("counsellor_id", sa.ForeignKey("counsellors.id")),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("case_id", sa.String(32)),
)  # fmt: skip

# Other ways into a conversation of the web chat: come-back words, and the tokens given out for them.
come_back = sa.Table(
    "come_back", metadata,
    sa.Column("hash", sa.String(64), primary_key=True),  # words: keyed hash; token: hash
    sa.Column("conversation_id", sa.ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("kind", sa.String(8), nullable=False),  # words, token
    sa.Column("created_at", sa.DateTime, nullable=False),
)  # fmt: skip

# A database of its own, left out of ordinary backups (safeguarding rule 12).
data_keys = sa.Table(
    "data_keys", keys_metadata,
    sa.Column("conversation_id", sa.String(32), primary_key=True),
    sa.Column("wrapped", sa.LargeBinary, nullable=False),
)  # fmt: skip
