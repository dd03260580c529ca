"""`viva operator`: who may see and open everything on this viva."""

import sys
from pathlib import Path

import click

from viva import settings
from viva.cli.options import data_option
from viva.cli.passwords import keep


@click.group()
def command() -> None:
    """Set the operator's password."""


@command.command()
@data_option
def password(data: Path | None) -> None:
    """Set the operator's password; asks for it twice, or reads one line where nobody types.

    \b
    Examples:
      viva operator password
      viva operator password --data /srv/viva < /run/secrets/viva
    """
    where = settings.load({"data": data}).data
    typed = (
        click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True) if sys.stdin.isatty() else _line()
    )
    path = keep(typed, where)
    click.echo(f"The password is set; its argon2 hash is in {path}. A viva that runs takes it at its next start.")


def _line() -> str:
    return sys.stdin.readline().rstrip("\r\n")
