"""The coding questions that ship, as jobs for a real sandbox."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from viva.bank import FolderBank, judged_files
from viva.core.values import Framework, Question
from viva.sandbox.job import Budget, Job

FOLDER = Path(__file__).resolve().parents[2] / "src" / "viva_bank"
PARTS_OF_THE_WIRE = ("adam", "beam-search", "scaled-dot-product-attention", "top-p-sampling")
"""One question for each part of the wire: callbacks, handles, arrays, seeds. `scripts/test` proves these."""

OTHERS = tuple(
    sorted({path.parents[1].name for path in (FOLDER / "questions").glob("*/numpy/solution.py")} - {*PARTS_OF_THE_WIRE})
)
"""All other coding questions that are offered in NumPy: only `.ci/run` proves them."""
SEED = "c0ffee" * 5 + "c0"
_WIDE = Budget(cpu_seconds=60, memory_mib=768, wall_seconds=120)


def coding(*quick: str) -> list[Any]:
    """Every coding question as a parameter; all but `quick` are for `.ci/run`."""
    every = (*PARTS_OF_THE_WIRE, *OTHERS)
    return [pytest.param(id, id=id, marks=[] if id in quick else [pytest.mark.ci]) for id in every]


@functools.cache
def shipped() -> FolderBank:
    """The bank that ships."""
    return FolderBank(FOLDER)


def question_of(id: str) -> Question:
    """One question of it."""
    return shipped().question(id)


def files_of(id: str) -> Mapping[str, bytes]:
    """All files of its folder."""
    return shipped().files(id)


def attempts_of(id: str, sort: str) -> dict[str, str]:
    """Worked attempts in NumPy, by file name."""
    head = f"attempts/{sort}_"
    found = {path: content.decode() for path, content in files_of(id).items() if path.startswith(head)}
    return {path: code for path, code in found.items() if code.startswith("# framework: numpy")}


def job_for(id: str, code: str, *, given: str = "", wide: bool = False, framework: Framework = "numpy") -> Job:
    """A run of all checks; `given` is added to given.py; `wide` gives a search the time and memory that it needs."""
    files = dict(judged_files(files_of(id)))
    if given:
        files["given.py"] = files.get("given.py", b"") + b"\n" + given.encode()
    return Job(
        question=id,
        files=files,
        code=code,
        framework=framework,
        which="all",
        seed=SEED,
        budget=_WIDE if wide else question_of(id).budget,
    )
