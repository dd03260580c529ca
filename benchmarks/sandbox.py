"""How long a verdict takes: from the request handed to the sandbox until its evidence is decoded, for a trivial attempt with
hidden checks, beside a cold `bwrap` + `python` + import (in torch with one training step) and a bare fork of a process that
has imported the same, interleaved in one run; in numpy, and in torch where its environment is installed. Then many attempts at
once: how many get their verdict in a second, and the private memory of the largest process that runs one.

`python benchmarks/sandbox.py [--json]`. Seconds on the clock. Exit code 1 where the sandbox is not so many times faster than
cold (median against median) or so near to the bare fork as `CASES` say, judges fewer attempts a second than `A_SECOND` for two
cores, or needs `PRIVATE_MIB` or more for one; what could not be measured is left out and said.
"""

import asyncio
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viva.core.evidence import CheckRun, Ended
from viva.sandbox import environments
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Budget, Job
from viva.settings import load

COLD_EVERY = 6
"""A cold start is measured in every sixth round: it takes ten times as long as all else together, in torch a hundred."""

A_SECOND = 20.0
"""Least attempts judged in a second by each core of the machine."""

PRIVATE_MIB = 60.0
"""Most private memory of a process that runs an attempt, while ten were asked for at once."""

AT_ONCE = 10

CHECKS = b"""
import numpy as np
from viva_check import check, fail

requires = ("softmax",)

def _same(sut, x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    if not np.allclose(sut.softmax(x), e / e.sum(axis=-1, keepdims=True)):
        fail("not the softmax")

@check("rows sum to one", visible=True)
def rows(sut, rng):
    _same(sut, rng.normal(size=(4, 8)))

@check("large values", weight=2)
def large(sut, rng):
    _same(sut, 1000 + rng.normal(size=(4, 8)))

@check("one row")
def one(sut, rng):
    _same(sut, rng.normal(size=(1, 3)))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One framework: a right attempt, what a cold process would have to do, and the limits (times, seconds)."""

    attempt: str
    cold: str
    times_faster: float
    over_fork: float
    rounds: int


CASES = {
    "numpy": Case(
        attempt="""
import numpy as np

def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
""",
        cold="import numpy",
        times_faster=10,
        over_fork=0.015,
        rounds=60,
    ),
    "torch": Case(
        attempt="""
import torch

def softmax(x):
    return torch.softmax(x, dim=-1)
""",
        cold="""
import torch
torch.set_num_threads(1)
layer = torch.nn.Linear(4, 2)
optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)
torch.nn.functional.cross_entropy(layer(torch.ones(3, 4)), torch.zeros(3, dtype=torch.long)).backward()
optimizer.step()
""",
        times_faster=40,
        over_fork=0.020,
        rounds=42,
    ),
}

FORKS = """
import os, sys, time
for _ in sys.stdin:
    start = time.perf_counter()
    child = os.fork()
    if child == 0: os._exit(0)
    os.waitpid(child, 0)
    print(time.perf_counter() - start, flush=True)
"""
"""After what `Case.cold` does: a fork, its end and the wait for it."""


def cold_command(place: environments.Installed) -> list[str] | None:
    """bwrap, an interpreter and what a cold attempt does first; None where there is no bwrap."""
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return None
    base = str(Path(place.paths.python).parents[1])
    shown = dict.fromkeys(("/usr", base, str(place.folder)))
    binds = [part for path in shown for part in ("--ro-bind", path, path)]
    links = [part for name in ("lib", "lib64", "bin") for part in ("--symlink", f"usr/{name}", f"/{name}")]
    python = str(place.folder / "bin" / "python")
    return [
        bwrap,
        "--unshare-all",
        "--die-with-parent",
        *binds,
        *links,
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        python,
        "-I",
        "-c",
        CASES[place.name].cold,
    ]


def cold(command: list[str]) -> float:
    """Seconds of one cold start."""
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


def measure(place: environments.Installed) -> dict[str, list[float]]:
    """Seconds of each kind, interleaved."""
    program = CASES[place.name].cold + FORKS
    command = [str(place.folder / "bin" / "python"), "-I", "-c", program]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as forks:
        taken = asyncio.run(_interleaved(place, _forking(forks)))
        forks.communicate()
    return taken


async def _interleaved(place: environments.Installed, fork: Callable[[], float]) -> dict[str, list[float]]:
    command = cold_command(place)
    taken: dict[str, list[float]] = {"sandbox": [], "bare fork": [], "cold bwrap": []}
    async with Sandbox(folder=place.folder.parent) as sandbox:
        for warm in range(3):
            await _judge(sandbox, place.name, warm)
        for at in range(CASES[place.name].rounds):
            taken["sandbox"].append(await _judge(sandbox, place.name, at))
            taken["bare fork"].append(fork())
            if command is not None and at % COLD_EVERY == 0:
                taken["cold bwrap"].append(cold(command))
    return taken


def below(pid: int) -> dict[int, list[int]]:
    """Every process below `pid`, each with its children."""
    found: dict[int, list[int]] = {}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text().split()):
                found |= below(child)
                found[child] = [int(word) for word in Path(f"/proc/{child}/task/{child}/children").read_text().split()]
    return found


def private_mib(pid: int) -> float:
    """What only this process holds, in MiB; 0 where it has just ended."""
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in rolled.splitlines() if line.startswith("Private_")) / 1024


async def crowded(place: environments.Installed) -> dict[str, float]:
    """Attempts a second with `AT_ONCE` of them asked for at any time, and the most private memory (MiB) of a fork."""
    number, most, rounds = 0, 0.0, CASES[place.name].rounds // 6

    async def watch() -> float:
        largest = 0.0
        while True:
            try:
                await asyncio.sleep(0.02)
            except asyncio.CancelledError:
                return largest
            ends = [
                pid for pid, children in below(os.getpid()).items() if not children
            ]  # zygotes have children, forks none
            largest = max([largest, *map(private_mib, ends)])

    async with Sandbox(folder=place.folder.parent) as sandbox:
        await asyncio.gather(*(_verdict(sandbox, place.name, at) for at in range(AT_ONCE)))
        start = time.perf_counter()
        for _ in range(rounds):
            await asyncio.gather(*(_verdict(sandbox, place.name, number + at) for at in range(AT_ONCE)))
            number += AT_ONCE
        seconds = time.perf_counter() - start
        watching = asyncio.create_task(watch())
        for _ in range(3):
            await asyncio.gather(*(_verdict(sandbox, place.name, at) for at in range(AT_ONCE)))
        watching.cancel()
        most = await watching
    return {"attempts_a_second": number / seconds, "private_mib": most}


def _forking(process: "subprocess.Popen[str]") -> Callable[[], float]:
    def fork() -> float:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("\n")
        process.stdin.flush()
        return float(process.stdout.readline())

    return fork


async def _judge(sandbox: Sandbox, framework: str, number: int) -> float:
    start = time.perf_counter()
    await _verdict(sandbox, framework, number)
    seconds = time.perf_counter() - start
    await asyncio.sleep(0.03)  # as between two people's submissions: the spare for the next one is made meanwhile
    return seconds


async def _verdict(sandbox: Sandbox, framework: str, number: int) -> None:
    job = Job(
        question="benchmark",
        files={"checks.py": CHECKS},
        code=CASES[framework].attempt,
        framework=framework,
        which="all",
        seed=f"{number:032x}",
        budget=Budget(cpu_seconds=2, wall_seconds=10, memory_mib=256),
    )
    seen = await sandbox.run(job)
    assert isinstance(seen, CheckRun), seen
    assert seen.ended is Ended.FINISHED, seen
    assert all(check.passed for check in seen.checks), seen


def judged(place: environments.Installed) -> dict[str, object]:
    """One framework's figures, and whether its limits hold."""
    case = CASES[place.name]
    rows = {
        name: {
            "median_ms": 1e3 * statistics.median(seconds),
            "p95_ms": 1e3 * sorted(seconds)[int(0.95 * (len(seconds) - 1))],
            "runs": len(seconds),
        }
        for name, seconds in measure(place).items()
        if seconds
    }
    mine, fork = rows["sandbox"]["median_ms"], rows["bare fork"]["median_ms"]
    times = rows["cold bwrap"]["median_ms"] / mine if "cold bwrap" in rows else None
    crowd = asyncio.run(crowded(place))
    within = (
        mine - fork <= 1e3 * case.over_fork
        and (times is None or times >= case.times_faster)
        and crowd["attempts_a_second"] >= A_SECOND * (os.cpu_count() or 1)
        and crowd["private_mib"] < PRIVATE_MIB
    )
    return {"within": within, "times_faster_than_cold": times, "over_fork_ms": mine - fork, "measured": rows, **crowd}


def _print(name: str, told: dict[str, Any]) -> None:
    case = CASES[name]
    for kind, row in told["measured"].items():
        times = f"median {row['median_ms']:7.1f} ms   95 % {row['p95_ms']:7.1f} ms   ({row['runs']} runs)"
        print(f"{name:6} {kind:10}  {times}")
    times = told["times_faster_than_cold"]
    faster = "" if times is None else f"{times:.0f} times faster than cold (at least {case.times_faster:.0f}), "
    print(f"{faster}{told['over_fork_ms']:.1f} ms above a bare fork (at most {1e3 * case.over_fork:.0f}).")
    least = A_SECOND * (os.cpu_count() or 1)
    print(f"{AT_ONCE} at once: {told['attempts_a_second']:.0f} verdicts a second (at least {least:.0f}),", end=" ")
    print(f"{told['private_mib']:.1f} MiB private memory for one (below {PRIVATE_MIB:.0f}).")


def main() -> int:
    """Measure, print, and say whether the limits hold."""
    places = environments.installed(load().environments)
    told: dict[str, dict[str, Any]] = {place.name: judged(place) for place in places if place.name in CASES}
    notes = [f"Not measured, since it is not installed: {name}." for name in CASES if name not in told]
    if shutil.which("bwrap") is None:
        notes.append("bwrap is not installed, so no cold start was measured: apt-get install bubblewrap")
    within = bool(told) and all(one["within"] for one in told.values())
    if "--json" in sys.argv[1:]:
        print(json.dumps({"schema": 1, "within": within, "notes": notes, "frameworks": told}))
    else:
        for name, one in told.items():
            _print(name, one)
        for note in notes:
            print(note)
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
