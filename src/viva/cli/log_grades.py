"""`viva log regrade` and `viva log overrule`: grades derived again, and a person's word over a machine's."""

import asyncio
from pathlib import Path

import click

from viva import settings
from viva.cli.log_names import resolved
from viva.cli.options import data_option, json_option
from viva.cli.speaking import Exit, emit_json, plain
from viva.core.errors import CandidateError
from viva.core.events import Overruled
from viva.core.state import State, fold
from viva.core.values import Dimension, Grade
from viva.grading import GRADERS
from viva.interviews.regrade import Regrade, regrades, said
from viva.interviews.shelf import Shelf
from viva.store.sqlite import SqliteStore
from viva.wiring import SystemClock

id_argument = click.argument("id", metavar="ID")


@click.command()
@id_argument
@data_option
@json_option
def regrade(id: str, data: Path | None, as_json: bool) -> int:
    """Derive every grade again from the recorded evidence; runs no code and changes nothing. Exit 1 where one differs.

    \b
    Example:
      viva log regrade 3f2a
    """
    name, found = asyncio.run(_regraded(settings.load({"data": data}).data, id))
    if as_json:
        emit_json({"interview": name, "grades": [_json(entry) for entry in found]})
    else:
        for entry in found:
            click.echo(plain(_line(entry)))
        if not found:
            click.echo("Nothing was graded.")
    return Exit.DONE if all(entry.same for entry in found) else Exit.NOT_SO


@click.command()
@id_argument
@click.argument("question")
@click.argument("dimension", type=click.Choice([dimension.value for dimension in Dimension]))
@click.argument("value", type=click.FloatRange(0, 1))
@click.option("--reason", required=True, help="Why; it stands on the scorecard.")
@click.option("--by", required=True, help="Who says so; it stands on the scorecard.")
@data_option
def overrule(id: str, question: str, dimension: str, value: float, **more: object) -> None:
    """Set a grade (0..1) by a person's word. The machine's grade stays in the record.

    \b
    Example:
      viva log overrule 3f2a adam correctness 1 --by "R. Bell" --reason "the check was wrong"
    """
    reason, by, data = str(more["reason"]), str(more["by"]), more["data"]
    event = Overruled(question=question, dimension=Dimension(dimension), value=value, reason=reason, by=by)
    name = asyncio.run(_overruled(settings.load({"data": data}).data, id, event))
    click.echo(f"{name}: {question} {dimension} is now {value:g}, by {plain(by)}.")


async def _regraded(folder: Path, id: str) -> tuple[str, tuple[Regrade, ...]]:
    store = await SqliteStore.open_readonly(folder, SystemClock())
    try:
        name = await resolved(store, id)
        state: State = fold(await store.read(name))
        return name, regrades(state, await Shelf(store).book(state.opened.plan), GRADERS)
    finally:
        await store.close()


async def _overruled(folder: Path, id: str, event: Overruled) -> str:
    store = await SqliteStore.open(folder, SystemClock())
    try:
        name = await resolved(store, id)
        state = fold(await store.read(name))
        asked = [step.step.question for step in state.steps]
        if event.question not in asked:
            raise CandidateError(
                f"Interview {name} has no question {event.question!r}.", mend="It has: " + ", ".join(asked) + "."
            )
        await store.append(name, state.length, (event,))
        return name
    finally:
        await store.close()


def _line(entry: Regrade) -> str:
    head = f"{entry.question}, attempt {entry.ordinal}, {entry.dimension}: {_told(entry.recorded)}"
    if entry.again is None:
        return f"{head}  (evidence is missing; not derived again)"
    return f"{head}  same" if entry.same else f"{head}  NOW {_told(entry.again)}"


def _told(grade: Grade) -> str:
    value, words = said(grade)
    return f"{value:.2f}" if value is not None else f"unscored ({' '.join(words)})"


def _json(entry: Regrade) -> dict[str, object]:
    recorded, again = said(entry.recorded), said(entry.again) if entry.again is not None else None
    return {
        "question": entry.question,
        "ordinal": entry.ordinal,
        "dimension": entry.dimension,
        "recorded": recorded[0],
        "recorded_by": entry.recorded.grader,
        "again": again[0] if again is not None else None,
        "derived": entry.again is not None,
        "same": entry.same,
    }
