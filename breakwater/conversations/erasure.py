"""Erasing a conversation: every row of it goes. Its key was destroyed before, so copies are unreadable too."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from breakwater.storage.tables import case_events, cases, contacts, conversations, messages


def erase(connection: Connection, conversation: str) -> None:
    """Delete the conversation, its messages, case, history and contact. Audit rows stay; they hold no words."""
    case_ids = sa.select(cases.c.id).where(cases.c.conversation_id == conversation)
    contact = connection.scalar(sa.select(conversations.c.contact_id).where(conversations.c.id == conversation))
    connection.execute(sa.delete(case_events).where(case_events.c.case_id.in_(case_ids)))
    connection.execute(sa.delete(cases).where(cases.c.conversation_id == conversation))
    connection.execute(sa.delete(messages).where(messages.c.conversation_id == conversation))
    connection.execute(sa.delete(conversations).where(conversations.c.id == conversation))
    connection.execute(sa.delete(contacts).where(contacts.c.id == contact))
