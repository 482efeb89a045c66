"""Everything that can be done to the service, done once; then it is stopped, so that it has said all that it will."""

from concurrent.futures import ThreadPoolExecutor

from sandbox.stage import Stage
from tests.conftest import Sandbox
from tests.integration.canary import console, deliveries, departure, programs, staff, trouble
from tests.integration.canary.cable import Cable
from tests.integration.canary.relay import Relay
from tests.integration.canary.scene import Scene, let_in, wired
from tests.integration.receiver import Receiver

ACTS = (staff, programs, deliveries, console, trouble, departure)
NOT_OURS = ("sandbox", "sign-in")


def play(
    stage: Stage, sandbox: Sandbox, relay: Relay, cable: Cable, receiver: Receiver, settings: dict[str, str]
) -> Scene:
    """The scene, afterwards."""
    with wired(settings) as app:
        rules = list(app.url_map.iter_rules())
    tokens = let_in(settings["DATABASE_URL"])
    scene = Scene(stage, sandbox, relay, cable, receiver, settings, rules, tokens, stage.start_service(settings))
    with ThreadPoolExecutor(len(trouble.SLOW)) as pool:
        slow = trouble.wait_for_nothing(scene, pool)
        for act in ACTS:
            act.play(scene)
        scene.expect("what took too long", sorted(one.result().status_code for one in slow), [200, 503])
    stage.end(*(name for name in stage.processes if name not in NOT_OURS))
    scene.look()
    return scene
