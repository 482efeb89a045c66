"""The sidebar's settings: what is taken, what stops the start, and what the doctor says."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from support_bridge.settings import Settings, SettingsError
from tests.integration.sidebar import AUDIENCE, key, public_pem


def pem_of(public: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def private_pem() -> str:
    return key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


WRONG_KEYS: dict[str, Callable[[], str]] = {
    "words": lambda: "let me in",
    "a file that is not there": lambda: "/nowhere/key.pem",
    "a folder": lambda: "/",
    "half a key": lambda: public_pem()[:100],
    "the private key": private_pem,
    "a short key": lambda: pem_of(rsa.generate_private_key(65537, 1024).public_key()),  # noqa: S505 - that is the test
    "a key of another kind": lambda: pem_of(ec.generate_private_key(ec.SECP256R1()).public_key()),
}


@pytest.mark.parametrize("wrong", WRONG_KEYS.values(), ids=WRONG_KEYS.keys())
@pytest.mark.usefixtures("environ")
def test_what_is_no_public_key_stops_the_start_and_is_not_quoted(
    wrong: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENDESK_APP_PUBLIC_KEY", wrong())
    with pytest.raises(SettingsError, match=r"ZENDESK_APP_PUBLIC_KEY: It is no RSA public key") as refused:
        Settings.from_env()
    assert len(str(refused.value)) < 150


@pytest.mark.usefixtures("environ")
def test_a_key_may_be_given_as_text_in_one_line_or_as_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_text(public_pem())
    for said in (public_pem(), public_pem().replace("\n", "\\n"), str(file)):
        monkeypatch.setenv("ZENDESK_APP_PUBLIC_KEY", said)
        assert Settings.from_env().zendesk_app_public_key == public_pem()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ZENDESK_APP_AUDIENCE", "installations/1.json"),
        ("ZENDESK_APP_USER_CLAIM", ""),
        ("ZENDESK_APP_SDK_URL", "http://static.example/sdk.js"),
        ("ZENDESK_APP_SDK_URL", "sdk.js"),
    ],
)
@pytest.mark.usefixtures("environ")
def test_a_setting_that_is_wrong_stops_the_start(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name):
        Settings.from_env()


def test_the_doctor_says_whether_it_is_set_up(command: Callable[..., Result]) -> None:
    (line,) = [line for line in command("doctor").output.splitlines() if " context " in line]
    assert line.split() == ["ok", "context", "Publish,", "Apply,", "timetables,", "sidebar", "set", "up"]


def test_the_doctor_names_what_is_missing(another_app: Callable[..., object]) -> None:
    app = another_app(ZENDESK_APP_PUBLIC_KEY="", ZENDESK_APP_AUDIENCE=AUDIENCE)
    said = app.test_cli_runner().invoke(args=["doctor"]).output  # type: ignore[attr-defined]
    (line,) = [line for line in said.splitlines() if " context " in line]
    assert line.endswith("not available here: sidebar; set ZENDESK_APP_PUBLIC_KEY")
    assert not line.startswith("ok")
