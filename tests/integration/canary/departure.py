"""A few tickets are deleted: planned, approved, stopped by an answer that nobody understands, and gone in the end."""

import json
from dataclasses import replace

from tests.integration.canary.console import run
from tests.integration.canary.deliveries import UNDONE, tell
from tests.integration.canary.nonsense import NONSENSE
from tests.integration.canary.scene import Scene
from tests.integration.desk import due

SOFT = "/api/v2/tickets/destroy_many"
STATE = "SELECT state FROM retention_run"


def play(scene: Scene) -> None:
    """Two with a chat behind them and one without."""
    truth = scene.sandbox.truth()
    chatted = {ticket["id"] for ticket in truth if ticket["chat_id"]}
    old = due(truth)
    chosen = [*[one for one in old if one in chatted][:2], *[one for one in old if one not in chatted][:1]]
    tell(scene, scene.visitor("Zendesk"), chosen)
    scene.wait(UNDONE, 0)
    plan = json.loads(run(scene, "retention", "plan", "--json"))
    scene.expect("due", plan["counts"]["due"], len(chosen))
    with scene.relay.answering(SOFT, replace(NONSENSE["not understood"], status=403)):
        run(scene, "retention", "approve", plan["run"], "--count", str(len(chosen)), "--as", "the owner")
        scene.wait(STATE, "stopped")
        run(scene, "retention", "report", plan["run"], "--tickets", "waiting")
    run(scene, "retention", "resume", plan["run"])
    scene.wait(STATE, "done", 30)
    scene.look()
    said = json.loads(run(scene, "retention", "report", plan["run"], "--json"))
    scene.expect("confirmed", said["confirmed"], len(chosen))
