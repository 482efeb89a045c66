"""Everything one sandbox process holds, and the one lock around it."""

import traceback
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from urllib.parse import urlsplit

from flask import current_app

from sandbox.account.clock import Clock
from sandbox.account.life import Happening, begin, settle
from sandbox.account.options import Options
from sandbox.account.pace import pace_of
from sandbox.account.seeding.seed import seeded
from sandbox.account.state import Account
from sandbox.agent.installation import Installation
from sandbox.control.faults import Faults
from sandbox.control.paging_faults import Aliases
from sandbox.control.waits import Waits
from sandbox.request_log import RequestLog
from sandbox.zendesk.access.limits import Limits
from sandbox.zendesk.access.tokens import API_TOKEN, CHAT, CLIENTS, STATIC, Tokens
from sandbox.zendesk.webhooks.deliveries import Deliveries
from sandbox.zendesk.webhooks.happened import events_of

KNOWN = frozenset({*CLIENTS, CHAT, STATIC, API_TOKEN})


@dataclass
class World:
    options: Options
    clock: Clock
    account: Account
    tokens: Tokens
    limits: Limits
    deliveries: Deliveries
    app: Installation
    log: RequestLog = field(default_factory=lambda: RequestLog(known=KNOWN))
    faults: Faults = field(default_factory=Faults)
    aliases: Aliases = field(default_factory=Aliases)
    waits: Waits = field(default_factory=Waits)
    lock: RLock = field(default_factory=RLock)

    def settle(self) -> datetime:
        """Let what was due happen, tell the webhook, and say what time it is."""
        now = self.clock.now()
        for happening in settle(self.account, now):
            try:
                self._tell(happening)
            except Exception:  # the others have happened too, and nobody would hear of them
                traceback.print_exc()
        return now

    def _tell(self, happening: Happening) -> None:
        for event in events_of(self.options, self.account, happening):
            self.deliveries.send(event)

    def settle_alone(self) -> None:
        """For the delivery thread: jobs end also while nobody asks."""
        with self.lock:
            self.settle()


def create_world(options: Options) -> World:
    clock = Clock(timedelta(seconds=options.clock_behind_seconds))
    account = seeded(options.seed, options.today or clock.now().date(), options.scale)
    account.subdomain = options.subdomain
    begin(account, pace_of(options), timedelta(seconds=options.index_lag_seconds), clock.now())
    app = Installation(options.subdomain, options.app_url.rstrip("/") or _origin(options.webhook_url))
    world = World(options, clock, account, Tokens(options), Limits(options), Deliveries(options), app)
    world.deliveries.when_idle, world.deliveries.now = world.settle_alone, clock.now
    return world


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def world() -> World:
    found: World = current_app.extensions["sandbox"]
    return found
