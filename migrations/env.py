"""Alembic's entry: the tables of every capability, on the connection that store/migrate.py hands over."""

from alembic import context

from support_bridge.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, compare_server_default=True
)
with context.begin_transaction():
    context.run_migrations()
