"""Whom else a delivery may be about, and how often Zendesk could not answer for it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make it so."""
    op.add_column("delivery", sa.Column("user_id", sa.BigInteger(), nullable=True))
    op.add_column("delivery", sa.Column("conversation_id", sa.String(), nullable=True))
    op.add_column("delivery", sa.Column("put_offs", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    """And back."""
    for name in ("put_offs", "conversation_id", "user_id"):
        op.drop_column("delivery", name)
