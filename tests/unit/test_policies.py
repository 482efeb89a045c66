"""What a policy file may say, which tickets it claims, when they are due."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support_bridge.errors import Refused
from support_bridge.policies.read import read
from support_bridge.policies.rules import CLAIMED_TWICE, UNCLAIMED, claimed_by, due_at, service
from support_bridge.policies.values import TicketFacts

SHIPPED = Path(__file__).parents[2] / "support_bridge" / "policies"
POLICY = """
[[policy]]
name = "one"
title = "One"
notice = { title = "Notice", date = 2021-10-08 }
claims = { all = [{ brand = "Manage" }] }
keep = "P3Y"
clock = "created_at"
lead = "P0D"
with_ticket = ["chat"]
rights = []
recipients = []
proof_kept = "P7Y"
"""


def written(folder: Path, said: str | bytes) -> Path:
    path = folder / "policies.toml"
    path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return path


@pytest.mark.parametrize("name", ["becomingateacher.toml", "get-help-with-technology.toml"])
def test_the_shipped_files_are_read(name: str) -> None:
    file = read(SHIPPED / name)
    assert all(policy.keep and policy.notice.date.year > 2000 for policy in file.policies)


def test_the_shipped_policies_promise_what_their_notices_say() -> None:
    file = read(SHIPPED / "becomingateacher.toml")
    made = datetime(2020, 6, 1, 9, tzinfo=UTC)
    due = {policy.name: due_at(policy, made) for policy in file.policies}
    assert due == {
        "manage-chat": datetime(2023, 6, 1, 9, tzinfo=UTC),
        "apply-support": datetime(2023, 6, 1, 9, tzinfo=UTC),
        "school-placements": datetime(2027, 6, 1, 9, tzinfo=UTC) - timedelta(days=30),
    }
    assert {policy.clock for policy in file.policies} == {"created_at"}


@pytest.mark.parametrize(
    ("ticket", "claimed"),
    [
        (TicketFacts(brand=("7", "Manage"), channel="chat"), ("manage-chat",)),
        (TicketFacts(brand=("7", "Manage"), channel="native_messaging"), ("manage-chat",)),
        (TicketFacts(brand=("7", "Manage"), channel="web"), ()),
        (TicketFacts(brand=("7", "Register trainee teachers"), channel="chat"), ()),
        (TicketFacts(brand=("7", "Manage school placements"), channel="chat"), ("school-placements",)),
        (TicketFacts(brand=("7", "Apply for teacher training"), channel="email"), ("apply-support",)),
        (TicketFacts(channel="chat"), ()),
        (TicketFacts(), ()),
    ],
)
def test_the_account_is_shared_and_only_what_a_policy_names_is_claimed(
    ticket: TicketFacts, claimed: tuple[str, ...]
) -> None:
    file = read(SHIPPED / "becomingateacher.toml")
    assert claimed_by(file.policies, ticket) == claimed


def test_a_ticket_without_exactly_one_policy_belongs_to_no_service(tmp_path: Path) -> None:
    twice = POLICY + POLICY.replace('name = "one"', 'name = "two"').replace('brand = "Manage"', 'group = "9"')
    file = read(written(tmp_path, twice))
    assert service(file.policies, TicketFacts(brand=("Manage",))) == "one"
    assert service(file.policies, TicketFacts(group=("9",))) == "two"
    assert service(file.policies, TicketFacts(brand=("Manage",), group=("9",))) == CLAIMED_TWICE
    assert service(file.policies, TicketFacts(brand=("Other",))) == UNCLAIMED


@pytest.mark.parametrize(
    ("claim", "yes", "no"),
    [
        ('brand = "7"', TicketFacts(brand=("7", "Manage")), TicketFacts(brand=("70",))),
        ('form = "General"', TicketFacts(form=("4", "General")), TicketFacts(group=("General",))),
        ('channel = "web"', TicketFacts(channel="web"), TicketFacts(channel="chat")),
        ('field = { id = 5, value = "x" }', TicketFacts(fields={5: "x"}), TicketFacts(fields={6: "x"})),
    ],
)
def test_a_claim_is_by_brand_group_form_channel_or_field(
    claim: str, yes: TicketFacts, no: TicketFacts, tmp_path: Path
) -> None:
    file = read(written(tmp_path, POLICY.replace('brand = "Manage"', claim)))
    assert claimed_by(file.policies, yes) == ("one",)
    assert claimed_by(file.policies, no) == ()


def test_three_years_after_29_february_is_28_february(tmp_path: Path) -> None:
    policy = read(written(tmp_path, POLICY)).policies[0]
    assert due_at(policy, datetime(2024, 2, 29, 9, tzinfo=UTC)) == datetime(2027, 2, 28, 9, tzinfo=UTC)


def test_the_version_follows_the_files_words(tmp_path: Path) -> None:
    first = read(written(tmp_path, POLICY)).version
    assert read(written(tmp_path, POLICY)).version == first
    assert read(written(tmp_path, POLICY.replace("P3Y", "P4Y"))).version != first


@pytest.mark.parametrize(
    ("was", "wrong", "named"),
    [
        ('"P3Y"', '"3 years"', "keep"),
        ('"P3Y"', "3", "keep"),
        ('"P3Y"', '"-P3Y"', "keep"),
        ('"P3Y"', '"P0D"', "keep"),
        ('"P3Y"', '"P0.5Y"', "keep"),
        ('"P3Y"', '"P99999999999D"', "keep"),
        ('"P3Y"', '"P99999Y"', "keep"),
        ('lead = "P0D"', 'lead = "P3Y"', "keep"),
        ('lead = "P0D"', 'lead = "-P1D"', "lead"),
        ('{ brand = "Manage" }', "", "claims"),
        ('brand = "Manage"', 'agent = "x"', "claims"),
        ('{ brand = "Manage" }', "7", "claims"),
        ('brand = "Manage"', 'field = { id = "5", value = "x" }', "claims"),
        ('"created_at"', '"closed_at"', "clock"),
        ('["chat"]', '["everything"]', "with_ticket"),
        ('"one"', '"One"', "name"),
        ("date = 2021-10-08", 'date = "2021-10-08"', "date"),
        ("rights = []", "", "rights"),
        ("rights = []", "rights = []\nkeeep = 1", "keeep"),
    ],
)
def test_a_fault_in_the_file_is_refused_by_its_place(was: str, wrong: str, named: str, tmp_path: Path) -> None:
    assert was in POLICY
    with pytest.raises(Refused, match=named):
        read(written(tmp_path, POLICY.replace(was, wrong)))


@pytest.mark.parametrize(
    "line", ['context_requested = "two tags"', 'context_requested = ""', "context_requested = 7", 'other = "x"']
)
def test_a_tag_of_ours_is_one_tag_and_none_that_nobody_knows(line: str, tmp_path: Path) -> None:
    assert read(written(tmp_path, '[tags]\ncontext_requested = "ask"\n' + POLICY)).tags == {"context_requested": "ask"}
    assert read(written(tmp_path, POLICY)).tags == {}
    with pytest.raises(Refused, match="tags"):
        read(written(tmp_path, f"[tags]\n{line}\n{POLICY}"))


@pytest.mark.parametrize("said", ["", "policy = []", "[[policy", POLICY + POLICY, b"\xff\xfe", "fields = 3" + POLICY])
def test_a_file_that_is_no_set_of_policies_is_refused(said: str | bytes, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"policies\.toml"):
        read(written(tmp_path, said))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read"):
        read(tmp_path / "none.toml")


LINES = POLICY.strip().splitlines()
VALUES = st.sampled_from(
    ['"x"', "1", "true", "[]", "{}", "[1]", '{ a = "b" }', "2021-10-08", '"P1D"', '""', "1.5", "nan"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=st.integers(1, len(LINES) - 1), value=VALUES)
def test_whatever_stands_in_a_line_the_file_is_read_or_refused(line: int, value: str, tmp_path: Path) -> None:
    name = LINES[line].split(" = ")[0]
    changed = [*LINES[:line], f"{name} = {value}", *LINES[line + 1 :]]
    read_or_refused(written(tmp_path, "\n".join(changed)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(noise=st.binary(max_size=60), place=st.integers(0, len(POLICY)))
def test_whatever_bytes_get_into_the_file_it_is_read_or_refused(noise: bytes, place: int, tmp_path: Path) -> None:
    whole = POLICY.encode()
    read_or_refused(written(tmp_path, whole[:place] + noise + whole[place:]))


def read_or_refused(path: Path) -> None:
    try:
        file = read(path)
    except Refused:
        return
    made = datetime(2020, 2, 29, tzinfo=UTC)
    assert all(due_at(policy, made) > made for policy in file.policies)
