"""The command line: a table of commands, and the one place where errors become sentences and exit codes.

Law: showing help loads no command. A command's module is loaded by name from `COMMANDS` when it is called; this is the
only dynamic import of the house. Each module offers `command`, whose return value is its exit code (None is 0).
"""

import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass

import click
from click.exceptions import NoArgsIsHelpError

from viva import __version__
from viva.cli.speaking import Exit, complain, exit_of
from viva.core.errors import VivaError


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One command: its name, the module that holds it, and its line in the help."""

    name: str
    module: str
    help: str


COMMANDS: tuple[Entry, ...] = (
    Entry(name="serve", module="viva.cli.serve", help="Serve the web application and print its address."),
    Entry(name="judge", module="viva.cli.judge", help="Judge files with code against a question's hidden checks."),
    Entry(name="answer", module="viva.cli.answer", help="Grade a text against a question's rubric, with quotes."),
    Entry(name="grade-answers", module="viva.cli.grade_answers", help="Compare thousands of answers with references."),
    Entry(name="bank", module="viva.cli.bank", help="For authors: list, show and check questions."),
    Entry(name="log", module="viva.cli.log", help="Show interviews and verify their records."),
    Entry(name="env", module="viva.cli.env", help="List, install and remove the sandbox's environments."),
    Entry(name="doctor", module="viva.cli.doctor", help="Say what this machine gives and lacks, and the mend."),
    Entry(name="operator", module="viva.cli.operator", help="Set the operator's password."),
)

WELCOME = """\
viva interviews people about machine learning, runs their code in a jail, and grades with evidence.

\b
First steps:
  viva env install numpy                           once: what code runs in
  viva serve                                       interviews in the browser
  viva judge scaled-dot-product-attention FILE     a verdict on a file
  viva doctor                                      what this machine gives and lacks
"""


def load(entry: Entry) -> click.Command:
    """The command of a line of the table; loads its module."""
    command = importlib.import_module(entry.module).command
    assert isinstance(command, click.Command), entry.module
    return command


class _Table(click.Group):
    """A group that knows its commands by name and loads only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = next((entry for entry in COMMANDS if entry.name == cmd_name), None)
        return load(entry) if entry is not None else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.help) for entry in COMMANDS])


@click.group(
    cls=_Table, help=WELCOME, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="viva", message="%(prog)s %(version)s")
@click.pass_context
def _viva(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code; whatever goes wrong becomes a sentence and the mend on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _viva.main(args=None if argv is None else list(argv), prog_name="viva", standalone_mode=False)
        sys.stdout.flush()
        return Exit.DONE if code is None else int(code)
    except VivaError as error:
        complain(error.says, error.mend)
        return exit_of(error)
    except NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return Exit.WRONG_USE
    except click.ClickException as error:
        return _wrong_use(error)
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # so that the flush at exit finds somewhere to go
        return 141
    except Exception as error:  # noqa: BLE001 - our own fault, whatever it is, is said as one and never passes for a verdict
        traceback.print_exc()
        complain(f"This is a fault of viva itself ({type(error).__name__}).", "Report it with the lines above.")
        return Exit.MACHINE


def _wrong_use(error: click.ClickException) -> int:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context is not None else "viva"
    complain(error.format_message().rstrip(".") + ".", f"`{path} --help` shows how.")
    return Exit.WRONG_USE
