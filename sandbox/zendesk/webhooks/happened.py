"""The events that tell what happened by itself."""

from sandbox.account.life import Closing, Happening
from sandbox.account.options import Options
from sandbox.account.state import Account
from sandbox.zendesk.webhooks.events import Event, audit_events, departure_event


def events_of(options: Options, account: Account, happening: Happening) -> list[Event]:
    if isinstance(happening, Closing):
        return audit_events(options, account, happening.ticket, happening.audit)
    return [departure_event(options, account, happening)]
