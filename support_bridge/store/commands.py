"""`flask db …`"""

import click
from flask.cli import AppGroup
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from support_bridge.store.migrate import upgrade


def commands(engine: Engine) -> AppGroup:
    """The group, for this database."""
    db = AppGroup("db", help="The database's tables.")

    @db.command("upgrade")
    def run() -> None:
        """Bring the tables up to what the code expects."""
        try:
            upgrade(engine)
        except OperationalError as error:
            raise click.ClickException("The database is away") from error
        click.echo("The tables are as the code expects.")

    return db
