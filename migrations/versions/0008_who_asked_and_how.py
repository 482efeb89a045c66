"""How a look-up was asked for and how it ended; sidebars that were opened; what macros and triggers asked for."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make it so."""
    op.add_column("look_up", sa.Column("sources", ARRAY(sa.TEXT), server_default="{}", nullable=False))
    op.add_column("look_up", sa.Column("outcome", sa.String, nullable=True))
    op.add_column("look_up", sa.Column("way", sa.String, server_default="api", nullable=False))
    op.create_index("ix_look_up_agent_id_asked_at", "look_up", ["agent_id", "asked_at"])
    op.create_table(
        "sidebar_opening",
        sa.Column("hash", sa.LargeBinary, primary_key=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False, index=True),
        comment="Signed URLs that were used, so that none is used twice",
    )
    op.create_table(
        "context_request",
        sa.Column("ticket_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False, index=True),
        sa.Column("attempts", sa.BigInteger, server_default="0", nullable=False),
        sa.Column("error_class", sa.String, nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        comment="Tickets on which a macro or trigger asked for context, and no answer yet",
    )


def downgrade() -> None:
    """And back."""
    op.drop_table("context_request")
    op.drop_table("sidebar_opening")
    op.drop_index("ix_look_up_agent_id_asked_at", "look_up")
    op.drop_column("look_up", "way")
    op.drop_column("look_up", "outcome")
    op.drop_column("look_up", "sources")
