"""What is to be said of the Zendesk account, of what was seen there. Pure: values in, lines for a person out."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from support_bridge.health.check import Check
from support_bridge.policies.values import Policy, PolicyFile
from support_bridge.settings import Settings
from support_bridge.zendesk.told import Told
from support_bridge.zendesk.values import Directory, Field, Schedule, ShowMany, Webhook

API_TOKENS_END = date(2027, 4, 30)
WELL = ("success", "successful")
RECEIVER = "/webhooks/zendesk"
TRIGGERS = "conditional_ticket_events"


def calls(counted: Mapping[tuple[str, str], int]) -> Check:
    """How the service's calls went, since Redis was empty."""
    total: Counter[str] = Counter()
    for (_, outcome), n in counted.items():
        total[outcome] += n
    all_of_them = total.total()
    said = ", ".join(f"{n:,} {outcome.replace('_', ' ')}" for outcome, n in total.most_common())
    return Check("calls", True, f"{all_of_them:,} so far: {said}" if all_of_them else "none so far")


def credentials(settings: Settings, today: date) -> Check:
    """Which way in is used."""
    if settings.zendesk_oauth_client_id and settings.zendesk_oauth_client_secret:
        return Check("credentials", True, f"OAuth client {settings.zendesk_oauth_client_id}")
    if settings.zendesk_oauth_token:
        return Check("credentials", True, "a static OAuth token: nothing renews it when it ends", look=True)
    left = (API_TOKENS_END - today).days
    said = f"an API token: Zendesk ends them all on {API_TOKENS_END:%-d %B %Y}"
    return Check("credentials", left > 0, f"{said}, in {left} days" if left > 0 else said, look=True)


def plan(settings: Settings, told: Told | None) -> Check:
    """The plan's limit, as Zendesk's headers and as our setting says it."""
    ours = settings.zendesk_requests_per_minute
    more = f"bulk work takes at most {settings.zendesk_bulk_share:.0%}"
    if told is None:
        return Check(
            "plan", True, f"{ours:,} requests a minute by our setting, Zendesk does not say; {more}", look=True
        )
    if told.limit == ours:
        return Check("plan", True, f"{ours:,} requests a minute, {told.left:,} left in this one; {more}")
    said = f"Zendesk gives {told.limit:,} requests a minute, ZENDESK_REQUESTS_PER_MINUTE is {ours:,}"
    return Check("plan", True, f"{said}: the lower one holds; {more}", look=True)


def show_many(seen: ShowMany) -> Check:
    """How the read by the hundred behaves. Both gaps are bridged, at a request more for each ticket."""
    if seen.archived is None:
        return Check("show_many", True, "no archived ticket here to try it on", look=True)
    lacks = [what for what, there in (("archived tickets", seen.archived), ("metrics", seen.metrics)) if there is False]
    if lacks:
        return Check("show_many", True, f"leaves out {' and '.join(lacks)}: each is asked for by itself", look=True)
    return Check(
        "show_many", True, "gives archived tickets and their metrics" if seen.metrics else "gives archived tickets"
    )


def desk(policies: PolicyFile, names: Directory) -> Check:
    """Whether the account has the brands, groups and forms that the policies name."""
    known = {"brand": names.brands, "group": names.groups, "form": names.forms}
    missing = {policy.name: _unknown(policy, known) for policy in policies.policies}
    if any(missing.values()):
        said = "; ".join(f"{name} names what is not there: {', '.join(what)}" for name, what in missing.items() if what)
        return Check("desk", False, said)
    counted = ", ".join(f"{len(found)} {kind}s" for kind, found in known.items())
    return Check("desk", True, f"{counted}; all that the policies name are there")


def _unknown(policy: Policy, known: Mapping[str, Mapping[int, str]]) -> list[str]:
    return [
        f"{one.kind} {one.value!r}"
        for one in (*policy.all, *policy.any)
        if one.kind in known and one.value not in {*map(str, known[one.kind]), *known[one.kind].values()}
    ]


def fields(policies: PolicyFile, found: dict[int, Field]) -> Check:
    """Whether the account has the fields that the policy file names, and the values that policies claim by."""
    wanted = {f"{name} ({number})": number for name, number in policies.fields.items()}
    conditions = [one for policy in policies.policies for one in (*policy.all, *policy.any) if one.kind == "field"]
    wanted |= {f"field {one.field_id}": one.field_id or 0 for one in conditions}
    missing = [name for name, number in wanted.items() if number not in found or not found[number].active]
    odd = [
        f"{one.value!r} is no value of field {one.field_id}"
        for one in conditions
        if (field := found.get(one.field_id or 0)) and field.options and one.value not in field.options
    ]
    if missing or odd:
        return Check("fields", False, "; ".join([*(f"{name} is missing or inactive" for name in missing), *odd]))
    return Check("fields", True, f"{len(found)}; all {len(wanted)} that the policy file names are there")


def webhook(public_url: str, found: tuple[Webhook, ...]) -> Check:
    """Whether an active webhook leads here, and how its last deliveries went."""
    leading = [one for one in found if leads_here(public_url, one.endpoint)]
    ours = [one for one in leading if one.active]
    if not ours:
        return Check("webhook", False, f"{_lacking(public_url, found, leading)}: nothing is heard")
    kinds = {kind for one in ours for kind in one.subscriptions}
    heard = "triggers" if TRIGGERS in kinds else f"{len(kinds)} kind{'s' if len(kinds) != 1 else ''} of event"
    badly = {how: n for one in ours for how, n in one.went.items() if how not in WELL}
    total = sum(n for one in ours for n in one.went.values())
    if badly:
        said = ", ".join(f"{n:,} {how}" for how, n in sorted(badly.items()))
        return Check("webhook", True, f"{heard}; of its last {total:,} deliveries: {said}", look=True)
    well = f"its last {total:,} deliveries went well" if total else "nothing delivered in the last days"
    return Check("webhook", True, f"{heard}; {well}")


def _lacking(public_url: str, found: tuple[Webhook, ...], leading: list[Webhook]) -> str:
    if not found:
        return "the account has none"
    if leading:
        return "the one that leads here is not active"
    where = f"{public_url}{RECEIVER}" if public_url else f"an address that ends with {RECEIVER}"
    return f"none of {len(found)} leads to {where}"


def leads_here(public_url: str, endpoint: str) -> bool:
    """Whether that is where this service hears; without its own address, whether it looks like it."""
    return endpoint == f"{public_url}{RECEIVER}" if public_url else endpoint.endswith(RECEIVER)


def schedules(found: tuple[Schedule, ...]) -> Check:
    """Whether Zendesk deletes by itself, and what. A hold of ours does not stop it."""
    active = [one for one in found if one.active]
    if not active:
        return Check("schedules", True, "Zendesk deletes nothing by itself")
    said = "; ".join(f"each {_plainly(one.object.removeprefix('zen:'))} where {_rule(one)}" for one in active)
    return Check("schedules", True, f"Zendesk itself deletes {said}. Holds do not stop it", look=True)


def _rule(schedule: Schedule) -> str:
    parts = [" and ".join(schedule.all), " or ".join(schedule.any)]
    return _plainly(", and ".join(part for part in parts if part)) or "nothing is asked"


def _plainly(words: str) -> str:
    """Zendesk's words for fields and operators, as people write them."""
    return words.replace("_", " ").replace("greater than", "over").replace("less than", "under")
