"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make it so."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
        comment="Programs' ways into the API",
    )
    op.create_table(
        "consolidated_number",
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("metric", "month", "service", "value", name=op.f("pk_consolidated_number")),
        comment="What remains of deleted tickets: how many, by metric, month, service and value",
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("invocation_id", sa.String(), nullable=True),
        sa.Column("body_id", sa.String(), nullable=True),
        sa.Column("webhook_id", sa.String(), nullable=True),
        sa.Column("event_type", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("event_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_class", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("body_id", name=op.f("uq_delivery_body_id")),
        sa.UniqueConstraint("invocation_id", name=op.f("uq_delivery_invocation_id")),
        comment="What Zendesk told us and what became of it",
    )
    op.create_index(
        "ix_delivery_lease", "delivery", ["lease"], unique=False, postgresql_where=sa.text("lease IS NOT NULL")
    )
    op.create_index(
        "ix_delivery_waiting",
        "delivery",
        ["id"],
        unique=False,
        postgresql_where=sa.text("settled_at IS NULL AND set_aside_at IS NULL"),
    )
    op.create_table(
        "desk_name",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_desk_name")),
        comment="The names of the account's brands, groups and forms",
    )
    op.create_table(
        "export_walk",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cursor", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_export_walk")),
        comment="How far an export of Zendesk's was walked",
    )
    op.create_table(
        "hold",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        comment="What must not be deleted for now",
    )
    op.create_index(op.f("ix_hold_ticket_id"), "hold", ["ticket_id"], unique=False)
    op.create_table(
        "look_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=True),
        sa.Column("candidate", sa.String(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fields", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("unavailable", postgresql.ARRAY(sa.TEXT()), server_default="{}", nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_up")),
        comment="Who looked up which provider and application, for which ticket and purpose",
    )
    op.create_index(op.f("ix_look_up_asked_at"), "look_up", ["asked_at"], unique=False)
    op.create_index(op.f("ix_look_up_ticket_id"), "look_up", ["ticket_id"], unique=False)
    op.create_table(
        "mirrored_ticket",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("policies_version", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("brand_id", sa.BigInteger(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("form_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("claimed_fields", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("solved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_reply", sa.BigInteger(), nullable=True),
        sa.Column("first_reply_business", sa.BigInteger(), nullable=True),
        sa.Column("full_resolution", sa.BigInteger(), nullable=True),
        sa.Column("full_resolution_business", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_mirrored_ticket")),
        comment="A ticket's place in the desk and its times",
    )
    op.create_index("ix_mirrored_ticket_service_created_at", "mirrored_ticket", ["service", "created_at"], unique=False)
    op.create_table(
        "retention_run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("policies_version", sa.String(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned", sa.BigInteger(), nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("export_cursor", sa.String(), nullable=True),
        sa.Column("export_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_because", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
        comment="What was planned for deletion, who approved it, how it stands",
    )
    op.create_table(
        "register_entry",
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"], name=op.f("fk_register_entry_run_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_register_entry")),
        comment="The register of tickets that were deleted for good",
    )
    op.create_table(
        "retention_item",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("chat_ids", postgresql.ARRAY(sa.TEXT()), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("soft_deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("permanent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("absent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scrubbed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chats_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["retention_run.id"], name=op.f("fk_retention_item_run_id")),
        sa.PrimaryKeyConstraint("run_id", "ticket_id", name=op.f("pk_retention_item")),
        comment="Each ticket of a run, and each stage of its deletion that was confirmed",
    )
    op.create_index(
        "ix_retention_item_lease",
        "retention_item",
        ["lease"],
        unique=False,
        postgresql_where=sa.text("lease IS NOT NULL"),
    )
    op.create_index("ix_retention_item_ticket_id", "retention_item", ["ticket_id"], unique=False)
    op.create_index(
        "ix_retention_item_waiting",
        "retention_item",
        ["run_id", "stage"],
        unique=False,
        postgresql_where=sa.text("outcome = 'waiting'"),
    )


def downgrade() -> None:
    """And back."""
    op.drop_index(
        "ix_retention_item_waiting", table_name="retention_item", postgresql_where=sa.text("outcome = 'waiting'")
    )
    op.drop_index("ix_retention_item_ticket_id", table_name="retention_item")
    op.drop_index("ix_retention_item_lease", table_name="retention_item", postgresql_where=sa.text("lease IS NOT NULL"))
    op.drop_table("retention_item")
    op.drop_table("register_entry")
    op.drop_table("retention_run")
    op.drop_index("ix_mirrored_ticket_service_created_at", table_name="mirrored_ticket")
    op.drop_table("mirrored_ticket")
    op.drop_index(op.f("ix_look_up_ticket_id"), table_name="look_up")
    op.drop_index(op.f("ix_look_up_asked_at"), table_name="look_up")
    op.drop_table("look_up")
    op.drop_index(op.f("ix_hold_ticket_id"), table_name="hold")
    op.drop_table("hold")
    op.drop_table("export_walk")
    op.drop_table("desk_name")
    op.drop_index(
        "ix_delivery_waiting",
        table_name="delivery",
        postgresql_where=sa.text("settled_at IS NULL AND set_aside_at IS NULL"),
    )
    op.drop_index("ix_delivery_lease", table_name="delivery", postgresql_where=sa.text("lease IS NOT NULL"))
    op.drop_table("delivery")
    op.drop_table("consolidated_number")
    op.drop_table("api_token")
