"""The coding questions that ship, as jobs for a real sandbox."""

import functools
from collections.abc import Mapping
from pathlib import Path

from viva.bank import FolderBank, judged_files
from viva.core.values import Question
from viva.sandbox.job import Budget, Job

FOLDER = Path(__file__).resolve().parents[2] / "src" / "viva_bank"
CODING = tuple(sorted(path.parent.name for path in (FOLDER / "questions").glob("*/checks.py")))
SEED = "c0ffee" * 5 + "c0"
_WIDE = Budget(cpu_seconds=60, memory_mib=768, wall_seconds=120)


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
    """Worked attempts by file name."""
    head = f"attempts/{sort}_"
    return {path: content.decode() for path, content in files_of(id).items() if path.startswith(head)}


def job_for(id: str, code: str, *, given: str = "", wide: bool = False) -> Job:
    """A run of all checks; `given` is added to given.py; `wide` gives a search the time and memory that it needs."""
    files = dict(judged_files(files_of(id)))
    if given:
        files["given.py"] = files.get("given.py", b"") + b"\n" + given.encode()
    return Job(
        question=id,
        files=files,
        code=code,
        framework="numpy",
        which="all",
        seed=SEED,
        budget=_WIDE if wide else question_of(id).budget,
    )
