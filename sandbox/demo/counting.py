"""Insight: the month's numbers, against a count of the sandbox's own."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import requests

from sandbox.demo.scene import Scene

THRESHOLD = 10
METRICS = ("created", "solved", "backlog", "first_reply", "full_resolution")


def play(scene: Scene) -> None:
    """Show the month's numbers and hold the counts against the account's own history."""
    report = scene.report
    report.title("Insight: numbers, and nothing personal")
    headers, now = scene.token("insights"), datetime.now(UTC)
    created = ask(scene, headers, "created", now)
    own = _created(scene)
    found = {(cell["period"], cell["service"]): cell["n"] for cell in created["cells"]}
    wanted = {cell: _shown(own[cell]) for cell in found}
    report.check(f"tickets made, {len(found)} cells by month and service, small ones suppressed", found, wanted)
    suppressed = sum(1 for n in found.values() if n == "c")
    report.check("some cells were small enough to be suppressed", suppressed > 0, True)
    for metric in METRICS:
        report.say(_sentence(ask(scene, headers, metric, now, this_month=True)))
    unnamed = requests.get(f"{scene.service_url}/api/v1/insights/created", timeout=10)
    report.check("without a token there are no numbers", unnamed.status_code, 401)


def ask(
    scene: Scene, headers: dict[str, str], metric: str, now: datetime, *, this_month: bool = False
) -> dict[str, Any]:
    """A metric over the account's whole history, or this month."""
    to = f"{now:%Y-%m}"
    query = {"from": to if this_month else f"{now.year - 6}-{now:%m}", "to": to}
    answer = requests.get(f"{scene.service_url}/api/v1/insights/{metric}", params=query, headers=headers, timeout=30)
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def service_of(ticket: dict[str, Any]) -> str:
    """The policy that claims a ticket, by the words of the notices: the demo reads no policy file."""
    if ticket["brand"] == "Manage" and ticket["channel"] in ("chat", "native_messaging"):
        return "manage-chat"
    return {"Apply for teacher training": "apply-support", "Manage school placements": "school-placements"}.get(
        ticket["brand"], ""
    )


def _created(scene: Scene) -> Counter[tuple[str, str]]:
    return Counter((ticket["created_at"][:7], service_of(ticket)) for ticket in scene.truth().values())


def _shown(n: int) -> int | str:
    return "c" if 0 < n < THRESHOLD else n


def _sentence(said: dict[str, Any]) -> str:
    cells = [f"{cell['service']} {_cell(cell, said['unit'])}" for cell in said["cells"]]
    return f"{said['metric']} this month, {said['unit']}: {', '.join(cells)}"


def _cell(cell: dict[str, Any], unit: str) -> str:
    if unit == "tickets":
        return f"{cell['value']}"
    return "none" if cell["median"] is None else f"median {cell['median']} of {cell['n']}"
