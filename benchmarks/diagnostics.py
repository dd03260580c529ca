"""How long an answer takes while one types: from the text handed to the readers of code until its findings are decoded, for
the longest solution of the bank, alone and with several people typing at once, ruff included, beside a child that is started for
the one text.

`python benchmarks/diagnostics.py [--json]`. Milliseconds on the clock. Exit code 1 where one who types alone waits `MOST_MS`
or more in the median: the editor pauses 150 ms before it asks.
"""

import asyncio
import json
import statistics
import sys
import time
from pathlib import Path

from viva.core.evidence import NotObserved
from viva.craft import Readers

MOST_MS = 150.0
ROUNDS = 40
COLD_ROUNDS = 8
TYPISTS = (1, 4)
_BANK = Path(__file__).resolve().parents[1] / "src/viva_bank/questions"


async def _asked(readers: Readers, source: str) -> float:
    began = time.perf_counter()
    async with readers.one() as reader:
        marks = await reader.marks(source, framework="numpy")
    if isinstance(marks, NotObserved):
        raise SystemExit(marks.why)
    return (time.perf_counter() - began) * 1000


async def _cold(source: str) -> float:
    async with Readers() as readers:
        return await _asked(readers, source)


async def _measured(source: str) -> dict[str, dict[str, float]]:
    figures = {}
    cold = statistics.median([await _cold(source) for _ in range(COLD_ROUNDS)])
    async with Readers() as readers:
        await readers.start()
        await asyncio.gather(*(_asked(readers, source) for _ in range(4)))  # so that the second child is warm too
        for people in TYPISTS:
            taken = []
            for _ in range(ROUNDS):
                taken += await asyncio.gather(*(_asked(readers, source) for _ in range(people)))
            ordered = sorted(taken)
            slow = ordered[int(len(ordered) * 0.95)]
            warm = statistics.median(taken)
            figures[f"{people} typing"] = {"median_ms": warm, "p95_ms": slow, "cold_ratio": cold / warm}
    return figures


def main() -> int:
    """Measure and print; 1 where it takes too long."""
    source = max((path.read_text("utf-8") for path in _BANK.glob("*/*/solution.py")), key=len)
    figures = asyncio.run(_measured(source))
    if "--json" in sys.argv:
        print(json.dumps({"schema": 1, "characters": len(source), **figures}))
    else:
        for who, row in figures.items():
            told = f"median {row['median_ms']:.1f} ms, 95th percentile {row['p95_ms']:.1f} ms"
            print(f"{who}: {told}, {row['cold_ratio']:.1f} times faster than a cold child ({len(source)} characters)")
    return int(figures["1 typing"]["median_ms"] >= MOST_MS)


if __name__ == "__main__":
    sys.exit(main())
