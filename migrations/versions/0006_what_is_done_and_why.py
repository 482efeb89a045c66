"""Find deliveries by their ticket, and by when they were settled or set aside, without looking at every one."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make it so."""
    op.create_index("ix_delivery_ticket_id", "delivery", ["ticket_id"])
    for column in ("settled_at", "set_aside_at"):
        op.create_index(
            f"ix_delivery_{column}", "delivery", [column], postgresql_where=sa.text(f"{column} IS NOT NULL")
        )


def downgrade() -> None:
    """And back."""
    for column in ("set_aside_at", "settled_at"):
        op.drop_index(f"ix_delivery_{column}", "delivery")
    op.drop_index("ix_delivery_ticket_id", "delivery")
