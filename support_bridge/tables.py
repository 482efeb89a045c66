"""Every table, gathered for Alembic and for the check that each column says what it is."""

from support_bridge.context import tables as _context
from support_bridge.holds import tables as _holds
from support_bridge.inbox import tables as _inbox
from support_bridge.insights import tables as _insights
from support_bridge.people import tables as _people
from support_bridge.retention import tables as _retention
from support_bridge.store.classification import data_map
from support_bridge.store.table import Table

CAPABILITIES = (_context, _holds, _inbox, _insights, _people, _retention)

metadata = Table.metadata

if __name__ == "__main__":
    print(data_map(metadata), end="")  # noqa: T201  (`make data-map` keeps it)
