"""What the command line promises whatever the command: sentences, exit codes, nothing that drives a terminal."""

import json

import click
import pytest

from viva import __version__, cli
from viva.cli import COMMANDS, main
from viva.cli.speaking import Exit, emit_json, exit_of, plain
from viva.core.errors import AuthorError, BrokenRecord, CandidateError, NotFound, OperatorError, VivaError
from viva.settings import WrongSetting


def test_without_arguments_it_shows_what_one_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(f"\n  {entry.name} " in shown and entry.help in shown for entry in COMMANDS)


def test_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"viva {__version__}\n"


@pytest.mark.parametrize("arguments", [["no-such-command"], ["--no-such-option"], ["operator", "passwort"]])
def test_wrong_use_is_one_sentence_and_the_way_to_help(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    said, mend = shown.err.splitlines()
    assert said.startswith("viva: ") and said.endswith(".")
    assert "--help` shows how." in mend


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_every_command_has_help_with_an_example(entry: cli.Entry, capsys: pytest.CaptureFixture[str]) -> None:
    for path in _leaves(cli.load(entry), [entry.name]):
        assert main([*path, "--help"]) == 0
        assert f"viva {' '.join(path)}" in capsys.readouterr().out.partition("Example")[2], path


def _leaves(command: click.Command, path: list[str]) -> list[list[str]]:
    if not isinstance(command, click.Group):
        return [path]
    return [leaf for name, below in command.commands.items() for leaf in _leaves(below, [*path, name])]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CandidateError("x"), Exit.WRONG_USE),
        (NotFound("x"), Exit.WRONG_USE),
        (WrongSetting("x"), Exit.WRONG_USE),
        (AuthorError("x"), Exit.NOT_SO),
        (BrokenRecord("x"), Exit.NOT_SO),
        (OperatorError("x"), Exit.MACHINE),
        (VivaError("x"), Exit.MACHINE),
    ],
    ids=lambda thing: type(thing).__name__ if isinstance(thing, Exception) else "",
)
def test_an_error_ends_with_the_code_of_who_must_act(error: VivaError, code: Exit) -> None:
    assert exit_of(error) == code


def test_a_strangers_words_cannot_drive_a_terminal() -> None:
    assert plain("red\x1b[31m \r\x07\u202e\x9b end\n\tnext") == "red\\x1b[31m \\r\\x07\\u202e\\x9b end\n\tnext"
    assert plain("lone \ud800") == "lone \\ud800"


def test_json_says_its_schema_and_survives_any_text(capsys: pytest.CaptureFixture[str]) -> None:
    emit_json({"text": "\ud800 \u2028 é"})
    line = capsys.readouterr().out
    assert line.isascii() and line.count("\n") == 1
    assert json.loads(line) == {"schema": 1, "text": "\ud800 \u2028 é"}


def test_json_never_holds_what_is_no_json() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        emit_json({"value": float("nan")})
