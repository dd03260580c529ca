"""`viva doctor`: what this machine gives and lacks, what viva was told, and who told it."""

import platform
import sqlite3
from dataclasses import asdict
from pathlib import Path

import click

from viva import __version__, settings
from viva.cli.options import bank_option, data_option, json_option
from viva.cli.speaking import Exit, complain, emit_json, plain
from viva.sandbox import doctor, zygote_costs
from viva.sandbox.process import Memory
from viva.sandbox.restrictions import Restriction
from viva.sandbox.zygote_costs import Cost, Running
from viva.sandbox.zygotes import Refused

_SAYS = {
    "refused": "So runs are refused.",
    "weaker": "Runs go on, behind one fence less.",
    "as ever": "Runs go on as ever.",
}


@click.command()
@data_option
@bank_option
@click.option("--zygotes", "zygotes", is_flag=True, help="Also start each environment's zygote and say what it costs.")
@json_option
def command(data: Path | None, bank: tuple[Path, ...], zygotes: bool, as_json: bool) -> Exit:
    """Say what this machine gives and lacks, each with its mend; and each setting with where it came from.

    Exit code 1 where candidate code cannot be judged here.

    \b
    Examples:
      viva doctor
      viva doctor --json
      viva doctor --zygotes
    """
    told = settings.load({"data": data, "bank": bank})
    facts, causes = doctor.examine(told.environments)
    fit = doctor.can_judge(facts)
    measured = zygotes_of(told.environments) if zygotes and fit else ()
    running = zygote_costs.running() if zygotes else ()
    if as_json:
        emit_json(
            {
                "versions": _versions(),
                "can_judge": fit,
                "layers": [asdict(fact) for fact in facts],
                "restrictions": [asdict(cause) | {"runs": _runs(cause, facts)} for cause in causes],
                "zygotes": {"measured": [asdict(one) for one in measured], "running": [asdict(one) for one in running]}
                if zygotes
                else None,
                "settings": [{"name": n, "value": v, "from": source} for n, v, source in settings.rows(told)],
            }
        )
    else:
        _show(facts, causes)
        if zygotes:
            _show_zygotes(measured, running)
        _show_settings(told)
        click.echo(_verdict(told, fit=fit))
    return Exit.DONE if fit else Exit.NOT_SO


def _verdict(told: settings.Settings, *, fit: bool) -> str:
    if told.unsafe_local:
        needless = " This machine can jail: switch it off." if fit else ""
        return f"\nunsafe_local is on: code runs WITHOUT A JAIL, as you, in practice only.{needless}"
    if fit:
        return "\nCandidate code can be judged here."
    return "\nCandidate code CANNOT be judged here: see MISSING above. To practise all the same: docs/sandbox.md, Without a jail."


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


def zygotes_of(folder: Path) -> tuple[Cost, ...]:
    """Each environment's zygotes, started one after the other; what is being done goes to standard error."""
    every, found = zygote_costs.kinds(folder), []
    for at, (one, role) in enumerate(every, start=1):
        click.echo(f"{at} of {len(every)}: starting the {role} zygote of {one.name}", err=True)
        try:
            found.append(zygote_costs.measure(one, role))
        except Refused as problem:
            complain(f"the {role} zygote of {one.name} did not start: {problem}", "Run: viva doctor")
    return tuple(found)


def _show_zygotes(measured: tuple[Cost, ...], running: tuple[Running, ...]) -> None:
    click.echo("\nWhat zygotes cost (started for this and ended; memory in MiB, PSS in brackets)")
    for one in measured:
        spare = f"a spare: {1e3 * one.spare_seconds:.0f} ms, {one.spare_private_mib:.1f} MiB of its own"
        click.echo(f"  {one.environment} {one.role}: ready in {one.start_seconds:.1f} s, {_held(one.memory)}; {spare}")
    if not measured:
        click.echo("  none could be started")
    click.echo("\nZygotes that run now")
    for each in running:
        forks = f"{each.forks} fork{'' if each.forks == 1 else 's'} waiting or running"
        click.echo(f"  {each.environment} {each.role}, of process {each.server}: {_held(each.memory)}; {forks}")
    if not running:
        click.echo("  none: they start with the first attempt that needs them")


def _held(memory: Memory) -> str:
    return f"{memory.private_mib:.0f} private and {memory.shared_mib:.0f} shared ({memory.fair_mib:.0f})"


def _show_settings(told: settings.Settings) -> None:
    click.echo("\nThe settings")
    for name, value, source in settings.rows(told):
        click.echo(f"  {name} = {plain(value)}  ({plain(source)})")


def _runs(cause: Restriction, facts: tuple[doctor.Fact, ...]) -> str:
    """What becomes of runs: `refused` where a layer that is needed is missing, `weaker` where another is, else `as ever`."""
    missing = [fact for fact in facts if not fact.present and fact.layer in cause.layers]
    return "refused" if any(fact.core for fact in missing) else "weaker" if missing else "as ever"
