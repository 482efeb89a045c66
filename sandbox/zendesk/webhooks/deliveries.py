"""Webhooks out: developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/."""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock, Thread
from time import monotonic, sleep
from traceback import print_exc

from sandbox.account.options import Options
from sandbox.zendesk.webhooks.breaker import Breaker
from sandbox.zendesk.webhooks.event_types import BUILT_IN
from sandbox.zendesk.webhooks.events import Event
from sandbox.zendesk.webhooks.invocations import DROPPED, OUTAGE, WAITING, Invocation
from sandbox.zendesk.webhooks.mischief import Dice, Mischief, Pool
from sandbox.zendesk.webhooks.sending import Sender
from sandbox.zendesk.webhooks.signing import ulid
from sandbox.zendesk.webhooks.subscribers import BUILT_IN_ID, Trigger, Webhook
from sandbox.zendesk.webhooks.triggers import render

IDLE = 0.1
PATIENCE = 0.3  # seconds without anything new, after which nothing is held back for shuffling any longer
KEPT = 20_000  # invocations that are over, with their bodies


class Deliveries:
    """Who is told what, and what is to go wrong with it on purpose. The sending itself is the sender's."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.when_idle: Callable[[], None] = lambda: None
        self.webhooks: dict[str, Webhook] = {}
        self.triggers: list[Trigger] = []
        self.activity: deque[Invocation] = deque()
        self._forgotten: Counter[str] = Counter()
        self.sender = Sender(options, lambda: self.now())
        self._holding, self._latest = Lock(), 0.0
        self._pool: Pool[tuple[Invocation, float]] = Pool(0, 0)
        self._idle_thread: Thread | None = None
        self.make_mischief(Mischief())
        self.subscribe(options.webhook_url, options.webhook_secret)

    def start(self) -> None:
        """Threads start late, so that a server may fork first. Called under the sandbox's lock."""
        if self._idle_thread is None:
            self._idle_thread = Thread(target=self._idle, daemon=True, name="webhook-idle")
            self._idle_thread.start()
            self.sender.start()

    def new_breaker(self) -> Breaker:
        return Breaker(self.options.minute_seconds / 60)

    def subscribe(self, url: str, secret: str, subscriptions: list[str] | None = None) -> None:
        """Point the webhook that the sandbox starts with at a receiver; without a URL it is taken away."""
        self.unsubscribe(BUILT_IN_ID)
        if url:
            wanted = subscriptions or list(BUILT_IN)
            at = self.now()
            self.webhooks[BUILT_IN_ID] = Webhook(
                "Support Bridge", url, wanted, self.new_breaker(), BUILT_IN_ID, secret, created_at=at, updated_at=at
            )

    def unsubscribe(self, webhook_id: str) -> None:
        """What waits for it is never sent."""
        if webhook := self.webhooks.pop(webhook_id, None):
            webhook.status = "inactive"

    def send(self, event: Event) -> None:
        """Queue an event for everybody who subscribed."""
        for invocation in self.record(event):
            self.start()
            self._let_go(invocation)

    def record(self, event: Event) -> list[Invocation]:
        """One invocation for each webhook that is told, none of them sent."""
        found = [
            Invocation(ulid(), webhook, event.type, event.body, event.ticket_id, event.id)
            for webhook in self.webhooks.values()
            if webhook.wants(event.type)
        ]
        if event.placeholders and self.triggers:
            found += self._triggered(event, event.placeholders())
        self._keep(*found)
        return found

    def fates(self) -> Counter[str]:
        """Of all that ever were, also those no longer kept."""
        return self._forgotten + Counter(invocation.fate for invocation in list(self.activity))

    def make_mischief(self, mischief: Mischief) -> None:
        """From now on; what was held back goes first."""
        with self._holding:
            self._release(self._pool.empty())
            self.mischief, self._dice = mischief, Dice(mischief)
            self._pool = Pool(mischief.shuffle, mischief.seed)
        self.sender.pause(mischief.paused)

    def _triggered(self, event: Event, values: dict[str, str]) -> list[Invocation]:
        found = [(trigger, self.webhooks.get(trigger.webhook_id)) for trigger in self.triggers]
        return [
            Invocation(ulid(), webhook, "trigger", render(trigger.body, values), event.ticket_id)
            for trigger, webhook in found
            if webhook is not None and webhook.status == "active"
        ]

    def _let_go(self, invocation: Invocation) -> None:
        if self.mischief.outage:
            invocation.end_unsent(OUTAGE)
            return
        with self._holding:
            fate = self._dice.throw()
            if fate.dropped:
                invocation.end_unsent(DROPPED)
                return
            self._hold(invocation, fate.delay)
            if fate.repeated:
                self._hold(self._again(invocation), fate.delay)

    def _again(self, invocation: Invocation) -> Invocation:
        new_id = ulid() if self.mischief.repeat_ids == "new" else invocation.id
        again = replace(invocation, id=new_id, again=True, attempts=[])
        self._keep(again)
        return again

    def _keep(self, *invocations: Invocation) -> None:
        """Forget the oldest for them; one that waits is still to be sent, and is not forgotten."""
        self.activity.extend(invocations)
        while len(self.activity) > KEPT and self.activity[0].fate != WAITING:
            self._forgotten[self.activity.popleft().fate] += 1

    def _hold(self, invocation: Invocation, delay: float) -> None:
        self.sender.announce()
        self._latest = monotonic()
        self._release(self._pool.add((invocation, delay)))

    def _release(self, items: list[tuple[Invocation, float]]) -> None:
        for invocation, delay in items:
            self.sender.put(invocation, delay)

    def _idle(self) -> None:
        while True:
            sleep(IDLE)
            try:
                self.when_idle()
                self._release_the_last()
            except Exception:  # it may be over the next time
                print_exc()

    def _release_the_last(self) -> None:
        with self._holding:
            if monotonic() - self._latest > PATIENCE:
                self._release(self._pool.empty())
