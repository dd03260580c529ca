"""What malformed frames do to those who read them, thrown straight at the checker's end of the wire, at the checker's reading
of a job, and at the supervisor's end of a run.

`python benchmarks/fuzz.py [--frames 100000] [--seed N] [--json]`. Each frame is a real one made wrong in one of `WAYS`, or
left right, and is a function of the seed and its number. Exit code 1 where one ends in an exception that its reader does not
declare, takes over `SECONDS`, or makes its reader hold over `PEAK_MIB`; or where the process has grown by over `GROWN_MIB`
when all are read. Peaks are those of tracemalloc, which counts memory that is asked for, also where it is never touched.
"""

import argparse
import json
import os
import signal
import sys
import time
import traceback
import tracemalloc
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from viva.sandbox import process
from viva.sandbox.inside import frames

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the frames and their readers are those of tests/wire

from tests.wire.malformed import WAYS, Chance
from tests.wire.readers import Supervising, at_the_job, at_the_wire

SECONDS = 3.0
PEAK_MIB = 2 * (frames.BODY_LIMIT + frames.META_LIMIT) >> 20
GROWN_MIB = 64


class Hang(BaseException):
    """A frame took so long that its reader was stopped."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of all frames: counts by reader, way and outcome; the slowest, the largest; and what must not be."""

    counts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    slowest_seconds: float = 0.0
    peak_mib: float = 0.0
    grown_mib: float = 0.0
    faults: list[str] = field(default_factory=list)

    def add(self, reader: str, way: str, outcome: str) -> None:
        """Count one frame."""
        self.counts.setdefault(reader, {}).setdefault(way, Counter())[outcome] += 1


def fuzz(count: int, seed: int, *, show: bool) -> Tally:
    """Throw `count` frames, by turns at each reader; the same seed gives the same frames."""
    supervising = Supervising()
    readers: dict[str, Callable[[Chance, str], str]] = {
        "wire": at_the_wire,
        "job": at_the_job,
        "supervisor": supervising,
    }
    tally = Tally()
    signal.signal(signal.SIGALRM, _stop)
    tracemalloc.start()
    before = _resident_mib()
    numbers = track(range(count), "frames", console=Console(stderr=True), disable=not show)
    try:
        for number in numbers:
            chance = Chance(f"{seed}/{number}")
            reader = list(readers)[number % len(readers)]
            way = chance.choice(list(WAYS))
            tally.add(
                reader,
                way,
                _one(readers[reader], chance, way, f"frame {number} of seed {seed} ({reader}, {way})", tally),
            )
    finally:
        supervising.end()
        tracemalloc.stop()
    tally.grown_mib = _resident_mib() - before
    if tally.grown_mib > GROWN_MIB:
        tally.faults.append(f"the process has grown by {tally.grown_mib:.0f} MiB")
    return tally


def _one(read: Callable[[Chance, str], str], chance: Chance, way: str, name: str, tally: Tally) -> str:
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.reset_peak()
    start = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        outcome = read(chance, way)
    except Hang:
        outcome = "HANGS"
    except Exception as problem:  # noqa: BLE001 - what is looked for
        outcome = "CRASHES"
        tally.faults.append(f"{name}: {traceback.format_exception(problem)[-2].strip()} {problem!r}"[:500])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    seconds = time.perf_counter() - start
    peak = (tracemalloc.get_traced_memory()[1] - held) / (1 << 20)
    tally.slowest_seconds = max(tally.slowest_seconds, seconds)
    tally.peak_mib = max(tally.peak_mib, peak)
    if seconds > SECONDS:
        tally.faults.append(f"{name}: took {seconds:.1f} s")
    if peak > PEAK_MIB:
        tally.faults.append(f"{name}: held {peak:.0f} MiB")
    return outcome


def _stop(*_: Any) -> None:
    raise Hang


def _resident_mib() -> float:
    return process.status(os.getpid()).resident_bytes / (1 << 20)


def _print(tally: Tally, count: int) -> None:
    for reader, ways in tally.counts.items():
        print(f"{reader}:")
        for way in WAYS:
            outcomes = ", ".join(f"{number} {outcome}" for outcome, number in ways.get(way, Counter()).most_common())
            print(f"  {way:20}  {outcomes}")
    print(f"{count} frames; the slowest took {1e3 * tally.slowest_seconds:.0f} ms (at most {1e3 * SECONDS:.0f}),")
    print(f"the largest held {tally.peak_mib:.0f} MiB (at most {PEAK_MIB}),")
    print(f"and the process has grown by {tally.grown_mib:.0f} MiB (at most {GROWN_MIB}).")
    for fault in tally.faults[:20]:
        print(f"FAULT {fault}")


def main() -> int:
    """Throw them, print what came of them, and say whether any did what none may."""
    parser = argparse.ArgumentParser(description="Malformed frames for everyone who reads frames.")
    parser.add_argument("--frames", type=int, default=100_000, help="how many (100000)")
    parser.add_argument("--seed", type=int, default=0, help="which ones (0)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    tally = fuzz(chosen.frames, chosen.seed, show=sys.stderr.isatty())
    if chosen.json:
        told = asdict(tally) | {"counts": tally.counts, "frames": chosen.frames, "seed": chosen.seed}
        told |= {"schema": 1, "within": not tally.faults}
        print(json.dumps(told))
    else:
        _print(tally, chosen.frames)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
