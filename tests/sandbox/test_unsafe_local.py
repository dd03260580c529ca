"""Runs without a jail are marked, limited and ended whole, and nobody but who practises gets one."""

import asyncio
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.interviews.house import write_bank
from tests.sandbox.conftest import Loop, run_of
from tests.sandbox.judging import RIGHT, job_of
from viva.bank import FolderBank, known_banks
from viva.cli import main
from viva.core.evidence import Ended, NotObserved
from viva.core.requests import RunChecks
from viva.core.values import Digest
from viva.ports import Material
from viva.sandbox import environments, process
from viva.sandbox.client import Sandbox
from viva.sandbox.unsafe_local import UnsafeLocal
from viva.settings import load
from viva.wiring import NOT_SCREENED, SandboxChecks, sandbox_of

HOMES = "viva-unsafe-*"


@pytest.fixture(scope="module")
def unsafe(loop: Loop, numpy_environment: environments.Installed) -> Iterator[UnsafeLocal]:
    made = UnsafeLocal(folder=numpy_environment.folder.parent, spares=1)
    loop.run(made.run(job_of(RIGHT)))
    yield made
    loop.run(made.close())
    assert not list(Path("/tmp").glob(HOMES)), "folders were left"


def test_a_right_attempt_passes_and_is_marked(loop: Loop, unsafe: UnsafeLocal) -> None:
    seen = run_of(loop.run(unsafe.run(job_of(RIGHT))))
    assert (seen.ended, [check.passed for check in seen.checks]) == (Ended.FINISHED, [True, True])
    assert seen.jail is False
    assert seen.environment.startswith("sha256:")


@pytest.mark.parametrize(
    ("code", "ended"),
    [
        ("while True:\n    pass\n", Ended.TIMED_OUT),
        ("import time\ntime.sleep(60)\n", Ended.TIMED_OUT),
        ("held = bytes(1 << 30)\n", Ended.OUT_OF_MEMORY),
        ("print('x' * (9 << 20))\n", Ended.OUTPUT_LIMIT),
        ("import os\nos._exit(3)\n", Ended.CRASHED),
        ("x = (\n", Ended.CANDIDATE_ERROR),
    ],
)
def test_limits_and_endings_are_those_of_the_jail(loop: Loop, unsafe: UnsafeLocal, code: str, ended: Ended) -> None:
    job = job_of(code, cpu_seconds=0.4, wall_seconds=0.8)
    seen = run_of(loop.run(unsafe.run(job)))
    assert (seen.ended, seen.jail) == (ended, False), seen
    assert not any(check.passed for check in seen.checks)


def test_what_an_attempt_has_started_is_killed_with_it_also_where_it_left_its_group(
    loop: Loop, unsafe: UnsafeLocal, tmp_path: Path
) -> None:
    told = tmp_path / "pids"
    code = f"""
import os, time
def attempt(x):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open({str(told)!r}, "a") as file:
                file.write(f"{{os.getpid()}}\\n")
            time.sleep(60)
        os._exit(0)
    time.sleep(0.1)
    return 2 * x
"""
    assert run_of(loop.run(unsafe.run(job_of(code, wall_seconds=5.0)))).ended is Ended.FINISHED
    started = [int(line) for line in told.read_text().split()]
    assert started
    assert gone(started)


def gone(pids: list[int], seconds: float = 3.0) -> bool:
    """Whether none of `pids` is a living process any longer, after some patience."""
    deadline = time.monotonic() + seconds
    while alive := [pid for pid in pids if _living(pid)]:
        if time.monotonic() > deadline:
            raise AssertionError(f"these live on: {alive}")
        time.sleep(0.01)
    return True


def _living(pid: int) -> bool:
    try:
        return b"\nState:\tZ" not in Path(f"/proc/{pid}/status").read_bytes()
    except OSError:
        return False


def test_checks_are_in_another_process_and_their_library_is_not_at_hand(loop: Loop, unsafe: UnsafeLocal) -> None:
    code = """
import gc, os, sys
try:
    import viva_check
    print("found")
except ModuleNotFoundError:
    print("not found")
print([m for m in sys.modules if "checker" in m or m == "viva"], os.getpid() != os.getppid())
def attempt(x): return 2 * x
"""
    seen = run_of(loop.run(unsafe.run(job_of(code))))
    assert seen.prints.splitlines() == ["not found", "[] True"]


def test_the_programs_end_with_a_supervisor_that_is_killed(loop: Loop, numpy_folder: Path) -> None:
    async def story() -> list[int]:
        async with UnsafeLocal(folder=numpy_folder, spares=0) as sandbox:
            under_way = asyncio.create_task(
                sandbox.run(job_of("import time\ntime.sleep(60)\n", cpu_seconds=1.0, wall_seconds=30.0))
            )
            (supervisor,) = [pid for pid in process.children(os.getpid()) if b"bare import" in _command(pid)]
            for _ in range(2000):
                programs = below(supervisor)
                if len(programs) == 2 and any(_ordered(pid) for pid in programs):
                    break
                await asyncio.sleep(0.01)
            os.kill(supervisor, signal.SIGKILL)
            under_way.cancel()
            return programs

    programs = loop.run(story())
    assert len(programs) == 2
    assert gone(programs)
    for home in Path("/tmp").glob(HOMES):  # a killed one cannot tidy up
        subprocess.run(["rm", "-r", home], check=True)


def below(pid: int) -> list[int]:
    """The programs that any thread of `pid` has started."""
    lists = [Path(task, "children").read_text().split() for task in Path(f"/proc/{pid}/task").iterdir()]
    return [int(child) for some in lists for child in some]


def _ordered(pid: int) -> bool:
    try:
        return "Max address space         unlimited" not in Path(f"/proc/{pid}/limits").read_text()
    except OSError:
        return False


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def test_a_screening_gets_no_run_without_a_jail(tmp_path: Path) -> None:
    bank = FolderBank(write_bank(tmp_path))
    question = bank.question("double")
    request = RunChecks(question=question.digest, of=Digest("sha256:0"), which="all", seed="00")
    material = Material(question=question, files=bank.files("double"), framework="numpy", content=RIGHT, practice=False)
    plug = SandboxChecks(UnsafeLocal(folder=tmp_path))
    assert asyncio.run(plug(request, material)) == NotObserved(whose="machine", why=NOT_SCREENED)


def test_it_is_off_unless_the_settings_say_so(tmp_path: Path) -> None:
    assert load({"data": tmp_path}, environ={}).unsafe_local is False
    assert type(sandbox_of(load({"data": tmp_path}, environ={}))) is Sandbox
    told = load({"data": tmp_path}, environ={"VIVA_UNSAFE_LOCAL": "true"})
    assert type(sandbox_of(told)) is UnsafeLocal


def test_judging_says_that_there_was_no_jail(
    numpy_environment: environments.Installed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("VIVA_UNSAFE_LOCAL", "true")
    question = next(iter(known_banks(()))).question("stable-softmax")
    attempt = tmp_path / "attempt.py"
    attempt.write_text("def softmax(x):\n    return x\n")
    assert main(["judge", question.id, str(attempt), "--data", str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == ["Judged without a jail."]
    assert main(["judge", question.id, str(attempt), "--data", str(tmp_path)]) == 0
    assert "  Judged without a jail." in capsys.readouterr().out


@pytest.mark.parametrize("more", [("--host", "0.0.0.0"), ()])
def test_it_is_never_served_beyond_this_machine(
    more: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VIVA_UNSAFE_LOCAL", "true")
    (tmp_path / "password").write_text("a long password\n")
    (tmp_path / "viva.toml").write_text(
        f'operator_password_file = "{tmp_path}/password"\n' + ("" if more else 'public_url = "https://viva.example"\n')
    )
    assert main(["serve", "--data", str(tmp_path), "--port", "0", *more]) == 3
    assert "serves this machine only" in capsys.readouterr().err


def test_the_doctor_says_that_it_is_on_and_needless(
    numpy_environment: environments.Installed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("VIVA_UNSAFE_LOCAL", "true")
    monkeypatch.setenv("VIVA_ENVIRONMENTS", str(tmp_path))
    (tmp_path / "numpy").symlink_to(numpy_environment.folder)
    assert main(["doctor", "--data", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "unsafe_local is on: code runs WITHOUT A JAIL, as you, in practice only. This machine can jail" in out


def test_an_environment_can_be_proved_without_a_jail(numpy_environment: environments.Installed) -> None:
    before = set(Path("/tmp").glob(HOMES))  # an earlier test's may still be going
    environments.prove(numpy_environment.paths, jail=False)
    assert set(Path("/tmp").glob(HOMES)) <= before
