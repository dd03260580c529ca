"""`viva doctor`: one row for each layer and setting, and an exit code that says whether code can be judged here."""

import json
from pathlib import Path

import pytest

from viva.cli import main
from viva.sandbox import environments
from viva.settings import TABLE, load


def _doctor(data: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    code = main(["doctor", "--data", str(data), *more])
    return code, capsys.readouterr().out


def test_every_layer_has_a_reason_and_what_is_missing_a_mend(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = _doctor(tmp_path, capsys, "--json")
    told = json.loads(out)
    assert told["schema"] == 1
    assert code == (0 if told["can_judge"] else 1)
    names = [layer["layer"] for layer in told["layers"]]
    assert {"namespaces", "seccomp", *(f"environment {name}" for name in environments.known())} <= set(names)
    assert all(layer["why"] and layer["present"] != bool(layer["mend"]) for layer in told["layers"])


def test_a_missing_environment_is_told_with_the_command_that_makes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_ENVIRONMENTS", str(tmp_path / "none"))
    code, out = _doctor(tmp_path, capsys)
    assert code == 1
    assert "environment numpy: MISSING" in out
    assert "viva env install numpy" in out
    assert "CANNOT be judged" in out


def test_each_setting_stands_there_with_where_it_came_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "viva.toml").write_text("port = 4321\n", encoding="utf-8")
    monkeypatch.setenv("VIVA_HOST", "127.0.0.5")
    _, out = _doctor(tmp_path, capsys)
    assert f"  port = 4321  ({tmp_path / 'viva.toml'})" in out
    assert "  host = 127.0.0.5  (VIVA_HOST)" in out
    assert f"  data = {tmp_path}  (--data)" in out
    assert all(f"\n  {entry.name} = " in out for entry in TABLE)


def test_a_wrong_setting_is_told_instead(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "viva.toml").write_text("prot = 4321\n", encoding="utf-8")
    assert main(["doctor", "--data", str(tmp_path)]) == 2
    assert "Did you mean 'port'?" in capsys.readouterr().err


def test_what_zygotes_cost_is_measured_when_asked_for_with_progress(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = load().environments
    try:
        one = environments.find(folder, "numpy")
    except environments.NotInstalled as problem:
        pytest.skip(f"a zygote needs its environment: {problem}")
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "numpy").symlink_to(one.folder)
    (tmp_path / "viva.toml").write_text(f"environments = {json.dumps(str(tmp_path / 'only'))}\n", encoding="utf-8")
    assert main(["doctor", "--data", str(tmp_path), "--zygotes", "--json"]) == 0
    seen = capsys.readouterr()
    told = json.loads(seen.out)["zygotes"]
    assert [(cost["environment"], cost["role"]) for cost in told["measured"]] == [
        ("numpy", "checker"),
        ("numpy", "candidate"),
    ]
    assert all(cost["start_seconds"] > 0 and cost["memory"]["private_mib"] > 0 for cost in told["measured"])
    assert "1 of 2: starting the checker zygote of numpy" in seen.err
    code, out = _doctor(tmp_path, capsys, "--zygotes")
    assert code == 0
    assert "numpy candidate: ready in " in out
    assert "Zygotes that run now" in out


def test_nothing_is_started_for_its_cost_where_nothing_can_be_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_ENVIRONMENTS", str(tmp_path / "none"))
    code, out = _doctor(tmp_path, capsys, "--zygotes")
    assert code == 1
    assert "none could be started" in out
