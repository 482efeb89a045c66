"""A delivery keeps our id of the request that it came in."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make it so."""
    op.add_column("delivery", sa.Column("request_id", sa.String(), nullable=True))


def downgrade() -> None:
    """And back."""
    op.drop_column("delivery", "request_id")
