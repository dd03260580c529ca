"""`viva doctor`: what this machine gives and lacks, what viva was told, and who told it."""

import platform
import sqlite3
from dataclasses import asdict
from pathlib import Path

import click

from viva import __version__, settings
from viva.cli.options import bank_option, data_option, json_option
from viva.cli.speaking import Exit, emit_json, plain
from viva.sandbox import doctor


@click.command()
@data_option
@bank_option
@json_option
def command(data: Path | None, bank: tuple[Path, ...], as_json: bool) -> Exit:
    """Say what this machine gives and lacks, each with its mend; and each setting with where it came from.

    Exit code 1 where candidate code cannot be judged here.

    \b
    Examples:
      viva doctor
      viva doctor --json
    """
    told = settings.load({"data": data, "bank": bank})
    facts = doctor.examine(told.environments)
    fit = doctor.can_judge(facts)
    if as_json:
        emit_json(
            {
                "versions": _versions(),
                "can_judge": fit,
                "layers": [asdict(fact) for fact in facts],
                "settings": [{"name": n, "value": v, "from": source} for n, v, source in settings.rows(told)],
            }
        )
    else:
        _show(facts, told, fit=fit)
    return Exit.DONE if fit else Exit.NOT_SO


def _versions() -> dict[str, str]:
    return {
        "viva": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(),
    }


def _show(facts: tuple[doctor.Fact, ...], told: settings.Settings, *, fit: bool) -> None:
    click.echo(", ".join(f"{name} {version}" for name, version in _versions().items()))
    click.echo("\nThe sandbox")
    for fact in facts:
        state = "there" if fact.present else "MISSING" if fact.core else "missing, not needed"
        click.echo(f"  {fact.layer}: {state}" + (f" ({plain(fact.found)})" if fact.found else ""))
        if not fact.present:
            click.echo(f"      for: {fact.why}")
        if fact.mend:
            click.echo(f"      mend: {fact.mend}")
    click.echo("\nThe settings")
    for name, value, source in settings.rows(told):
        click.echo(f"  {name} = {plain(value)}  ({plain(source)})")
    click.echo(
        "\nCandidate code can be judged here." if fit else "\nCandidate code CANNOT be judged here: see MISSING above."
    )
