"""Play the four jobs on real parts and report; the exit code says whether every figure agreed."""

import time
from collections.abc import Mapping
from pathlib import Path

from sandbox.databases import DEMO, fresh_database, fresh_redis
from sandbox.demo import asking, counting, deleting, hearing
from sandbox.demo.report import Report
from sandbox.demo.scene import Scene
from sandbox.servers import Servers, hold
from sandbox.settings import WEBHOOK_SECRET, service_settings
from sandbox.stage import CHECKOUT, Stage, free_port

# A minute of Zendesk's lasts a second, so that its limits and delays are met in a demo of less than a minute.
MINUTE_SECONDS = 1.0
SANDBOX = {"SANDBOX_MINUTE_SECONDS": str(MINUTE_SECONDS)}
DATABASE = "support_bridge_demo"


def play(environ: Mapping[str, str]) -> int:
    """From nothing to the report."""
    began = time.monotonic()
    with hold(CHECKOUT, environ) as servers, Stage(_emptied(logs_folder(servers)), servers.folder) as stage:
        scene = _set(stage, servers)
        for act in (hearing, asking, counting, deleting):
            act.play(scene)
        print(f"\nLogs: {stage.logs}. It took {time.monotonic() - began:.0f} s.")
        return scene.report.end()


def logs_folder(servers: Servers) -> Path:
    """Where the demo's processes write."""
    return (servers.folder or CHECKOUT / ".sandbox") / "logs" / "demo"


def _emptied(folder: Path) -> Path:
    for file in folder.glob("*.log"):
        file.unlink()
    return folder


def _set(stage: Stage, servers: Servers) -> Scene:
    report = Report()
    report.title("Setting up")
    whose = "are the given ones" if servers.folder is None else "are real ones, started for this"
    report.say(f"PostgreSQL and Redis {whose}")
    sandbox_url = stage.start_sandbox(SANDBOX)
    database_url = fresh_database(servers, DATABASE)
    settings = service_settings(
        database_url=database_url,
        redis_url=fresh_redis(servers, DEMO),
        port=free_port(),
        sandbox_url=sandbox_url,
        minute_seconds=MINUTE_SECONDS,
    )
    stage.environ = settings
    scene = Scene(stage, report, sandbox_url, f"http://127.0.0.1:{settings['PORT']}", database_url)
    scene.flask("db", "upgrade")
    scene.flask("insights", "backfill")
    mirrored, tickets = scene.value("SELECT count(*) FROM mirrored_ticket"), len(scene.truth())
    report.check(f"the mirror was filled from the export: {tickets:,} tickets", mirrored, tickets)
    stage.start_service(settings)
    report.say(f"web, worker, deleter and clock run; the sandbox is at {sandbox_url}")
    hook = {"url": f"{scene.service_url}/webhooks/zendesk", "secret": WEBHOOK_SECRET}
    scene.control("PUT", "webhook", hook)
    return scene
