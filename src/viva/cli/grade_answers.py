"""`viva grade-answers`: rows of answers, each compared with its references. Law: a row of the output is never written twice,
and a row that cannot be read is named and left out, so that the same call grades it once it is mended.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click

from viva.answers import AnswerReader, Models
from viva.cli.judging import open_out
from viva.cli.speaking import Exit, complain
from viva.cli.trying import progress
from viva.core.errors import CandidateError
from viva.core.values import Digest, Score, Unscored, canonical_json, digest_of
from viva.grading import grade_reference

NAMED = 20
"""Rows that cannot be read of which each is named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One answer to be graded; `row` is a digest over everything that its grade depends on but the model."""

    id: str | int
    question: str
    references: tuple[str, ...]
    answer: str

    @property
    def row(self) -> Digest:
        """The name of this row's content."""
        return digest_of(self.question, *self.references, self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bad:
    """A line that is no row, and the mend."""

    line: int
    says: str
    mend: str


@click.command()
@click.argument("answers", type=click.Path(path_type=Path, dir_okay=False, exists=True), metavar="IN.jsonl")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False), metavar="OUT.jsonl")
def command(answers: Path, out: Path) -> Exit:
    """Compare each answer of IN.jsonl with its references, one row of OUT.jsonl each.

    A line holds id, question, reference (or references, a list of texts) and answer. What OUT.jsonl holds is not graded
    again. A line that cannot be read is named and left out; mend it and give the same command.

    \b
    Example:
      viva grade-answers answers.jsonl grades.jsonl
    """
    rows, bad = _sorted(_read(answers.read_bytes()))
    models = Models()
    threshold = models.card.reference_threshold
    model = f"{models.card.name} {models.card.sha256[:12]}"
    open_out(out)
    known = _known(out, model)
    todo = [row for row in rows if (canonical_json(row.id), row.row) not in known]
    reader = AnswerReader(models)
    with progress(len(todo)) as bar, out.open("a", encoding="ascii") as file:
        for row in todo:
            file.write(
                json.dumps({"schema": 1, **_graded(row, reader, threshold), "model": model}, ensure_ascii=True) + "\n"
            )
            file.flush()
            bar.done(str(row.id)[:40])
    for one in bad[:NAMED]:
        complain(f"{answers}, line {one.line}: {one.says}.", one.mend)
    if len(bad) > NAMED:
        complain(f"{answers}: {len(bad) - NAMED} more lines cannot be read.", "Mend these first.")
    left = f"; {_counted(len(bad), 'line')} cannot be read" if bad else ""
    click.echo(f"{_counted(len(todo), 'answer')} graded now, {len(rows) - len(todo)} before{left}.", err=True)
    return Exit.NOT_SO if bad else Exit.DONE


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _graded(row: Row, reader: AnswerReader, threshold: float) -> dict[str, object]:
    """A row's grade; `leans` says which way the probability points, also where it is too near the middle for a grade."""
    likeness = reader.compare(row.question, row.references, row.answer)
    grade = grade_reference(row.row, likeness)
    return {
        "id": row.id,
        "row": row.row,
        "value": grade.value if isinstance(grade, Score) else None,
        "unscored": grade.why if isinstance(grade, Unscored) else None,
        "verdict": likeness.verdict,
        "leans": "correct" if likeness.probability >= threshold else "incorrect",
        "probability": likeness.probability,
        "quote": None if likeness.quote is None else list(likeness.quote),
        "because": list(grade.because) if isinstance(grade, Score) else [],
        "grader": grade.grader,
    }


def _read(raw: bytes) -> Iterator[tuple[int, Row | Bad]]:
    seen: dict[str, int] = {}
    for line, text in enumerate(raw.split(b"\n"), start=1):
        if not text.strip():
            continue
        found = _row(line, text)
        if isinstance(found, Row):
            first = seen.setdefault(canonical_json(found.id), line)
            if first != line:
                found = Bad(
                    line=line, says=f"its id {found.id!r:.60} stands in line {first} too", mend="Give it another."
                )
        yield line, found


def _sorted(found: Iterator[tuple[int, Row | Bad]]) -> tuple[list[Row], list[Bad]]:
    every = [one for _, one in found]
    return [one for one in every if isinstance(one, Row)], [one for one in every if isinstance(one, Bad)]


def _row(line: int, text: bytes) -> Row | Bad:
    """A line as a row; keys that are not known are other columns of whoever made the file, and are let be."""
    try:
        content = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Bad(line=line, says="is no JSON", mend="Write one object a line, in UTF-8.")
    if not isinstance(content, Mapping):
        return Bad(line=line, says="is no object", mend='Write {"id": …, "question": …, "reference": …, "answer": …}.')
    id = content.get("id")
    if not isinstance(id, str | int) or isinstance(id, bool):
        return Bad(line=line, says="has no `id`", mend="Give each line a text or a whole number as `id`.")
    for key in ("question", "answer"):
        if not isinstance(content.get(key), str):
            return Bad(line=line, says=f"has no text `{key}`", mend=f'Write "{key}": "…".')
    references = content.get("references", [content.get("reference")])
    if (
        not isinstance(references, list)
        or not references
        or not all(isinstance(r, str) and r.strip() for r in references)
    ):
        mend = 'Write "reference": "…", or "references": ["…", "…"].'
        return Bad(line=line, says="has no text to compare with", mend=mend)
    return Row(id=id, question=content["question"], references=tuple(references), answer=content["answer"])


def _known(out: Path, model: str) -> set[tuple[str, str]]:
    """Ids and contents of the rows that the output holds.

    Raises:
        CandidateError: another model graded some.
    """
    known: set[tuple[str, str]] = set()
    for line in out.read_bytes().split(b"\n"):
        try:
            row = json.loads(line)
            id, content, by = canonical_json(row["id"]), str(row["row"]), str(row["model"])
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if by != model:
            raise CandidateError(
                f"{str(out)!r} holds grades by the model {by[:60]!r}, and this is {model!r}.", mend="Name another file."
            )
        known.add((id, content))
    return known
