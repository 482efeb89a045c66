"""What is said nowhere: people's addresses and our secrets."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from support_bridge import unsaid
from support_bridge.unsaid import is_fit, never_say


@dataclass
class Kept:
    """Settings, as far as this is concerned."""

    shown: str = "shown-to-everybody"
    secret: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@pytest.fixture(autouse=True)
def nothing_secret_yet() -> Iterator[None]:
    before = set(unsaid._secrets)
    unsaid._secrets.clear()
    yield
    unsaid._secrets.clear()
    unsaid._secrets.update(before)


@pytest.mark.parametrize(
    "text",
    [
        "sbxperson@example.invalid",
        "from <sbxperson@example.invalid>, today",
        "mailto:sbxperson@mail.example.invalid?subject=x",
        "/search?who=sbxperson%40example.invalid",
        "/go?next=%2Fsearch%3Fwho%3Dsbxperson%2540example%252Einvalid",
        "203.0.113.9",
        "from=203.0.113.9:4711.",
        "10.0.0.7",
        "9.113.0.203.in-addr.arpa",
        "::ffff:203.0.113.9",
        "2001:db8::1",
        "[2001:db8:0:0:0:0:0:1]:443",
        "from 2001%3Adb8%3A%3A1 again",
    ],
)
def test_an_address_of_somebodys_is_not_said(text: str) -> None:
    assert not is_fit(text)


@pytest.mark.parametrize(
    "text",
    [
        "Connection in use: ('0.0.0.0', 3000)",
        "http://127.0.0.1:3000",
        "[::1]:3000",
        "support_bridge.web.errors",
        "version 3.11.7, 2.0.57.post1, v1.2.3.4 and 1.2.3.4.5",
        "2026-11-21T10:00:00.123456Z",
        "tests/unit/test_unsaid.py::test_it",
        "100 % of 40",
        "@app.route",
        "workers.jobs.drain <workers.jobs@0x7f>",
        "",
    ],
)
def test_what_only_looks_a_little_like_one_is_said(text: str) -> None:
    assert is_fit(text)


def test_a_secret_is_not_said_also_in_the_middle_of_something_or_as_in_a_url() -> None:
    never_say(Kept(secret="a+secret/of ours", secrets=("the first one", "the other")))
    for text in ("a+secret/of ours", "xa+secret/of oursx", "?a%2Bsecret%2Fof%20ours", "the first one", "the other"):
        assert not is_fit(text)
    assert is_fit("shown-to-everybody")


def test_of_a_url_neither_the_whole_nor_the_password_is_said() -> None:
    never_say(Kept(secret="postgresql://bridge-user:p%40ssw0rd!@host/name"))
    for text in ("postgresql://bridge-user:p%40ssw0rd!@host/name", "p%40ssw0rd!", "with p@ssw0rd! it"):
        assert not is_fit(text)
    assert is_fit("bridge-user")


def test_an_error_reports_address_has_its_key_in_the_users_place() -> None:
    never_say(Kept(secret="https://0123456789abcdef@host/1"))
    assert not is_fit("key 0123456789abcdef")


def test_what_is_no_secret_or_too_short_for_one_does_not_silence_every_line() -> None:
    never_say(Kept(secret="", secrets=("web",)))
    assert is_fit("web")
    assert [one.name for one in dataclasses.fields(Kept) if one.repr] == ["shown"]
