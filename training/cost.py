"""What one answer costs, in a process that has loaded nothing but viva: `python -m training.cost FOLDER ID`."""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from viva.answers import AnswerReader, Models
from viva.bank import FolderBank

WORDS = 150
POINTS = 8


def cost_of(reader: AnswerReader, bank: FolderBank, ids: Sequence[str]) -> dict[str, float]:
    """Milliseconds of CPU for a text of about `WORDS` words against a rubric, as the median over questions after a first
    round that loads the models and reads the rubrics; the same for `POINTS` points; the most memory so far in MiB."""
    spent = []
    for known in (False, True):
        for id in ids:
            whole = bank.whole(id)
            words = " ".join(answer.text for answer in whole.answers if answer.sort in ("strong", "partial")).split(" ")
            text = " ".join(words[:WORDS] if not known else words[10 : WORDS + 10])
            begun = time.process_time()
            reader.match(whole.question, text)
            if known:
                spent.append((time.process_time() - begun) * 1000 / len(whole.question.rubric.points))
    return {
        "cpu_ms_per_point": statistics.median(spent),
        "cpu_ms": statistics.median(spent) * POINTS,
        "memory_mib": _most_memory(),
    }


def _most_memory() -> float:
    """The most MiB that this process has held. (`ru_maxrss` would count what its parent held before it was replaced.)"""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    _reader = AnswerReader(Models(Path(sys.argv[1])))
    _bank = FolderBank(Path(sys.argv[2]))
    print(json.dumps(cost_of(_reader, _bank, sys.argv[3:])))  # noqa: T201 - the figures are this program's answer
