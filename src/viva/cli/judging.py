"""Judging files without an interview: which files, which seed, and a verdict as CONTRACTS 3 fixes it."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from viva.bank import judged_files
from viva.cli.efficiency import efficiency_json
from viva.core.errors import CandidateError
from viva.core.evidence import CheckRun, Ended, Findings, NotObserved
from viva.core.faults import likely_faults
from viva.core.requests import RunChecks
from viva.core.values import FRAMEWORKS, Attempt, Framework, Question, Score, seed_of
from viva.craft import CodeReader
from viva.grading import CorrectnessGrader
from viva.ports import Material
from viva.sandbox.client import Sandbox
from viva.sandbox.job import Job

FILE_BYTES = 1 << 20
"""Largest file that can be an attempt."""

_FRAMEWORK_LINE = re.compile(r"#\s*framework:\s*([a-z]+)\s*$", re.MULTILINE)
_HEAD_CHARACTERS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A file to be judged: its name for people, its content, its framework."""

    name: str
    content: str
    framework: Framework


def read_candidate(name: str, raw: bytes, question: Question, framework: str | None) -> Candidate:
    """A file's content as an attempt.

    Raises:
        CandidateError: it is too large, no text, or for a framework that the question is not offered in.
    """
    if len(raw) > FILE_BYTES:
        raise CandidateError(
            f"{name!r} holds {len(raw):,} bytes; an attempt has at most {FILE_BYTES:,}.",
            mend="Hand in source code only.",
        )
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CandidateError(
            f"{name!r} is no UTF-8 text (byte {problem.start}).", mend="Save it as UTF-8 source code."
        ) from problem
    said = _FRAMEWORK_LINE.search(content[:_HEAD_CHARACTERS])
    chosen = framework or (said.group(1) if said else None) or question.frameworks[0]
    offered = [known for known in FRAMEWORKS if known in question.frameworks]
    for known in offered:
        if known == chosen:
            return Candidate(name=name, content=content, framework=known)
    raise CandidateError(
        f"{question.id!r} is not offered in {chosen!r}.", mend="Choose one of: " + ", ".join(offered) + "."
    )


def python_files(paths: Iterable[Path]) -> list[Path]:
    """The files that were named, and the `.py` files of folders that were, in order.

    Raises:
        CandidateError: a path is not there, or a folder has no Python file.
    """
    found: list[Path] = []
    for path in paths:
        if str(path) == "-":
            found.append(path)
        elif path.is_dir():
            inside = sorted(path.rglob("*.py"))
            if not inside:
                raise CandidateError(f"The folder {str(path)!r} has no .py file.", mend="Name the files themselves.")
            found += inside
        elif path.exists():
            found.append(path)
        else:
            raise CandidateError(f"There is no file {str(path)!r}.", mend="Check the path; - is standard input.")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Judges:
    """Those who look at a file: one runs it, one reads it; `efficiency` where it is to be measured too."""

    sandbox: Sandbox
    reader: CodeReader
    efficiency: bool = False


async def judged(
    question: Question, files: Mapping[str, bytes], candidates: Iterable[Candidate], hidden_seed: str, judges: Judges
) -> AsyncIterator[dict[str, object]]:
    """A verdict for each candidate, in order; as many run at once as the machine has cores."""
    gate = asyncio.Semaphore(os.cpu_count() or 1)

    async def one(candidate: Candidate) -> dict[str, object]:
        async with gate:
            return await verdict(question, files, candidate, hidden_seed, judges)

    tasks = [asyncio.create_task(one(candidate)) for candidate in candidates]
    try:
        for task in tasks:
            yield await task
    finally:
        for task in tasks:
            task.cancel()


async def verdict(
    question: Question, files: Mapping[str, bytes], candidate: Candidate, hidden_seed: str, judges: Judges
) -> dict[str, object]:
    """One file's verdict (CONTRACTS 3, without "schema")."""
    attempt = attempt_of(question, candidate)
    seed = seed_of(hidden_seed, question.digest, attempt.digest, "all")
    job = Job(
        question=question.id,
        files=judged_files(files),
        code=candidate.content,
        framework=candidate.framework,
        which="all",
        seed=seed,
        budget=question.budget,
        forbid=question.forbid,
    )
    evidence = await _run(judges.sandbox, job)
    found = await judges.reader.read(
        candidate.content,
        framework=candidate.framework,
        from_scratch=question.from_scratch,
        forbid=question.forbid,
    )
    request = RunChecks(question=question.digest, of=attempt.digest, which="all", seed=seed)
    grade = CorrectnessGrader().grade(question, attempt, seed, {request: evidence})
    shown = _evidence_json(evidence, found, question)
    if judges.efficiency:
        material = Material(question=question, files=files, framework=candidate.framework, content=candidate.content)
        shown["efficiency"] = await efficiency_json(attempt, material, {request: evidence}, judges.sandbox, found)
    return {
        "question": question.id,
        "question_digest": question.digest,
        "file": candidate.name,
        "framework": candidate.framework,
        "attempt": attempt.digest,
        "ended": shown.pop("ended"),
        "correctness": grade.value if isinstance(grade, Score) else None,
        "unscored": None if isinstance(grade, Score) else grade.why,
        **shown,
    }


async def _run(sandbox: Sandbox, job: Job) -> CheckRun | NotObserved:
    """The run of a job; a fault of the machine is tried once more."""
    evidence = await sandbox.run(job)
    return await sandbox.run(job) if isinstance(evidence, NotObserved) else evidence


def attempt_of(question: Question, candidate: Candidate) -> Attempt:
    """The attempt that a file is."""
    return Attempt(
        question=question.id,
        question_digest=question.digest,
        framework=candidate.framework,
        content=candidate.content,
        ordinal=1,
    )


def _evidence_json(
    evidence: CheckRun | NotObserved, found: Findings | NotObserved, question: Question
) -> dict[str, object]:
    run = evidence if isinstance(evidence, CheckRun) else None
    checks = run.checks if run else ()
    failing = frozenset(check.name for check in checks if not check.passed)
    faults = likely_faults(failing, question.faults) if run and run.ended is Ended.FINISHED else ()
    return {
        "ended": run.ended if run else Ended.MACHINE_FAILED,
        "says": run.says if run else "",
        "line": run.line if run else None,
        "checks": [
            {
                "name": check.name,
                "title": check.title,
                "passed": check.passed,
                "weight": check.weight,
                "visible": check.visible,
                "says": check.says,
                "line": check.line,
                "ran": check.ran,
            }
            for check in checks
        ],
        "faults": [{"id": fault.id, "says": fault.says, "checks": sorted(fault.checks)} for fault in faults],
        "prints": run.prints if run else "",
        "efficiency": None,
        "craft": [asdict(one) for one in found.findings] if isinstance(found, Findings) else [],
        "cpu_seconds": run.cpu_seconds if run else None,
        "memory_mib": run.memory_mib if run else None,
        "notes": [
            *([] if run is None or run.jail else ["Judged without a jail."]),
            *([f"Craft was not judged: {found.why}"] if isinstance(found, NotObserved) else []),
        ],
    }


def already_judged(out: Path) -> dict[tuple[str, str], float]:
    """What an `--out` file holds: `(question digest, attempt)` and its correctness. What the machine failed at is judged
    again, and a last line that was cut off counts as not there."""
    known: dict[tuple[str, str], float] = {}
    for line in out.read_bytes().split(b"\n"):
        try:
            row = json.loads(line)
            known[row["question_digest"], row["attempt"]] = float(row["correctness"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
    return known


def open_out(out: Path) -> None:
    """Make an `--out` file ready to be appended to: a row of ours that was cut off is dropped, any other last line ended.

    Raises:
        CandidateError: it cannot be written.
    """
    try:
        with out.open("a+b") as file:
            file.seek(0)
            *_, last = file.read().split(b"\n")
            if not last:
                return
            if _is_row(last) or not last.startswith(_ROW[: len(last)]):
                file.write(b"\n")
            else:
                file.truncate(file.tell() - len(last))
    except OSError as problem:
        raise CandidateError(
            f"{str(out)!r} cannot be written: {problem.strerror}.", mend="Name a file in a folder that is there."
        ) from problem


_ROW = b'{"schema": 1'


def _is_row(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
