"""`viva env`: what is installed is told as it is, and a wrong name is wrong use."""

import json
from pathlib import Path

import pytest

from viva.cli import main
from viva.sandbox import environments


def test_an_empty_folder_has_no_environment_and_says_how_to_make_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["env", "list", "--environments", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert str(tmp_path) in shown
    assert "not installed, about 480 MB: viva env install numpy" in shown
    assert "not installed, about 1.4 GB: viva env install torch" in shown


def test_as_json_every_known_environment_has_a_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "list", "--json", "--environments", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == 1
    assert [row["name"] for row in told["environments"]] == list(environments.known())
    assert not any(row["installed"] for row in told["environments"])


@pytest.mark.parametrize("what", ["install", "remove"])
def test_a_name_that_viva_does_not_know_is_wrong_use(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["env", what, "../numpy", "--environments", str(tmp_path)]) == 2
    assert "numpy" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_what_is_not_there_is_not_removed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["env", "remove", "numpy", "--environments", str(tmp_path)]) == 3
    assert "is not installed" in capsys.readouterr().err


def test_a_half_made_environment_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "numpy" / "bin").mkdir(parents=True)
    assert main(["env", "list", "--json", "--environments", str(tmp_path)]) == 0
    assert not json.loads(capsys.readouterr().out)["environments"][0]["installed"]
