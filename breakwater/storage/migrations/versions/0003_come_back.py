"""Come-back words, and the tokens given out for them"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "come_back",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name=op.f("fk_come_back_conversation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_come_back")),
    )
    with op.batch_alter_table("come_back", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_come_back_conversation_id"), ["conversation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("come_back", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_come_back_conversation_id"))
    op.drop_table("come_back")
