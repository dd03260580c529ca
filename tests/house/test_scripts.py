"""What the scripts say to a machine that lacks something, and that they leave nothing running."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

SCRIPTS = ("scripts/serve", "scripts/test", "scripts/bench", "scripts/prove-all", "scripts/lock", ".ci/run")


def _find_python(tmp_path: Path, fakes: dict[str, str]) -> subprocess.CompletedProcess[str]:
    for name, text in fakes.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    for tool in ("dirname", "cat"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    return _bash("source scripts/lib; find_python", PATH=str(tmp_path))


def _bash(script: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_is_bash_and_can_be_started(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)
    assert _bash(f"bash -n {script}").returncode == 0


@pytest.mark.parametrize("fakes", [{}, {"python3": "exit 1"}], ids=("none", "only an old one"))
def test_a_machine_without_a_new_python_is_told_which_package_to_install(fakes: dict[str, str], tmp_path: Path) -> None:
    ran = _find_python(tmp_path, fakes)
    assert ran.returncode == 3
    assert "Python 3.11 or newer" in ran.stderr
    assert "apt-get install" in ran.stderr


def test_a_python_that_makes_no_virtual_environments_names_debians_package(tmp_path: Path) -> None:
    text = 'case "$2" in *ensurepip*) exit 1;; *print*) echo python3.11-venv;; esac'
    ran = _find_python(tmp_path, {"python3": text})
    assert ran.returncode == 3
    assert "apt-get install python3.11-venv" in ran.stderr


def test_an_environment_for_which_there_is_no_room_is_left_out_with_the_reason() -> None:
    ran = _bash('if why=$(source scripts/lib; room_for mxnet 999999); then echo room; else echo "left out: $why"; fi')
    assert ran.stdout.startswith("left out: it needs 999999 GB on the disk, and ")
    assert _bash("source scripts/lib; room_for mxnet 0").stdout == ""


def test_a_newer_python_beside_an_old_one_is_found(tmp_path: Path) -> None:
    ran = _find_python(tmp_path, {"python3": "exit 1", "python3.12": "exit 0"})
    assert ran.stdout.strip() == str(tmp_path / "python3.12")


def test_a_process_that_was_left_running_is_named_and_ended() -> None:
    ran = _bash(f"{sys.executable} scripts/alone bash -c 'setsid sleep 61 & echo $!'")
    assert ran.returncode == 1
    pid = ran.stdout.strip()
    assert f"left running, and ended now: {pid} sleep 61" in ran.stderr
    assert not Path("/proc", pid).exists()


def test_a_command_that_leaves_nothing_keeps_its_exit_code() -> None:
    assert _bash(f"{sys.executable} scripts/alone bash -c 'exit 7'").returncode == 7
