"""Deliveries in figures: closed labels, and no figure that can cost a delivery."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from webhooks import counts, media
from webhooks.kinds import Kind, as_type, kind_of
from webhooks.outcomes import REASONS, NotKept, Outcome, Reason

# A figure's file is made when a process first counts: here it cannot be, and the next line must still come.
WITHOUT_A_PLACE = """
import os, shutil
from webhooks import counts
from webhooks.outcomes import Outcome
shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"])
if os.fork() == 0:
    counts.count(Outcome.RECORDED)
    print("went on", flush=True)
    os._exit(0)
os.wait()
"""


def test_every_reason_belongs_to_one_outcome_and_has_its_series_from_the_start() -> None:
    named = [reason for reasons in REASONS.values() for reason in reasons]
    assert sorted(named) == sorted(set(Reason) - {Reason.NONE})
    for outcome in Outcome:
        for reason in REASONS.get(outcome, (Reason.NONE,)):
            labels = {"outcome": outcome.value, "reason": reason.value}
            assert REGISTRY.get_sample_value("support_bridge_webhooks_total", labels) is not None


def test_what_has_no_series_cannot_be_counted() -> None:
    with pytest.raises(KeyError):
        counts.count(Outcome.RECORDED, Reason.JSON)


@pytest.mark.parametrize(
    ("event_type", "kind"),
    [
        ("zen:event-type:ticket.created", Kind.TICKET),
        ("zen:event-type:messaging_ticket.message_added", Kind.MESSAGING_TICKET),
        ("zen:event-type:user.deleted", Kind.USER),
        ("zen:event-type:agent.state_changed", Kind.OTHER),
        ("zen:event-type:trigger.fired", Kind.OTHER),
        ("zen:event-type:other.one", Kind.OTHER),
        ("zen:event-type:Ada Lovelace", Kind.OTHER),
        ("trigger", Kind.TRIGGER),
    ],
)
def test_a_kind_is_one_of_five_whatever_the_type(event_type: str, kind: Kind) -> None:
    kept = event_type if event_type == "trigger" else as_type(event_type)
    assert kind_of(kept) is kind


def test_a_figure_that_cannot_be_written_costs_no_delivery(tmp_path: Path) -> None:
    place = tmp_path / "figures"
    place.mkdir()
    environ = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(place)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_PLACE], env=environ, capture_output=True, text=True, timeout=60
    )
    assert (done.stdout, done.returncode) == ("went on\n", 0), done.stderr


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON;x",
        "application/vnd.zendesk+json",
    ],
)
def test_json_by_any_of_its_names_or_none_is_taken(said: str) -> None:
    media.check(said, "")
    media.check(said, "Identity")


@pytest.mark.parametrize(
    ("content_type", "encoding", "reason"),
    [
        ("text/plain", "", "content_type"),
        ("application/x-www-form-urlencoded", "", "content_type"),
        ("application/xml", "", "content_type"),
        ("json", "", "content_type"),
        (";application/json", "", "content_type"),
        ("text/html+json", "", "content_type"),
        ("application/json", "gzip", "content_encoding"),
        ("", "br, gzip", "content_encoding"),
    ],
)
def test_what_says_it_is_something_else_is_not(content_type: str, encoding: str, reason: str) -> None:
    with pytest.raises(NotKept) as caught:
        media.check(content_type, encoding)
    assert (caught.value.outcome, caught.value.reason) == ("unsupported", reason)
