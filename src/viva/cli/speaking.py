"""How commands speak: results on standard output, errors on standard error as one sentence and its mend, and what the
exit code means. Law: nothing that a stranger wrote reaches a terminal with its control characters."""

import json
import sys
from collections.abc import Mapping
from enum import IntEnum

import click

from viva.core.errors import AuthorError, BrokenRecord, CandidateError, VivaError
from viva.settings import WrongSetting


class Exit(IntEnum):
    """What a command's exit code says; a command returns one of these (or None for `DONE`)."""

    DONE = 0
    NOT_SO = 1
    WRONG_USE = 2
    MACHINE = 3


def exit_of(error: VivaError) -> Exit:
    """The exit code of an error, by who must act: the caller, the author of what was asked about, the machine's owner."""
    if isinstance(error, CandidateError | WrongSetting):
        return Exit.WRONG_USE
    if isinstance(error, AuthorError | BrokenRecord):
        return Exit.NOT_SO
    return Exit.MACHINE


def complain(says: str, mend: str = "") -> None:
    """Write one sentence, and what to do about it, to standard error."""
    click.echo(f"viva: {plain(says)}", err=True)
    if mend:
        click.echo(f"      {plain(mend)}", err=True)


def plain(text: str) -> str:
    """`text` with every control character but line feed and tab written out, so that it cannot drive a terminal."""
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode("ascii") for c in text)


def emit_json(result: Mapping[str, object]) -> None:
    """Print one result as one line of JSON, with `"schema": 1` first; ASCII, so that any text survives any terminal."""
    sys.stdout.write(json.dumps({"schema": 1, **result}, ensure_ascii=True, allow_nan=False) + "\n")
    sys.stdout.flush()
