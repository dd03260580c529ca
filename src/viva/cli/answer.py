"""`viva answer`: a text at a question that is answered in words, without a database."""

import sys
from pathlib import Path

import click

from viva import settings as all_settings
from viva.answers import AnswerReader
from viva.cli.answering import TEXT_BYTES, Graded, grade_json, graded, sentences, text_of
from viva.cli.options import bank_option, json_option
from viva.cli.speaking import Exit, emit_json, plain
from viva.core.errors import CandidateError
from viva.core.values import Question, Unscored
from viva.wiring import open_bank


@click.command()
@click.argument("question")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@bank_option
@json_option
def command(question: str, file: Path, bank: tuple[Path, ...], *, as_json: bool) -> Exit:
    """Grade a text against a question's rubric, with the quote behind every point; - is standard input.

    \b
    Examples:
      viva answer explain-attention answer.md
      viva answer explain-attention - --json
    """
    asked = open_bank(all_settings.load({"bank": bank})).question(question)
    if asked.takes_code:
        raise CandidateError(f"{question!r} is answered in code.", mend="`viva judge` takes code.")
    found = graded(asked, text_of(str(file), _bytes_of(file)), AnswerReader())
    if as_json:
        emit_json(grade_json(asked, found))
    else:
        click.echo(plain(_in_words(str(file), asked, found)))
    return Exit.DONE


def _in_words(name: str, question: Question, found: Graded) -> str:
    why, step = sentences(question, found)
    head = f"unscored. {found.grade.why}" if isinstance(found.grade, Unscored) else f"{found.value:.2f}"
    return "\n".join([f"{name}: {head}", *(f"  {sentence}" for sentence in why), *([f"  {step}"] if step else [])])


def _bytes_of(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read(TEXT_BYTES + 1)
    try:
        with path.open("rb") as file:
            return file.read(TEXT_BYTES + 1)
    except OSError as problem:
        raise CandidateError(
            f"{str(path)!r} cannot be read: {problem.strerror}.", mend="Check the path and its rights."
        ) from problem
