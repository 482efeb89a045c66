"""Context in the sidebar: opened by Zendesk's signed URL, and asked by an agent."""

import re
from typing import Any

import requests

from sandbox.demo.scene import Scene

SECONDS = 30
OPENING = re.compile(r'name="opening" value="([^"]+)"')


def play(scene: Scene, ticket: int, agent: int, question: dict[str, Any]) -> str:
    """Open it, see that nobody was asked, ask; the page with the answer."""
    report, before = scene.report, scene.last()
    scene.control("PUT", "app", {"url": scene.service_url})
    forged = _open(scene, {"as": agent, "wrong": "other_key"})
    report.check("what Zendesk did not sign opens no sidebar", forged.status_code, 403)
    form = _open(scene, {"as": agent})
    calls = [entry["path"] for api in ("publish", "apply", "timetables") for entry in scene.log(api=api, after=before)]
    report.check("its signed URL does, and the DfE services were not called", (form.status_code, calls), (200, []))
    found = OPENING.search(form.text)
    sent = {"opening": found[1] if found else "", "ticket": ticket, "purpose": question["purpose"]}
    sent |= {name: question[name] for name in ("provider", "candidate")}
    page = requests.post(f"{scene.service_url}/sidebar/context", data=sent, timeout=SECONDS).text
    shown = [name for name in ("provider", "candidate") if question[name] in page]
    report.check("asked, it shows the agent both", shown, ["provider", "candidate"])
    return page


def _open(scene: Scene, order: dict[str, Any]) -> requests.Response:
    """As Zendesk does: the token is posted to the address that the app's manifest says."""
    made = scene.control("POST", "app/tokens", order)
    return requests.post(made["address"], data={"token": made["token"]}, timeout=SECONDS)
