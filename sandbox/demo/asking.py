"""Context: look-ups at the console, over the API and in the sidebar, because an agent asked."""

import json
from collections import Counter
from typing import Any

import requests

from sandbox.demo import sidebar
from sandbox.demo.scene import Scene

TICKET, AGENT, PROVIDER, CANDIDATE = 1042, 501, "1TZ", "C1234"
PURPOSE = "the provider asks where the application stands"
DFE = ("publish", "apply", "timetables")


def play(scene: Scene) -> None:
    """One look-up at the console, one over the API with a note; the note asked for again; one in the sidebar."""
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
    page = sidebar.play(scene, TICKET, AGENT, _question())
    fetched = Counter(_calls(scene, after=before))
    report.check("each look-up is recorded, and completed", scene.value(RECORDED), 4)
    report.check("only what was asked for was fetched", set(fetched), EXPECTED)
    report.check("the application anew each time: it is kept nowhere", fetched[APPLICATION], 3)
    wrong = requests.post(_url(scene), json=_question(), headers=scene.token("insights"), timeout=10)
    nobody = requests.post(_url(scene), json=_question(), timeout=10)
    report.check("another role and nobody are refused", (wrong.status_code, nobody.status_code), (403, 401))
    report.check("no name and no address is in the answers", _personal(scene, [shown, first, again, page]), [])


RECORDED = f"SELECT count(*) FROM look_up WHERE ticket_id = {TICKET} AND completed_at IS NOT NULL"  # noqa: S608


# What Publish says is kept for some hours, by each process for itself: how often it is asked hangs on which answered.
APPLICATION = f"apply /candidates/{CANDIDATE}"
EXPECTED = {
    APPLICATION,
    f"publish /providers/{PROVIDER}",
    f"publish /providers/{PROVIDER}/courses",
    "timetables /recruitment-cycle-timetables",
}


def _calls(scene: Scene, *, after: int) -> list[str]:
    entries = [entry for api in DFE for entry in scene.log(api=api, after=after)]
    return sorted(f"{entry['api']} {_tail(entry['path'])}" for entry in entries)


def _tail(path: str) -> str:
    """Without the API's own beginning."""
    names = ("/providers", "/candidates", "/recruitment-cycle-timetables")
    return next((path[path.index(name) :] for name in names if name in path), path)


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


def _personal(scene: Scene, answers: list[object]) -> list[str]:
    text = json.dumps(answers).lower()
    return [marker for marker in scene.control("GET", "markers")["markers"] if marker.lower() in text]
