"""Hundreds of attempts through one sandbox, a tenth of them hostile: what is left behind, and what the supervisor has grown by.

`python benchmarks/soak.py [--minutes M] [--seed N] [--json]`, five minutes unless told. Exit code 1 where a process, descriptor,
mount or temporary file is left, the supervisor has grown by 10 MiB or more, or an honest attempt did not get its verdict.
"""

import argparse
import asyncio
import json
import os
import pwd
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from viva.core.evidence import CheckRun, Ended
from viva.sandbox import environments
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Budget, Job
from viva.settings import load

GROWTH_MIB = 10.0
HOSTILE_SHARE = 0.1
WARM_UP = 60
"""Attempts before the first look: zygotes, spares and buffers are there by then."""

CHECKS = b"""
import numpy as np
from viva_check import check, close

requires = ("double",)

@check("doubles an array", visible=True)
def doubles(sut, rng):
    x = rng.normal(size=(64, 64))
    close(sut.double(x), 2 * x)

@check("doubles a large array")
def large(sut, rng):
    x = rng.normal(size=(400, 500))
    close(sut.double(x), 2 * x)
"""

HONEST = {
    "right": ("def double(x):\n    return x + x\n", 1.0),
    "half right": ("def double(x):\n    return 2 * x if x.size < 9999 else x\n", 0.5),
    "raises": ("def double(x):\n    raise ValueError('no')\n", 0.0),
    "prints": ("def double(x):\n    print('x' * 500)\n    return 2 * x\n", 1.0),
}
"""Attempts and the share of checks that they pass."""

HOSTILE = {
    "loops": "def double(x):\n    while True: pass\n",
    "takes memory": "def double(x):\n    return [bytearray(1 << 20) for _ in range(10000)]\n",
    "floods its output": "def double(x):\n    while True: print('y' * 9999)\n",
    "ends itself": "import os\ndef double(x):\n    os._exit(0)\n",
    "kills itself": "import os, signal\ndef double(x):\n    os.kill(os.getpid(), signal.SIGKILL)\n",
    "forks": "import os\ndef double(x):\n    return [os.fork() for _ in range(99)]\n",
    "opens files": "def double(x):\n    return [open('/dev/null') for _ in range(9999)]\n",
    "fills /tmp": "def double(x):\n    with open('/tmp/x', 'wb') as f:\n        while True: f.write(bytes(1 << 20))\n",
    "nests folders": (
        "import os\ndef double(x):\n    os.chdir('/tmp')\n    while True:\n        os.mkdir('d'); os.chdir('d')\n"
    ),
    "starts threads": (
        "import threading, time\ndef double(x):\n"
        "    while True: threading.Thread(target=time.sleep, args=(99,)).start()\n"
    ),
    "writes frames of its own": (
        "import os\ndef double(x):\n    for fd in range(3, 64):\n        try: os.write(fd, b'\\xff' * 4096)\n"
        "        except OSError: pass\n    return x\n"
    ),
    "recurses in C": "def double(x):\n    y = []\n    for _ in range(10**6): y = [y]\n    return y\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What stands at one moment: processes below this one, its own and its supervisor's descriptors, mounts of the machine,
    entries of its own folder for temporary files and of /tmp those of users without a name, as candidates are, and what the
    supervisor holds in MiB."""

    processes: int
    descriptors: int
    supervisor_descriptors: int
    mounts: int
    temporary: int
    supervisor_mib: float


def below(pid: int) -> list[int]:
    """Every process below `pid`."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            children = [int(word) for word in (task / "children").read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *below(child)] if Path(f"/proc/{child}").exists() else []
    return found


def of_nobody(path: Path) -> bool:
    """Whether it belongs to a user without a name; whatever else appears in /tmp meanwhile is not of these runs."""
    try:
        pwd.getpwuid(path.lstat().st_uid)
    except KeyError:
        return True
    except FileNotFoundError:
        return False
    return False


def look() -> Left:
    """What stands now."""
    me = os.getpid()
    processes = below(me)
    supervisor = processes[0]
    resident = int(Path(f"/proc/{supervisor}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return Left(
        processes=len(processes),
        descriptors=len(list(Path("/proc/self/fd").iterdir())),
        supervisor_descriptors=len(list(Path(f"/proc/{supervisor}/fd").iterdir())),
        mounts=len(Path("/proc/self/mountinfo").read_text().splitlines()),
        temporary=len(list(Path(tempfile.gettempdir()).iterdir())) + sum(map(of_nobody, Path("/tmp").iterdir())),
        supervisor_mib=resident / (1 << 20),
    )


def job(code: str, number: int) -> Job:
    """One attempt with a small budget."""
    budget = Budget(cpu_seconds=0.3, wall_seconds=2, memory_mib=128)
    return Job(
        question="soak",
        files={"checks.py": CHECKS},
        code=code,
        framework="numpy",
        which="all",
        seed=f"{number:032x}",
        budget=budget,
    )


async def one(sandbox: Sandbox, chance: random.Random, number: int) -> tuple[str, str]:
    """One attempt: what it was and how it ended; an honest one that got another verdict than its own ends in `wrong`."""
    if chance.random() < HOSTILE_SHARE:
        name = chance.choice(sorted(HOSTILE))
        seen = await sandbox.run(job(HOSTILE[name], number))
        return name, str(seen.ended) if isinstance(seen, CheckRun) else "not observed"
    name = chance.choice(sorted(HONEST))
    code, due = HONEST[name]
    seen = await sandbox.run(job(code, number))
    if not isinstance(seen, CheckRun):
        return name, f"not observed: {seen.why}"
    share = sum(check.passed for check in seen.checks) / max(1, len(seen.checks))
    right = seen.ended is Ended.FINISHED and share == due
    return name, "finished" if right else f"wrong: {seen.ended}, {share:g}, {seen.says}"


async def settled() -> Left:
    """What stands once spares are made anew and what ended has been reaped."""
    await asyncio.sleep(1.5)
    return look()


async def soak(minutes: float, seed: int) -> tuple[Left, Left, Counter[tuple[str, str]]]:
    """Attempts, as many at once as the machine has cores, until the time is over: before, after, and what came of them."""
    chance, told = random.Random(seed), Counter[tuple[str, str]]()
    place = environments.find(load().environments, "numpy")
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    async with Sandbox(folder=place.folder.parent) as sandbox:
        for number in range(WARM_UP):
            await one(sandbox, chance, number)
        before = await settled()
        begin, number = time.monotonic(), WARM_UP
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            bar = progress.add_task("", total=60 * minutes)
            while (gone := time.monotonic() - begin) < 60 * minutes:
                batch = range(number, number + 4 * (os.cpu_count() or 1))
                told.update(await asyncio.gather(*(one(sandbox, chance, at) for at in batch)))
                number = batch.stop
                progress.update(bar, completed=gone, description=f"{told.total()} attempts")
        after = await settled()
    return before, after, told


def complaints(before: Left, after: Left, told: Counter[tuple[str, str]]) -> list[str]:
    """What is not as it must be."""
    found = [
        f"{name}: {getattr(before, name)} before, {getattr(after, name)} after"
        for name in ("processes", "descriptors", "supervisor_descriptors", "mounts", "temporary")
        if getattr(after, name) > getattr(before, name)
    ]
    grown = after.supervisor_mib - before.supervisor_mib
    if grown >= GROWTH_MIB:
        found.append(f"the supervisor has grown by {grown:.1f} MiB")
    found += [
        f"{name}: {how} ({count} times)" for (name, how), count in told.items() if name in HONEST and how != "finished"
    ]
    return found


def main() -> int:
    """Soak, print, and say whether anything is left."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="viva-soak-") as own:
        os.environ["TMPDIR"] = tempfile.tempdir = own
        before, after, told = asyncio.run(soak(asked.minutes, asked.seed))
    found = complaints(before, after, told)
    if asked.json:
        endings = [{"attempt": name, "ended": how, "times": count} for (name, how), count in sorted(told.items())]
        left = {"before": asdict(before), "after": asdict(after)}
        print(json.dumps({"schema": 1, "within": not found, "complaints": found, **left, "endings": endings}))
    else:
        hostile = sum(count for (name, _), count in told.items() if name in HOSTILE)
        print(f"{told.total()} attempts, {hostile} of them hostile, in {asked.minutes:g} minutes")
        for (name, how), count in sorted(told.items()):
            print(f"  {name:26} {how:18} {count:5}")
        print(f"the supervisor holds {after.supervisor_mib - before.supervisor_mib:+.1f} MiB more than before")
        print("\n".join(found) or "nothing is left")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
