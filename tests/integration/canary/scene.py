"""A whole running service, and what whoever plays with it writes down: answers, outputs, rows, what went otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy.orm import sessionmaker
from werkzeug.routing import Rule

from sandbox.servers.daemon import until
from sandbox.sign_in.people import PEOPLE
from sandbox.stage import Stage
from support_bridge.people import grants, tokens
from support_bridge.people.values import Role
from support_bridge.store.engine import make_engine
from tests.conftest import Sandbox
from tests.integration.canary.cable import Cable
from tests.integration.canary.keeping import rows
from tests.integration.canary.marks import Piece
from tests.integration.canary.relay import Relay
from tests.integration.canary.visitors import Answer, Visitor
from tests.integration.desk import now
from tests.integration.receiver import Receiver
from wsgi import create_app


@dataclass
class Scene:
    """Its parts, and what was seen. `tokens`: one for each role; `rows`: every row that was there when it was looked;
    `outputs`: what commands said, without what they say again of what was typed; `amiss`: see `expect`."""

    stage: Stage
    sandbox: Sandbox
    relay: Relay
    cable: Cable
    receiver: Receiver
    settings: dict[str, str]
    rules: list[Rule]
    tokens: dict[Role, str]
    url: str
    answers: list[Answer] = field(default_factory=list)
    outputs: list[Piece] = field(default_factory=list)
    rows: set[Piece] = field(default_factory=set)
    amiss: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        """The sign-in provider."""
        return self.settings["DFE_SIGN_IN_ISSUER"]

    def visitor(self, who: str, **more: Any) -> Visitor:
        """Somebody new: one of the sandbox's people by their key, or whoever it is called."""
        return Visitor(self.url, who, self.answers, PEOPLE.get(who), **more)

    def program(self, role: Role) -> Visitor:
        """A program with a token of that role."""
        return self.visitor(f"a program ({role})", token=self.tokens[role])

    def expect(self, what: str, found: object, wanted: object) -> None:
        """Write down what went otherwise than it should: marks that never arrived would never be found."""
        if found != wanted:
            self.amiss.append(f"{what}: {found!r}, not {wanted!r}")

    def value(self, query: str) -> Any:
        """The one value that the database says."""
        with psycopg.connect(self.settings["DATABASE_URL"]) as connection:
            (value,) = connection.execute(query.encode()).fetchone() or (None,)
        return value

    def change(self, statement: str) -> None:
        """Have it in the database."""
        with psycopg.connect(self.settings["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(statement.encode())

    def wait(self, query: str, wanted: object, seconds: float = 20) -> None:
        """Until the database says so."""
        until(lambda: self.value(query) == wanted, seconds)
        self.expect(query, self.value(query), wanted)

    def look(self) -> None:
        """Keep the rows that there are: some are gone soon."""
        self.rows |= set(rows(self.settings["DATABASE_URL"]))

    def log(self, name: str) -> str:
        """What a process wrote so far."""
        return (self.stage.logs / f"{name}.log").read_text()


def let_in(url: str) -> dict[Role, str]:
    """Give the sandbox's people their roles; a token for each role."""
    engine = make_engine(url)
    with sessionmaker(engine).begin() as session:
        for person in PEOPLE.values():
            for role in person.roles:
                grants.grant(session, person.subject, Role(role), now())
        made = {role: tokens.make(session, role, timedelta(days=1), now()) for role in Role}
    engine.dispose()
    return made


@contextmanager
def wired(settings: dict[str, str]) -> Iterator[Flask]:
    """The application in this process, which reports nowhere."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (settings | {"SENTRY_DSN": ""}).items():
            patch.setenv(name, value)
        app = create_app()
    yield app
    app.extensions["support_bridge"].engine.dispose()
    app.extensions["support_bridge"].redis.close()
