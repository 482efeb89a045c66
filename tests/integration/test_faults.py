"""One short round of the trial by faults; `make trials` plays twenty long ones."""

from pathlib import Path

import pytest

from sandbox.servers import Servers
from tests.trials.faults import play
from tests.trials.ground import ground

DELIVERIES, FAULTS = 3000, 4


@pytest.mark.timeout(400)
def test_with_processes_killed_and_servers_away_nothing_acknowledged_is_lost_or_done_twice_and_the_mirror_is_right(
    servers: Servers, tmp_path: Path
) -> None:
    with ground(tmp_path / "logs", servers.folder) as here:
        found = play(here, seed=20261122, deliveries=DELIVERIES, faults=FAULTS)
    assert found.faults == []
    assert sum(found.met.values()) >= FAULTS
