"""Since when Zendesk had no answer for a walk's next page."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make it so."""
    op.add_column("catch_up", sa.Column("put_off_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """And back."""
    op.drop_column("catch_up", "put_off_since")
