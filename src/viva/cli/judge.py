"""`viva judge`: hidden checks on files, without a database."""

import asyncio
import hashlib
import hmac
import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from viva import settings as all_settings
from viva.cli.judging import (
    FILE_BYTES,
    Candidate,
    Judges,
    already_judged,
    attempt_of,
    judged,
    open_out,
    python_files,
    read_candidate,
)
from viva.cli.options import bank_option, data_option, json_option
from viva.cli.speaking import Exit, emit_json, plain
from viva.core.errors import CandidateError
from viva.core.values import Question
from viva.craft import CodeReader
from viva.settings import Settings
from viva.wiring import open_bank, sandbox_of, secret_of


@click.command()
@click.argument("question")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--framework",
    metavar="F",
    help="Framework of the files; else their `# framework:` line, else the question's first.",
)
@json_option
@click.option(
    "--fail-under", type=click.FloatRange(0, 1), metavar="X", help="Exit with 1 where a correctness is below X (0..1)."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OUT.jsonl",
    help="Append verdicts here; what it holds is not judged again.",
)
@click.option("--efficiency", is_flag=True, help="Measure CPU time beside the reference too: some seconds a file.")
@click.option("--seed", type=int, metavar="N", help="For authors: fixed hidden inputs.")
@data_option
@bank_option
def command(question: str, files: tuple[Path, ...], **options: object) -> int:
    """Judge files, or a folder of them, against a question's hidden checks; - is standard input.

    \b
    Examples:
      viva judge scaled-dot-product-attention attention.py
      viva judge adam attempts/ --json --out verdicts.jsonl
    """
    settings = all_settings.load({"data": options["data"], "bank": options["bank"]})
    bank = open_bank(settings)
    asked = bank.question(question)
    if not asked.frameworks:
        raise CandidateError(
            f"{question!r} is answered in words.", mend="`viva judge` takes code; choose a coding question."
        )
    framework = options["framework"]
    candidates = [
        read_candidate(str(path), _bytes_of(path), asked, framework if isinstance(framework, str) else None)
        for path in python_files(files)
    ]
    hidden_seed = _hidden_seed(settings, options["seed"])
    job = _Job(asked, bank.files(question), candidates, hidden_seed, options)
    return asyncio.run(job.run(settings))


class _Job:
    """One call of the command."""

    def __init__(
        self,
        question: Question,
        files: Mapping[str, bytes],
        candidates: list[Candidate],
        hidden_seed: str,
        options: dict[str, object],
    ) -> None:
        self._question = question
        self._files = files
        self._hidden_seed = hidden_seed
        self._candidates = candidates
        self._efficiency = bool(options["efficiency"])
        self._as_json = bool(options["as_json"])
        self._out = options["out"] if isinstance(options["out"], Path) else None
        self._least = options["fail_under"] if isinstance(options["fail_under"], float) else None

    async def run(self, settings: Settings) -> Exit:
        """Judge, print, and say how it went."""
        known = self._known()
        named = [(self._name(entry), entry) for entry in self._candidates]
        todo = [entry for name, entry in named if name not in known]
        code = max((self._exit(known[name]) for name, _ in named if name in known), default=Exit.DONE)
        if not todo:
            return code
        async with sandbox_of(settings, spares=0) as sandbox, CodeReader() as reader:
            await reader.start()
            judges = Judges(sandbox=sandbox, reader=reader, efficiency=self._efficiency)
            done = 0
            async for row in judged(self._question, self._files, todo, self._hidden_seed, judges):
                done += 1
                self._tell(row, done, len(todo))
                code = max(code, self._exit(row["correctness"]))
        return code

    def _known(self) -> dict[tuple[str, str], float]:
        if self._out is None:
            return {}
        open_out(self._out)
        return already_judged(self._out)

    def _name(self, candidate: Candidate) -> tuple[str, str]:
        return self._question.digest, attempt_of(self._question, candidate).digest

    def _tell(self, row: dict[str, object], done: int, total: int) -> None:
        if self._out is not None:
            with self._out.open("a", encoding="ascii") as out:
                out.write(json.dumps({"schema": 1, **row}, ensure_ascii=True) + "\n")
        if self._as_json:
            emit_json(row)
        else:
            click.echo(_in_words(row))
        if total > 1 and sys.stderr.isatty():
            click.echo(f"\rjudged {done} of {total}" + ("\n" if done == total else ""), err=True, nl=False)

    def _exit(self, value: object) -> Exit:
        if not isinstance(value, float):
            return Exit.MACHINE
        return Exit.NOT_SO if self._least is not None and value < self._least else Exit.DONE


def _in_words(row: dict[str, object]) -> str:
    checks = row["checks"]
    assert isinstance(checks, list)
    failing = [check for check in checks if not check["passed"]]
    value = row["correctness"]
    head = f"{row['file']}: {value:.2f}" if isinstance(value, float) else f"{row['file']}: unscored. {row['unscored']}"
    lines = [head + (f", {len(checks) - len(failing)} of {len(checks)} checks pass" if checks else "")]
    if row["says"]:
        lines.append(f"  {row['says']}")
    for check in failing:
        place = f" (line {check['line']})" if check["line"] else ""
        lines.append(f"  ✗ {check['title']}: {check['says']}{place}")
    faults = row["faults"]
    assert isinstance(faults, list)
    lines += [f"  It looks as if {fault['says']}." for fault in faults]
    measured = row["efficiency"]
    if isinstance(measured, dict):
        told = [measured["unscored"], *measured["because"]]
        lines += [f"  efficiency: {says}" for says in told if says is not None]
    notes = row["notes"]
    assert isinstance(notes, list)
    lines += [f"  {note}" for note in notes]
    craft = row["craft"]
    assert isinstance(craft, list)
    lines += [f"  line {one['line']}, {one['rule']} ({one['severity']}): {one['says']}" for one in craft]
    return plain("\n".join(lines))


def _bytes_of(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(FILE_BYTES + 1)
    try:
        with path.open("rb") as file:
            return file.read(FILE_BYTES + 1)
    except OSError as problem:
        raise CandidateError(
            f"{str(path)!r} cannot be read: {problem.strerror}.", mend="Check the path and its rights."
        ) from problem


def _hidden_seed(settings: Settings, seed: object) -> str:
    """The seed that hidden inputs derive from: an author's own, else the data folder's secret."""
    if isinstance(seed, int):
        return hashlib.sha256(f"judge seed {seed}".encode()).hexdigest()[:32]
    return hmac.new(secret_of(settings.data), b"viva judge", hashlib.sha256).hexdigest()[:32]
