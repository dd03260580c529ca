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
from viva.sandbox.restrictions import Restriction

_CANNOT = "\nCandidate code CANNOT be judged here: see MISSING above."
_SAYS = {
    "refused": "So runs are refused.",
    "weaker": "Runs go on, behind one fence less.",
    "as ever": "Runs go on as ever.",
}


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
    facts, causes = doctor.examine(told.environments)
    fit = doctor.can_judge(facts)
    if as_json:
        emit_json(
            {
                "versions": _versions(),
                "can_judge": fit,
                "layers": [asdict(fact) for fact in facts],
                "restrictions": [asdict(cause) | {"runs": _runs(cause, facts)} for cause in causes],
                "settings": [{"name": n, "value": v, "from": source} for n, v, source in settings.rows(told)],
            }
        )
    else:
        _show(facts, causes)
        _show_settings(told)
        click.echo("\nCandidate code can be judged here." if fit else _CANNOT)
    return Exit.DONE if fit else Exit.NOT_SO


def _versions() -> dict[str, str]:
    return {
        "viva": __version__,
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": platform.platform(),
    }


def _show(facts: tuple[doctor.Fact, ...], causes: tuple[Restriction, ...]) -> None:
    click.echo(", ".join(f"{name} {version}" for name, version in _versions().items()))
    click.echo("\nThe sandbox")
    for fact in facts:
        state = "there" if fact.present else "MISSING" if fact.core else "missing, not needed"
        click.echo(f"  {fact.layer}: {state}" + (f" ({plain(fact.found)})" if fact.found else ""))
        if not fact.present:
            click.echo(f"      for: {fact.why}")
        explained = " and ".join(cause.name for cause in causes if fact.layer in cause.layers)
        if fact.mend:
            click.echo(f"      because: {explained}, below" if explained else f"      mend: {fact.mend}")
    if causes:
        click.echo("\nWhat takes layers away")
    for cause in causes:
        click.echo(f"  {cause.name}: {plain(cause.says)} {_SAYS[_runs(cause, facts)]}")
        if cause.mend:
            click.echo(f"      mend: {cause.mend}")


def _show_settings(told: settings.Settings) -> None:
    click.echo("\nThe settings")
    for name, value, source in settings.rows(told):
        click.echo(f"  {name} = {plain(value)}  ({plain(source)})")


def _runs(cause: Restriction, facts: tuple[doctor.Fact, ...]) -> str:
    """What becomes of runs: `refused` where a layer that is needed is missing, `weaker` where another is, else `as ever`."""
    missing = [fact for fact in facts if not fact.present and fact.layer in cause.layers]
    return "refused" if any(fact.core for fact in missing) else "weaker" if missing else "as ever"
