"""The same attempt measured again and again: how far the ratio of its CPU time to the reference's spreads, beside what one
naive wall-clock timing of each would have said.

`python benchmarks/repeatability.py [--json] [--times N]`. Spread is the largest by the least. Exit code 1 where the ratio spreads
more than `MOST` in any case.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viva.bank import judged_files
from viva.core.evidence import Costs
from viva.grading.efficiency import compared
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Budget, Job
from viva.settings import load

QUESTIONS = Path(__file__).parents[1] / "src" / "viva_bank" / "questions"
MOST = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question, the file that is measured, and a call of `module` for a naive timing of it."""

    question: str
    attempt: str
    prepare: str
    call: str


CASES = (
    Case(
        question="scaled-dot-product-attention",
        attempt="attempts/right_einsum.py",
        prepare="q, k, v = rng.normal(size=(3, 1024, 32))",
        call="module['attention'](q, k, v)",
    ),
    Case(
        question="top-p-sampling",
        attempt="attempts/right_slow_one_by_one.py",
        prepare="x = rng.normal(size=80_000)",
        call="module['top_p_sample'](x, 0.9, 0.8, rng, 16)",
    ),
)


def naive(case: Case, code: str) -> float:
    """One call on the clock, in milliseconds."""
    import numpy as np  # noqa: PLC0415 - only this part of the benchmark needs it

    scope: dict[str, Any] = {"rng": np.random.default_rng(0), "module": {}}
    exec(code, scope["module"])
    exec(case.prepare, scope)
    call = compile(case.call, "call", "eval")
    began = time.perf_counter()
    eval(call, scope)
    return 1000 * (time.perf_counter() - began)


async def measured(case: Case, times: int) -> dict[str, object]:
    """Ratios of all measurements, and ratios of naive timings."""
    folder = QUESTIONS / case.question
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    code, reference = files[case.attempt].decode(), files["numpy/solution.py"].decode()
    job = Job(
        question=case.question,
        files=judged_files(files),
        code=code,
        framework="numpy",
        which="all",
        seed="5eed" * 8,
        budget=Budget(),
    )
    ratios, guesses = [], []
    async with Sandbox(folder=load().environments, spares=0) as sandbox:
        for _ in range(times):
            costs = await sandbox.measure(job, reference)
            found = compared(costs) if isinstance(costs, Costs) else None
            if found is None:
                raise SystemExit(f"{case.question}: {costs}")
            ratios.append(found.ratio.value)
            guesses.append(naive(case, code) / naive(case, reference))
    return {
        "question": case.question,
        "attempt": case.attempt,
        "ratios": [round(one, 3) for one in ratios],
        "spread": round(max(ratios) / min(ratios), 3),
        "naive": [round(one, 3) for one in guesses],
        "naive_spread": round(max(guesses) / min(guesses), 3),
    }


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description="How far repeated measurements of the same attempt lie apart.")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args()
    rows = [asyncio.run(measured(case, asked.times)) for case in CASES]
    if asked.json:
        print(json.dumps({"schema": 1, "times": asked.times, "cases": rows}))
    else:
        for row in rows:
            print(f"{row['question']}, {row['attempt']}: {asked.times} times")
            print(f"  CPU ratio, interleaved: spread {row['spread']}  {row['ratios']}")
            print(f"  one naive timing each:  spread {row['naive_spread']}  {row['naive']}")
    return int(any(float(str(row["spread"])) > MOST for row in rows))


if __name__ == "__main__":
    sys.exit(main())
