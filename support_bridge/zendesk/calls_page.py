"""`docs/zendesk.md`, written from the table of calls: `make zendesk-calls`."""

from support_bridge.zendesk.budget import BURST, LEFT_BY_BULK, PATIENCE_SECONDS
from support_bridge.zendesk.calls import CALLS, CHAT_PER_MINUTE, Call
from support_bridge.zendesk.errors import MEANINGS, NOT_JSON, Meaning
from support_bridge.zendesk.told import DEFAULT_WAIT, LONGEST_WAIT

HEAD = """# What is asked of Zendesk

Written by `make zendesk-calls` from `support_bridge/zendesk/calls.py`, which the client itself goes by: a call that is
not here is not sent. Methods are those of the client (`support_bridge/zendesk/client.py`); a call's name is its name in
the counts.
"""

LIMITS = f"""
## How much is asked

Every call takes a slot of the account's budget, which all processes share and every answer's headers correct.
`ZENDESK_REQUESTS_PER_MINUTE` is the ceiling, and what Zendesk says holds where it is less. Of a minute's requests
{BURST:.0%} may come at once. Zendesk Chat has a budget of its own, {CHAT_PER_MINUTE} a minute on every plan.

Bulk work takes at most `ZENDESK_BULK_SHARE`, gives way where agents and other programs use more than the rest, and
leaves {LEFT_BY_BULK:.0%} of each minute in any case.

A limit in the table is a single endpoint's, in calls a minute, until an answer's headers say otherwise. Its last call
is left to a person.

A call waits up to {PATIENCE_SECONDS:.0f} seconds for a slot; then its rows are put off until there is one.

A 429 pauses the call that it was about, or everything where nothing of the account's limit is left, for as long as
`Retry-After` says: {DEFAULT_WAIT.seconds} seconds where it says nothing that can be read, {LONGEST_WAIT.seconds // 60}
minutes at most.
"""

ERRORS = """
## What an answer means

The first line that fits. *Try again* has a time; *a person* means that the same would fail again. No word of a body is
ever put into a message.

| status | and its error code says | counted as | means |
|---|---|---|---|
"""


def page() -> str:
    """The whole page."""
    table = ["| call | request | client's method | limit | what the code relies on |", "|---|---|---|---|---|"]
    rows = [_row(call) for call in CALLS]
    means = [_meaning(one) for one in (*MEANINGS, NOT_JSON)]
    return "\n".join([HEAD, *table, *rows, LIMITS]) + ERRORS + "\n".join(means) + "\n"


def _row(call: Call) -> str:
    request = f"[`{call.verb} {call.path.replace('{}', '{id}')}`]({call.document})"
    methods = ", ".join(f"`{name}`" for name in call.by.split(", "))
    own = (
        f"{call.limit.per_minute} ({call.limit.name})" if call.limit else "Chat's" if call.is_chat else "the account's"
    )
    return f"| {call.name} | {request} | {methods} | {own} | {call.fact} |"


def _meaning(one: Meaning) -> str:
    first, last = one.statuses[0], one.statuses[-1]
    statuses = str(first) if first == last else f"{first} to {last}"
    codes = f"`{one.code}`" + (f" ({one.part.capitalize()})" if one.part else "") if one.code else ""
    if one is NOT_JSON:
        codes = "nothing: it is not a JSON object"
    return f"| {statuses} | {codes} | {one.outcome} | {one.means} |"


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201  (`make zendesk-calls` keeps it)
