"""What several of these tests need: events as Zendesk sends them, the worker's job, a service that is away."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox.settings import WEBHOOK_SECRET
from support_bridge.people.values import Role
from support_bridge.retention.approve import approve
from support_bridge.retention.plan import plan
from support_bridge.retention.stages.parts import Parts
from support_bridge.services import Services
from tests.conftest import MINUTE_SECONDS, Sandbox
from tests.integration.asking import ASKED, Ask, Token
from tests.integration.deleting import Approve
from tests.integration.desk import mirror as mirror_these
from tests.integration.desk import now
from workers import jobs, runtime
from wsgi import create_app

Delivery = tuple[bytes, dict[str, str]]


def event_body(ticket: int | str = 1042, **changes: Any) -> bytes:
    """An event with a person in it, as Zendesk's have."""
    event = {
        "account_id": 1,
        "id": str(uuid4()),
        "type": "zen:event-type:ticket.comment_added",
        "subject": f"zen:ticket:{ticket}",
        "time": "2026-11-21T10:00:00.123456789Z",
        "detail": {"subject": "Sbxperson Seven cannot sign in", "requester_id": "requester-77"},
        "event": {"comment": {"body": "write to ada@example.invalid"}},
    }
    return json.dumps(event | changes).encode()


def sign(body: bytes, *, secret: str = WEBHOOK_SECRET, invocation: str | None = None) -> dict[str, str]:
    """The headers of a delivery, sent now; written anew here, so that it does not share the service's mistakes."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hmac.new(secret.encode(), at.encode() + body, hashlib.sha256).digest()
    return {
        "Content-Type": "application/json",
        "X-Zendesk-Webhook-Id": "01WEBHOOK",
        "X-Zendesk-Webhook-Invocation-Id": invocation or uuid4().hex,
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": at,
    }


@pytest.fixture
def deliver(client: Any) -> Callable[..., int]:
    """Have these tickets' events delivered: deliver(1042, 1043)."""

    def send(*tickets: int) -> None:
        for ticket in tickets:
            body = event_body(ticket)
            assert client.post("/webhooks/zendesk", data=body, headers=sign(body)).status_code == 202

    return send


@pytest.fixture
def macro(sandbox: Sandbox, deliver: Callable[..., None]) -> Callable[..., None]:
    """An agent applies the macro that asks for context, and Zendesk tells us: macro(1042, provider="1TZ")."""

    def apply(ticket: int, **order: Any) -> None:
        sandbox.control("POST", f"tickets/{ticket}/macro", order)
        deliver(ticket)

    return apply


@pytest.fixture
def drain(services: Services) -> Iterator[Callable[[], None]]:
    """The worker's job, in this process, with parts of its own as in a worker."""
    runtime.services.cache_clear()
    runtime.services()  # one set of parts, also where threads play several workers
    yield jobs.drain
    close(runtime.services())
    runtime.services.cache_clear()


@pytest.fixture
def another_app(services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Flask]]:
    """An application with some settings changed: another_app(REDIS_URL="…")."""
    made: list[Flask] = []

    def make(**settings: str) -> Flask:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        made.append(create_app())
        return made[-1]

    yield make
    for app in made:
        close(app.extensions["support_bridge"])


@pytest.fixture
def ask(client: FlaskClient, token: Token) -> Ask:
    """Ask the API about a ticket: ask(1042, add_note=True)."""
    agent = token(Role.AGENT)
    return lambda ticket, **changes: client.post(
        f"/api/v1/tickets/{ticket}/context", json=ASKED | changes, headers=agent
    )


@pytest.fixture
def mute() -> Iterator[str]:
    """The address of a server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def parts(services: Services) -> Parts:
    return Parts(
        services.sessions, services.deleting_zendesk(), services.policies, now, timedelta(seconds=MINUTE_SECONDS)
    )


@pytest.fixture
def approved(services: Services) -> Approve:
    """Mirror these tickets, plan, approve; the run."""

    def make(tickets: Sequence[int]) -> str:
        mirror_these(services, tickets)
        with services.sessions.begin() as session:
            run = plan(session, services.policies, now())
            assert run.planned == len(tickets)
            approve(session, run.id, len(tickets), "somebody", now())
        return run.id

    return make


def close(services: Services) -> None:
    services.engine.dispose()
    services.redis.close()
