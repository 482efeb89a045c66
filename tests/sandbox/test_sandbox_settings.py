"""The file of settings, read back by the programs that read it: flask, by python-dotenv, and honcho."""

from pathlib import Path

import pytest
from dotenv import dotenv_values
from honcho.environ import parse

from sandbox import settings

PEM = "-----BEGIN PUBLIC KEY-----\nMIIB+/=#x y\nAB==\n-----END PUBLIC KEY-----\n"
WRITTEN = {"PLAIN": "http://127.0.0.1:3000/a?b=c#d", "EMPTY": "", "ZENDESK_APP_PUBLIC_KEY": PEM, "LAST": "one two"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / ".env"
    settings.write(written, WRITTEN)
    return written


def test_flask_reads_back_what_was_written_a_key_of_several_lines_too(file: Path) -> None:
    assert dotenv_values(file) == WRITTEN


def test_honcho_does_too(file: Path) -> None:
    assert parse(file.read_text()) == WRITTEN


def test_the_file_is_removed_but_nobody_elses_is(file: Path) -> None:
    settings.remove(file)
    assert not file.exists()
    file.write_text("SECRET_KEY=mine\n")
    settings.remove(file)
    assert file.read_text() == "SECRET_KEY=mine\n"
    with pytest.raises(SystemExit, match="is your own"):
        settings.write(file, WRITTEN)
