"""The operator's password: kept as a hash, for its owner's eyes, and never shown."""

import io
import os
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from viva import settings
from viva.cli import main
from viva.cli.passwords import operator_hash
from viva.settings import WrongSetting

SECRET = "correct horse battery"


def _settings(data: Path, **more: object) -> settings.Settings:
    return settings.load({"data": data, **more}, environ={}, home=data)


def _set(data: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
    return main(["operator", "password", "--data", str(data)])


def test_a_password_is_kept_as_a_hash_that_only_its_owner_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert operator_hash(_settings(data)) is None
    assert _set(data, SECRET, monkeypatch) == 0
    (kept,) = data.iterdir()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert SECRET.encode() not in kept.read_bytes()
    shown = capsys.readouterr()
    assert SECRET not in shown.out + shown.err
    found = operator_hash(_settings(data))
    assert found is not None and found.startswith("$argon2id$")
    assert PasswordHasher().verify(found, SECRET)


def test_the_last_password_counts_and_nothing_else_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _set(tmp_path, "the first password", monkeypatch) == 0
    assert _set(tmp_path, SECRET, monkeypatch) == 0
    assert len(list(tmp_path.iterdir())) == 1
    found = operator_hash(_settings(tmp_path))
    assert found is not None and PasswordHasher().verify(found, SECRET)


@pytest.mark.parametrize(
    "typed", ["", "short", "x" * 5000, "lone \ud800 surrogate"], ids=("empty", "short", "long", "surrogate")
)
def test_what_is_no_password_is_refused(
    typed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _set(tmp_path, typed, monkeypatch) == 2
    assert not list(tmp_path.iterdir())
    assert capsys.readouterr().err.startswith("viva: ")


def test_a_file_that_the_settings_name_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _set(tmp_path, "kept in the data folder", monkeypatch) == 0
    named = tmp_path / "secret"
    named.write_text(SECRET + "\n", encoding="utf-8")
    found = operator_hash(_settings(tmp_path, operator_password_file=named))
    assert found is not None and PasswordHasher().verify(found, SECRET)


def test_a_named_file_that_is_missing_is_an_error_and_not_no_password(tmp_path: Path) -> None:
    with pytest.raises(WrongSetting, match="cannot be read"):
        operator_hash(_settings(tmp_path, operator_password_file=tmp_path / "gone"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_data_folder_that_cannot_be_written_is_the_machines_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o500)
    assert _set(tmp_path, SECRET, monkeypatch) == 3


def test_a_data_folder_that_is_a_file_is_the_machines_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    assert _set(tmp_path / "file", SECRET, monkeypatch) == 3
