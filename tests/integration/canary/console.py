"""Commands are typed with marks in their arguments: all are refused, or fail."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.integration.canary.scene import Scene
from tests.integration.receiver import EMAIL, PERSON, TELEPHONE

ASK = ("context", "ask", "1042", "--agent", "501")
PLACE = ("holds", "place", "1042", "--review-on", "2099-01-01")
# The words, the exit code, and what of the words is said again to whoever typed them.
REFUSED: tuple[tuple[tuple[str, ...], int, tuple[str, ...]], ...] = (
    ((*ASK, "--provider", EMAIL, "--candidate", PERSON, "--purpose", TELEPHONE), 2, ()),
    ((*PLACE, "--reason", "Request 14", "--as", EMAIL), 2, ()),
    (("people", "grant", EMAIL, "--role", "agent"), 2, ()),
    (("people", "revoke", EMAIL), 2, ()),
    (("insights", "show", "created", "--from", EMAIL), 2, (f"'{EMAIL[:20]}' is no month",)),
    (("retention", "stop", PERSON, "--reason", EMAIL), 2, (f"There is no run {PERSON}\n",)),
    (("holds", "place", PERSON, "--reason", EMAIL), 2, (f"Error: Invalid value for 'TICKET': '{PERSON}' is not",)),
    (("people", "list", f"--{PERSON}={EMAIL}"), 2, (f"'--{PERSON}'",)),
)


def play(scene: Scene) -> None:
    """Two at a time: each has the whole service to load."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: run(scene, *one[0], code=one[1], shown=one[2]), REFUSED))


def run(scene: Scene, *words: str, code: int = 0, shown: tuple[str, ...] = ()) -> Any:
    """A command, and what it said, without what may stand there."""
    done = scene.stage.flask(*words)
    scene.expect(f"flask {' '.join(words)}: {done.stderr}", done.returncode, code)
    for stream in (done.stdout, done.stderr):
        for one in shown:
            stream = stream.replace(one, "")
        scene.outputs.append((f"output of flask {' '.join(words[:2])}", stream.encode()))
    return done.stdout
