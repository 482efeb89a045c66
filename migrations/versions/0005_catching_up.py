"""How far the exports were held against what was heard, what Zendesk told by itself, and the chats."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make it so."""
    # What was mirrored before was read before now: whatever is read from now on is later.
    op.add_column("mirrored_ticket", sa.Column("read_at", TIME, server_default=sa.func.now(), nullable=False))
    op.create_table(
        "told_share",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_told_share")),
        comment="Of the changes that Zendesk's export shows, how many its webhooks told us, by day",
    )
    op.create_table(
        "catch_up",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("watermark", TIME, nullable=True),
        sa.Column("until", TIME, nullable=True),
        sa.Column("cursor", sa.String(), server_default="", nullable=False),
        sa.Column("reached_at", TIME, nullable=True),
        sa.Column("not_before", TIME, nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", TIME, nullable=True),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("failed_at", TIME, nullable=True),
        sa.Column("error_class", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_catch_up")),
        comment="How far Zendesk's exports were held against what was heard",
    )
    op.create_table(
        "mirrored_chat",
        sa.Column("chat_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("seen_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_mirrored_chat")),
        comment="Chats by their ids, and their times",
    )


def downgrade() -> None:
    """And back."""
    for name in ("mirrored_chat", "catch_up", "told_share"):
        op.drop_table(name)
    op.drop_column("mirrored_ticket", "read_at")
