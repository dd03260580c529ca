"""Every way in which a run ends, each with its word and a sentence; and that nothing is left of it."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.sandbox.conftest import Judge, Loop, run_of
from tests.sandbox.judging import RIGHT, job_of
from viva.core.evidence import NotObserved
from viva.sandbox import environments, process
from viva.sandbox.client import Sandbox
from viva.sandbox.supervisor import Kind, Stock
from viva.sandbox.zygotes import RUNS_PER_ZYGOTE, Fork, Zygote

ROOT = Path(__file__).resolve().parents[2]
ENDINGS = {
    "right code": (RIGHT, "finished", r"^$"),
    "a missing name": ("def atempt(x): return x", "candidate_error", r"attempt"),
    "a module that is not there": ("import torchh", "candidate_error", r"torchh.*line 1"),
    "a syntax error": ("def attempt(x:\n", "candidate_error", r"line 1"),
    "sys.exit": ("import sys\nsys.exit(3)", "candidate_error", r"sys\.exit\(3\)"),
    "an endless loop": (
        "def attempt(x):\n    while True: pass",
        "timed_out",
        r"after 0\.\d+ s of CPU time.*doubles three",
    ),
    "an endless import": ("while True: pass", "timed_out", r"while your file was being loaded"),
    "waiting": ("import time\ndef attempt(x): time.sleep(9)", "timed_out", r"on the clock"),
    "much memory": ("def attempt(x): return bytearray(1 << 30)", "out_of_memory", r"128 MiB"),
    "much numpy memory": (
        "import numpy\ndef attempt(x): return numpy.ones(1 << 28).sum()",
        "out_of_memory",
        r"128 MiB",
    ),
    "endless output": ("def attempt(x):\n    while True: print('x' * 999)", "output_limit", r"printed more than 4 MiB"),
    "a bad pointer": ("import ctypes\ndef attempt(x): ctypes.string_at(0)", "crashed", r"SIGSEGV.*segmentation fault"),
    "os._exit": ("import os\ndef attempt(x): os._exit(0)", "crashed", r"exit status 0"),
    "os.abort": ("import os\ndef attempt(x): os.abort()", "crashed", r"SIG(ABRT|SEGV)"),
    "closing the wire": (
        "import os, time\ndef attempt(x):\n    os.closerange(3, 64)\n    time.sleep(9)",
        "killed",
        r"closed the connection",
    ),
    "noise on the wire": (
        "import os\ndef attempt(x):\n    os.write(4, b'x' * 99)\n    return 2 * x",
        "killed",
        r"bytes of its own",
    ),
}


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.ordinary_user] if at % 3 == 0 else []) for at, name in enumerate(ENDINGS)],
)
def test_a_run_ends_in_its_word_and_a_sentence(judge: Judge, name: str) -> None:
    code, ended, says = ENDINGS[name]
    seen = judge(code, memory_mib=128, cpu_seconds=0.3, wall_seconds=0.5)
    assert seen.get("ended") == ended, seen
    assert re.search(says, seen["says"]), seen["says"]
    assert len(seen["checks"]) == 2
    assert all(check["passed"] for check in seen["checks"]) == (ended == "finished")
    assert all(check["says"] for check in seen["checks"] if not check["passed"])


HOSTILE = {
    "fork bomb": "import os\ndef attempt(x):\n    while True:\n        try: os.fork()\n        except OSError: return 2 * x",
    "thread bomb": "import threading\ndef attempt(x):\n    while True: threading.Thread(target=attempt, args=(x,)).start()",
    "recursion": "def attempt(x): return attempt(x) + 1",
    "recursion without a limit": "import sys\nsys.setrecursionlimit(10**9)\ndef attempt(x): return attempt(x) + 1",
    "deaf to signals": """
import signal
for number in range(1, 64):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def attempt(x):
    while True: pass
""",
    "hangs on at the end": """
import atexit, threading, time
atexit.register(time.sleep, 9)
threading.Thread(target=time.sleep, args=(9,)).start()
def attempt(x): return 2 * x
""",
}


@pytest.mark.parametrize("code", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_attempt_gets_a_verdict_soon(judge: Judge, code: str) -> None:
    start = time.monotonic()
    seen = judge(code, cpu_seconds=0.3, wall_seconds=0.5)
    assert "ended" in seen, seen
    assert time.monotonic() - start < 5


def test_after_a_death_the_other_checks_run_in_a_fresh_process(judge: Judge) -> None:
    code = "import os\nprint('loaded')\ndef attempt(x):\n    if x == 3: os._exit(1)\n    return 2 * x"
    seen = judge(code)
    assert [check["passed"] for check in seen["checks"]] == [False, True]
    assert seen["prints"] == "loaded\nloaded\n"
    assert seen["ended"] == "crashed"


def test_three_processes_are_the_most_that_a_run_gets(judge: Judge) -> None:
    checks = "from viva_check import check\n" + "".join(
        f"@check('number {n}', visible=True)\ndef number_{n}(sut, rng): sut.attempt({n})\n" for n in range(5)
    )
    seen = judge("import os\nprint('loaded')\ndef attempt(x): os._exit(1)", checks)
    assert seen["prints"].count("loaded") == 3
    assert [check["ran"] for check in seen["checks"]] == [True, True, True, False, False]


def test_only_visible_checks_run_where_only_they_were_asked_for(judge: Judge) -> None:
    assert [check["name"] for check in judge(RIGHT, which="visible")["checks"]] == ["first"]


def test_output_is_kept_to_64_kib_and_any_bytes_are_data(judge: Judge) -> None:
    code = "import os, sys\nos.write(1, b'\\xff\\x00\\n')\nprint('\\ud800')\nsys.stderr.write('e' * 70_000)\n" + RIGHT
    seen = judge(code)
    assert seen["prints_cut"] is True
    assert len(seen["prints"]) == 64 << 10
    assert seen["prints"].startswith("\ufffd\x00\n\\ud800\ne")
    assert seen["ended"] == "finished"


@pytest.mark.ordinary_user
def test_cpu_time_and_memory_are_measured_from_outside(judge: Judge) -> None:
    code = """
import time
time.process_time = time.perf_counter = lambda: 0.0
def attempt(x):
    start = time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID)
    while time.clock_gettime(time.CLOCK_PROCESS_CPUTIME_ID) - start < 0.05: pass
    held = b"x" * (40 << 20)
    return 2 * x
"""
    seen = judge(code)
    assert 0.1 < seen["cpu_seconds"] < 0.25
    assert 39 < seen["memory_mib"] < 60


def test_half_a_surrogate_pair_is_the_candidates_error(judge: Judge) -> None:
    seen = judge("x = 1\ny = '\udc00'\n")
    assert seen["ended"] == "candidate_error"
    assert "Line 2" in seen["says"]


def test_checks_that_break_are_our_fault(judge: Judge) -> None:
    assert "machine" in judge(RIGHT, "import nothing_like_this")


def test_a_job_for_an_environment_that_is_not_installed_names_the_mend(loop: Loop, tmp_path: Path) -> None:
    async def judged() -> object:
        async with Sandbox(folder=tmp_path) as sandbox:
            return await sandbox.run(job_of(RIGHT))

    seen = loop.run(judged())
    assert isinstance(seen, NotObserved)
    assert seen.whose == "machine"
    assert "viva env install numpy" in seen.why


def test_many_runs_at_a_time_all_answer(loop: Loop, sandbox: Sandbox) -> None:
    async def all_of_them() -> list[bool]:
        seen = await asyncio.gather(*(sandbox.run(job_of(RIGHT.replace("2", str(2 + n % 2)))) for n in range(12)))
        return [run_of(one).checks[0].passed for one in seen]

    assert loop.run(all_of_them()) == [n % 2 == 0 for n in range(12)]


def test_a_killed_supervisor_is_started_again(loop: Loop, numpy_folder: Path) -> None:
    async def judged() -> list[str]:
        async with Sandbox(folder=numpy_folder, spares=0) as sandbox:
            first = run_of(await sandbox.run(job_of(RIGHT)))
            running = asyncio.create_task(sandbox.run(job_of("import time\ntime.sleep(0.3)\n" + RIGHT)))
            await asyncio.sleep(0.15)
            os.kill(_supervisor_of(os.getpid()), signal.SIGKILL)
            return [first.ended, run_of(await running).ended]

    assert loop.run(judged()) == ["finished", "finished"]


def test_killed_zygotes_are_started_again(loop: Loop, numpy_folder: Path) -> None:
    async def judged() -> list[object]:
        async with Sandbox(folder=numpy_folder) as sandbox:
            seen = [await sandbox.run(job_of(RIGHT))]
            for zygote in process.children(_supervisor_of(os.getpid())):
                os.kill(zygote, signal.SIGKILL)
            return [*seen, await sandbox.run(job_of(RIGHT)), await sandbox.run(job_of(RIGHT))]

    assert [run_of(one).ended for one in loop.run(judged())[::2]] == ["finished", "finished"]  # type: ignore[arg-type]


def test_nothing_is_left_of_a_sandbox_that_was_closed(loop: Loop, numpy_folder: Path) -> None:
    async def judged() -> list[int]:
        async with Sandbox(folder=numpy_folder) as sandbox:
            await sandbox.run(job_of("import os\ndef attempt(x): os._exit(0)"))
            return _below(_supervisor_of(os.getpid()))

    below = loop.run(judged())
    assert len(below) >= 3
    assert _gone(below)


def test_kill_9_of_the_parent_leaves_nothing(numpy_folder: Path) -> None:
    """The server dies in the middle of a run; its supervisor, zygotes and forks follow."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.sandbox.judging", numpy_folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert server.stdin is not None and server.stdout is not None
    server.stdin.write(
        json.dumps({"code": RIGHT, "checks": "from viva_check import check\n@check('x')\ndef x(sut, rng): pass\n"})
        + "\n"
    )
    server.stdin.flush()
    server.stdout.readline()
    endless = {
        "code": "while True: pass",
        "checks": "from viva_check import check\n@check('x')\ndef x(sut, rng): pass\n",
    }
    server.stdin.write(json.dumps(endless | {"cpu_seconds": 60, "wall_seconds": 60}) + "\n")
    server.stdin.flush()
    time.sleep(0.2)
    below = _below(server.pid)
    assert len(below) >= 5  # supervisor, two zygotes, two forks at least
    server.kill()
    server.communicate()
    assert _gone(below)


LAYERS = {
    "unshare": (272, "namespace"),
    "mount": (165, "mounts"),
    "mount_setattr": (442, "mounts"),
    "pivot_root": (155, "mounts"),
    "capset": (126, "capabilities"),
    "close_range": (436, "descriptors"),
    "setns": (308, "zygote"),
    "prlimit64": (302, "rlimits"),
    "setresuid": (117, "uid"),
    "keyctl": (250, "keyctl"),
    "seccomp": (317, "seccomp"),
    "landlock_restrict_self": (446, "landlock"),
}


@pytest.mark.parametrize("call", LAYERS)
def test_a_layer_that_fails_means_that_nothing_is_run(numpy_folder: Path, call: str) -> None:
    number, layer = LAYERS[call]
    answered = subprocess.run(
        [sys.executable, "-m", "tests.sandbox.refusing", numpy_folder, str(number)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
        timeout=30,
    )
    seen = json.loads(answered.stdout)
    assert layer in seen["machine"], seen


def _supervisor_of(pid: int) -> int:
    """The newest child of `pid` that is a supervisor."""
    found = [child for child in process.children(pid) if b"supervisor" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return max(found)


def _below(pid: int) -> list[int]:
    """`pid`'s descendants."""
    return [one for child in process.children(pid) for one in (child, *_below(child))]


def _gone(pids: list[int], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not any(_alive(pid) for pid in pids):
            return True
        time.sleep(0.02)
    return False


def _alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def zygote_of(fork: Fork) -> Zygote:
    """Where a fork of the jail comes from."""
    assert isinstance(fork.zygote, Zygote)
    return fork.zygote


def test_a_worn_zygote_is_replaced_and_ends_when_its_last_fork_has(numpy_environment: environments.Installed) -> None:
    stock = Stock(1)
    kinds: tuple[Kind, ...] = (("candidate", numpy_environment.paths),)
    (first,) = stock.take(kinds)
    old = zygote_of(first)
    old.runs = RUNS_PER_ZYGOTE
    (second,) = stock.take(kinds)
    assert second.zygote is not old
    stock.tidy(kinds, refill=False)
    assert _alive(old.pid)
    first.end()
    stock.tidy(kinds, refill=False)
    assert _gone([old.pid])
    second.end()
    second.zygote.end()


def test_a_spare_waits_jailed_and_is_used_once(numpy_environment: environments.Installed) -> None:
    stock = Stock(1)
    kinds: tuple[Kind, ...] = (("candidate", numpy_environment.paths), ("checker", numpy_environment.paths))
    used = stock.take(kinds)
    stock.tidy(kinds, refill=True)
    living = [process.children(zygote_of(fork).pid) for fork in used]
    spares = stock.take(kinds)
    assert [fork.pid in pids for fork, pids in zip(spares, living, strict=True)] == [True, True]
    assert [process.status(fork.pid).filtered for fork in spares] == [True, True]
    assert not {fork.pid for fork in spares} & {fork.pid for fork in used}
    for fork in (*used, *spares):
        fork.end()
    for fork in used:
        fork.zygote.end()


STRANGE = {
    "a result of its own": "{'op': 'result', 'checks': [{'name': 1}], 'import_error': None, 'memory_error': False}",
    "an endless weight": (
        "{'op': 'result', 'import_error': None, 'memory_error': False, 'checks': [{'name': 'x', 'title': 'x', 'passed': True,"
        " 'weight': float('inf'), 'visible': True, 'says': '', 'line': None, 'ran': True}]}"
    ),
    "no result": "{'op': 'result'}",
    "a word that is none": "{'op': 'dance'}",
    "an import error that is no object": "{'op': 'result', 'checks': [], 'import_error': 'x', 'memory_error': False}",
}


@pytest.mark.parametrize("frame", STRANGE.values(), ids=STRANGE)
def test_what_a_strangers_checks_say_of_themselves_is_looked_at(judge: Judge, frame: str) -> None:
    """checks.py writes onto the checker's own line to the supervisor, whichever descriptor that is."""
    checks = f"""
import os, socket, time
from inside import frames
for fd in range(3, 20):
    try:
        frames.send(socket.socket(fileno=os.dup(fd)), {frame})
    except OSError:
        pass
time.sleep(0.3)
from viva_check import check
@check("x")
def x(sut, rng): pass
"""
    assert "machine" in judge(RIGHT, checks)
