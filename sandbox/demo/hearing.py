"""Hear: 200 webhooks, some repeated, some forged."""

from sandbox.demo.scene import Scene

EVENTS, TICKETS, REPEATED, FORGED = 200, 40, 20, 15
SECONDS = 60
UNDONE = "SELECT count(*) FROM delivery WHERE settled_at IS NULL"
MIRROR = "SELECT ticket_id, status, created_at, updated_at FROM mirrored_ticket"


def play(scene: Scene) -> None:
    """Send them and see that each genuine one was kept once, done once, and that the mirror is what Zendesk says."""
    report, before = scene.report, scene.last()
    report.title("Hear: Zendesk's webhooks")
    asked = {"events": EVENTS, "tickets": TICKETS, "repeat": REPEATED, "forge": FORGED}
    sent = scene.control("POST", "activity", asked)
    tickets = len(sent["ticket_ids"])
    report.say(
        f"{sent['sent']} sent about {tickets} tickets, {sent['repeated']} of them again, {sent['forged']} forged"
    )
    report.check("the genuine ones, repeats too, were acknowledged", sent["answers"].get("202"), EVENTS + REPEATED)
    report.check("the forged ones were refused", sent["answers"].get("401"), FORGED)
    scene.wait("deliveries not settled", UNDONE, 0, SECONDS)
    report.check("each was kept once", scene.value("SELECT count(*) FROM delivery"), EVENTS)
    kept = {row[0] for row in scene.rows("SELECT invocation_id FROM delivery")}
    report.check("and it is those that were sent", kept, set(sent["invocation_ids"]))
    said = scene.flask_json("inbox", "status")
    report.check("flask inbox status: settled, and none set aside", (said["settled"], said["set_aside"]), (EVENTS, 0))
    reads = [entry for entry in scene.log(api="zendesk", after=before) if entry["path"].endswith("show_many")]
    report.say(f"{EVENTS} webhooks cost {len(reads)} reads of at most 100 tickets")
    report.check("the mirror is what Zendesk says", _mirror(scene), _zendesk(scene))


def _mirror(scene: Scene) -> dict[int, tuple[str, str]]:
    return {row[0]: (row[1], f"{row[3]:%Y-%m-%dT%H:%M:%SZ}") for row in scene.rows(MIRROR)}


def _zendesk(scene: Scene) -> dict[int, tuple[str, str]]:
    return {one: (ticket["status"], ticket["updated_at"]) for one, ticket in scene.truth().items()}
