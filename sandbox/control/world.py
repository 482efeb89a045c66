"""Everything one sandbox process holds, and the one lock around it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import RLock

from flask import current_app

from sandbox.account.clock import Clock
from sandbox.account.deletion import settle
from sandbox.account.options import Options
from sandbox.account.seed import seeded
from sandbox.account.state import Account
from sandbox.control.faults import Faults
from sandbox.request_log import RequestLog
from sandbox.zendesk.deliveries import Deliveries
from sandbox.zendesk.events import departure_event
from sandbox.zendesk.limits import Limits
from sandbox.zendesk.tokens import Tokens


@dataclass
class World:
    options: Options
    clock: Clock
    account: Account
    tokens: Tokens
    limits: Limits
    deliveries: Deliveries
    log: RequestLog = field(default_factory=RequestLog)
    faults: Faults = field(default_factory=Faults)
    lock: RLock = field(default_factory=RLock)

    def settle(self) -> datetime:
        """Let what was due happen, tell the webhook, and say what time it is."""
        now = self.clock.now()
        scrub_after = timedelta(seconds=self.options.scrub_seconds)
        for gone in settle(self.account, now, scrub_after):
            self.deliveries.send(departure_event(self.options, self.account, gone))
        return now

    def settle_alone(self) -> None:
        """For the delivery thread: jobs end also while nobody asks."""
        with self.lock:
            self.settle()


def create_world(options: Options) -> World:
    clock = Clock()
    account = seeded(options.seed, options.today or datetime.now(UTC).date())
    world = World(options, clock, account, Tokens(options), Limits(options), Deliveries(options))
    world.deliveries.when_idle = world.settle_alone
    return world


def world() -> World:
    found: World = current_app.extensions["sandbox"]
    return found
