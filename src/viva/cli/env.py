"""`viva env`: the environments in which candidate code runs."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from viva import settings
from viva.cli.options import json_option
from viva.cli.speaking import emit_json, plain
from viva.sandbox import environments

folder_option = click.option(
    "--environments",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where environments are kept (else VIVA_ENVIRONMENTS, else beside the Python that runs viva).",
)

name_argument = click.argument("name", type=click.Choice(environments.known()), metavar="NAME")


def _folder(folder: Path | None) -> Path:
    return settings.load({"environments": folder}).environments


@click.group()
def command() -> None:
    """List, install and remove the environments that candidate code runs in."""


@command.command("list")
@folder_option
@json_option
def list_(folder: Path | None, as_json: bool) -> None:
    """List the environments that this viva knows, and which of them are installed.

    \b
    Example:
      viva env list --json
    """
    where = _folder(folder)
    found = {one.name: one for one in environments.installed(where)}
    if as_json:
        rows = [_as_json(name, found.get(name)) for name in environments.known()]
        emit_json({"folder": str(where), "environments": rows})
        return
    click.echo(f"In {where}:")
    for name in environments.known():
        one = found.get(name)
        click.echo(f"  {name:12}  {_state(name, one)}")


def _state(name: str, one: environments.Installed | None) -> str:
    if one is None:
        return f"not installed, {environments.size_of(name)}: viva env install {name}"
    chosen = f", {name} {one.version}" if one.version else ""
    size = f"{environments.disk_bytes(one) / 1e6:.0f} MB"
    return f"installed, Python {one.python}{chosen}, {size}, lock {one.digest[:19]}"


def _as_json(name: str, one: environments.Installed | None) -> dict[str, object]:
    if one is None:
        return {"name": name, "installed": False, "lock": None, "python": None, "version": None, "bytes": None}
    told = {"lock": one.digest, "python": one.python, "version": one.version, "bytes": environments.disk_bytes(one)}
    return {"name": name, "installed": True, **told}


@command.command()
@name_argument
@click.option(
    "--index",
    "indexes",
    metavar="URL",
    multiple=True,
    help="Where packages come from, instead of pip's own settings; given again, further places.",
)
@click.option("--version", metavar="V", help="Another version of the framework than the one that viva fixes.")
@folder_option
@json_option
def install(name: str, indexes: tuple[str, ...], version: str | None, folder: Path | None, as_json: bool) -> None:
    """Make an environment and try it in the jail; at once where it is there already.

    \b
    Examples:
      viva env install numpy
      viva env install torch --index https://pypi.org/simple --index https://download.pytorch.org/whl/cpu
    """
    told = settings.load({"environments": folder})
    with _ended_by_sigterm():
        one = environments.install(
            told.environments, name, indexes=indexes, version=version, jail=not told.unsafe_local, progress=_progress
        )
    if as_json:
        emit_json({"environments": [_as_json(name, one)]})
    else:
        click.echo(f"The environment {one.name} is ready in {one.folder} (Python {one.python}).")


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """What is half made is taken away on SIGTERM as on Ctrl-C. (A shell's background job, and so what it starts, ignores
    SIGINT: a server that ends can only tell by SIGTERM.)"""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _progress(line: str) -> None:
    click.echo(plain(line), file=sys.stderr)


@command.command()
@name_argument
@folder_option
def remove(name: str, folder: Path | None) -> None:
    """Remove an environment, also a broken or outdated one.

    \b
    Example:
      viva env remove numpy
    """
    where = _folder(folder)
    environments.remove(where, name)
    click.echo(f"The environment {name} is gone from {where}.")
