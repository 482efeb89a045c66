"""Bring the database's tables up to what the code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def upgrade(engine: Engine) -> None:
    """Run every migration that this database has not had."""
    config = Config()
    # ConfigParser reads % as its own; a folder's name may hold one.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
