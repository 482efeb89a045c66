"""Context: two look-ups, because an agent asked."""

import json
from typing import Any

import requests

from sandbox.demo.scene import Scene

TICKET, AGENT, PROVIDER, CANDIDATE = 1042, 501, "1TZ", "C1234"
PURPOSE = "the provider asks where the application stands"
DFE = ("publish", "apply")


def play(scene: Scene) -> None:
    """One look-up at the console, one over the API with a note; and the note asked for again."""
    report = scene.report
    report.title("Context: only when an agent asks")
    report.check("before anybody asked, the DfE services were not called", _calls(scene, after=0), [])
    before = scene.last()
    shown = scene.flask_json(
        "context", "ask", str(TICKET), "--agent", str(AGENT), "--provider", PROVIDER, "--purpose", PURPOSE
    )
    report.check("the console shows the provider that was asked for", shown["provider"]["code"], PROVIDER)
    headers = scene.token("agent")
    first, again = _ask(scene, headers), _ask(scene, headers)
    report.check("the API shows the application that was asked for", first["application"]["candidate"], CANDIDATE)
    report.check("the note was added once, and once only", (first["note"], again["note"]), ("added", "already_there"))
    notes = _notes(scene)
    report.check("it is on the ticket, and internal", [note["public"] for note in notes], [False])
    asked = 3
    report.check("each look-up is recorded, and completed", scene.value(RECORDED), asked)
    report.check("only what was asked for was fetched", _calls(scene, after=before), sorted(_expected()))
    wrong = requests.post(_url(scene), json=_question(), headers=scene.token("insights"), timeout=10)
    nobody = requests.post(_url(scene), json=_question(), timeout=10)
    report.check("another role and nobody are refused", (wrong.status_code, nobody.status_code), (403, 401))
    report.check("no name and no address is in the answers", _personal(scene, [shown, first, again]), [])


RECORDED = f"SELECT count(*) FROM look_up WHERE ticket_id = {TICKET} AND completed_at IS NOT NULL"  # noqa: S608


def _expected() -> list[str]:
    provider = [f"publish /providers/{PROVIDER}", f"publish /providers/{PROVIDER}/courses"]
    return [*provider, *([*provider, f"apply /candidates/{CANDIDATE}"] * 2)]


def _calls(scene: Scene, *, after: int) -> list[str]:
    entries = [entry for api in DFE for entry in scene.log(api=api, after=after)]
    return sorted(f"{entry['api']} {_tail(entry['path'])}" for entry in entries)


def _tail(path: str) -> str:
    return path[path.index("/providers" if "/providers" in path else "/candidates") :]


def _question() -> dict[str, Any]:
    return {"agent": AGENT, "provider": PROVIDER, "candidate": CANDIDATE, "purpose": PURPOSE, "add_note": True}


def _url(scene: Scene) -> str:
    return f"{scene.service_url}/api/v1/tickets/{TICKET}/context"


def _ask(scene: Scene, headers: dict[str, str]) -> dict[str, Any]:
    answer = requests.post(_url(scene), json=_question(), headers=headers, timeout=30)
    answer.raise_for_status()
    said: dict[str, Any] = answer.json()
    return said


def _notes(scene: Scene) -> list[dict[str, Any]]:
    comments = scene.control("GET", f"tickets/{TICKET}")["comments"]
    return [comment for comment in comments if "Support Bridge" in comment["body"]]


def _personal(scene: Scene, answers: list[dict[str, Any]]) -> list[str]:
    text = json.dumps(answers).lower()
    return [marker for marker in scene.control("GET", "markers")["markers"] if marker.lower() in text]
