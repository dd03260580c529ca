"""The same attempt judged again and again: correctness and craft must be the same each time, and how far its efficiency
spreads is told beside what one naive timing of each side on the clock would have said.

`python benchmarks/repeat.py [--json] [--times N]`. All figures are ratios; a spread is the largest by the least. Exit
code 1 where correctness or craft differ between two times, or the ratio of CPU times spreads more than `MOST` in any case.
"""

import argparse
import asyncio
import json
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import viva_bank
from viva.bank import FolderBank, judged_files
from viva.core.evidence import CheckRun, Costs, Findings
from viva.core.values import Question
from viva.craft import CodeReader
from viva.grading.correctness import share_passed
from viva.grading.craft import value_of
from viva.grading.efficiency import compared
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Job
from viva.settings import load

MOST = 1.25
"""As `viva.grading.efficiency.SAME`: ratios that lie so close are not told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the file that is judged, and a call of `module` for a naive timing of it; `prepare` makes its inputs."""

    question: str
    attempt: str
    prepare: str
    call: str


CASES = (
    Case(
        question="scaled-dot-product-attention",
        attempt="attempts/right_slow_rows.py",
        prepare="q, k, v = rng.normal(size=(3, 1024, 32))",
        call="module['attention'](q, k, v)",
    ),
    Case(
        question="stable-softmax",
        attempt="numpy/solution.py",
        prepare="x = rng.normal(size=(48_000, 16))",
        call="module['softmax'](x)",
    ),
    Case(
        question="top-p-sampling",
        attempt="attempts/right_slow_one_by_one.py",
        prepare="x = rng.normal(size=135_000)",
        call="module['top_p_sample'](x, 0.9, 0.8, rng, 16)",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """One judging of one attempt: correctness and craft, efficiency with its ratio, and the ratio of two naive timings."""

    correctness: float | None
    craft: float
    efficiency: float
    ratio: float
    naive: float
    seconds: float


def naive(case: Case, code: str) -> float:
    """One call on the clock, in seconds."""
    import numpy as np  # noqa: PLC0415 - only this part of the benchmark needs it

    scope: dict[str, Any] = {"rng": np.random.default_rng(0), "module": {}}
    exec(code, scope["module"])
    exec(case.prepare, scope)
    call = compile(case.call, "call", "eval")
    began = time.perf_counter()
    eval(call, scope)
    return time.perf_counter() - began


async def once(case: Case, question: Question, files: dict[str, bytes], sandbox: Sandbox, reader: CodeReader) -> Once:
    """Judge the attempt of a case, all dimensions of it."""
    code, reference = files[case.attempt].decode(), files["numpy/solution.py"].decode()
    job = Job(
        question=case.question,
        files=judged_files(files),
        code=code,
        framework="numpy",
        which="all",
        seed="5eed" * 8,
        budget=question.budget,
        forbid=question.forbid,
    )
    run = await sandbox.run(job)
    read = await reader.read(code, framework="numpy", from_scratch=question.from_scratch, forbid=question.forbid)
    began = time.perf_counter()
    costs = await sandbox.measure(job, reference)
    took = time.perf_counter() - began
    found = compared(costs) if isinstance(costs, Costs) else None
    if not isinstance(run, CheckRun) or not isinstance(read, Findings) or found is None:
        raise SystemExit(f"{case.question}: {run if not isinstance(run, CheckRun) else read if found else costs}")
    return Once(
        correctness=share_passed(run),
        craft=value_of(read.findings),
        efficiency=found.value,
        ratio=found.ratio.value,
        naive=naive(case, code) / naive(case, reference),
        seconds=took,
    )


async def repeated(case: Case, times: int) -> dict[str, Any]:
    """What so many judgings of one case say."""
    bank = FolderBank(Path(viva_bank.__file__).parent)
    question, files = bank.question(case.question), dict(bank.files(case.question))
    async with Sandbox(folder=load().environments, spares=0) as sandbox, CodeReader() as reader:
        seen = [await once(case, question, files, sandbox, reader) for _ in range(times)]
    ratios, guesses = [one.ratio for one in seen], [one.naive for one in seen]
    return {
        "question": case.question,
        "attempt": case.attempt,
        "correctness": sorted({one.correctness or 0.0 for one in seen}),
        "craft": sorted({one.craft for one in seen}),
        "efficiency": [round(min(one.efficiency for one in seen), 3), round(max(one.efficiency for one in seen), 3)],
        "ratio": round(statistics.median(ratios), 3),
        "spread": round(max(ratios) / min(ratios), 3),
        "naive_ratio": round(statistics.median(guesses), 3),
        "naive_spread": round(max(guesses) / min(guesses), 3),
        "seconds": round(statistics.median(one.seconds for one in seen), 2),
    }


def holds(row: dict[str, Any]) -> bool:
    """Whether a case repeats as it must."""
    return len(row["correctness"]) == len(row["craft"]) == 1 and bool(row["spread"] <= MOST)


def main() -> int:
    """Judge, print, compare."""
    parser = argparse.ArgumentParser(description="How far repeated judgings of the same attempt lie apart.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int, default=20)
    asked = parser.parse_args()
    rows = [asyncio.run(repeated(case, asked.times)) for case in CASES]
    if asked.json:
        print(json.dumps({"schema": 1, "times": asked.times, "cases": rows, "holds": all(map(holds, rows))}))
    else:
        for row in rows:
            print(
                f"{row['question']}, {row['attempt']}: judged {asked.times} times, measured in {row['seconds']} s each"
            )
            print(f"  correctness {row['correctness']}, craft {row['craft']}, efficiency {row['efficiency']}")
            print(f"  CPU time by the reference's: {row['ratio']}, spread {row['spread']}")
            print(f"  one naive timing of each:    {row['naive_ratio']}, spread {row['naive_spread']}")
    return int(not all(map(holds, rows)))


if __name__ == "__main__":
    sys.exit(main())
