"""Conversations on Telegram, and moving one to another channel"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "telegram_chats",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("chat_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_telegram_chats_conversation_id")
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_telegram_chats")),
    )
    op.create_table(
        "telegram_messages",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("message_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("buttons", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_telegram_messages_conversation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_messages")),
    )
    op.create_index(op.f("ix_telegram_messages_conversation_id"), "telegram_messages", ["conversation_id"])
    op.create_table(
        "moves",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_moves_conversation_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_moves")),
    )
    op.create_index(op.f("ix_moves_conversation_id"), "moves", ["conversation_id"])


def downgrade() -> None:
    for table in ("moves", "telegram_messages", "telegram_chats"):
        op.drop_table(table)
