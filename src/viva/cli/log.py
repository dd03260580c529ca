"""`viva log`: interviews as they were recorded. It opens the data folder for reading only, so it works beside a server."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import click

from viva import settings
from viva.cli.log_grades import overrule, regrade
from viva.cli.log_names import resolved
from viva.cli.options import data_option, json_option
from viva.cli.speaking import Exit, complain, emit_json, plain
from viva.core.errors import BrokenRecord
from viva.ports import Store, Verification
from viva.store.shown import row_json, rows_json
from viva.store.sqlite import SqliteStore
from viva.store.story import story
from viva.store.summary import Summary, summary, summary_json, summary_text, unreadable
from viva.wiring import SystemClock

T = TypeVar("T")

id_argument = click.argument("id", metavar="ID")


@click.group()
def command() -> None:
    """Show interviews and verify their records. ID is a record's name (16 characters) or as much of its beginning as no
    other shares."""


command.add_command(regrade)
command.add_command(overrule)


@command.command("list")
@click.option("--waiting", is_flag=True, help="Only those that want a person, have an appeal, or could not be graded.")
@data_option
@json_option
def list_(waiting: bool, data: Path | None, as_json: bool) -> None:
    """List interviews, oldest first.

    \b
    Example:
      viva log list --waiting
    """

    async def lines(store: Store) -> list[Summary]:
        found = [await _summary(store, name) for name in await store.interviews()]
        return [line for line in found if line.waiting or not waiting]

    shown = _reading(data, lines)
    if as_json:
        emit_json({"interviews": [summary_json(line) for line in shown]})
        return
    for line in shown:
        click.echo(plain(summary_text(line)))
    if not shown:
        click.echo("Nothing waits." if waiting else "No interviews yet.")


@command.command()
@id_argument
@data_option
@json_option
def show(id: str, data: Path | None, as_json: bool) -> None:
    """Tell one interview as a story; with --json as its rows.

    \b
    Example:
      viva log show 3f2a
    """

    async def record(store: Store) -> tuple[str, object]:
        name = await resolved(store, id)
        envelopes = await store.read(name)
        return name, rows_json(envelopes) if as_json else list(story(name, envelopes))

    name, told = _reading(data, record)
    if as_json:
        emit_json({"interview": name, "rows": told})
        return
    assert isinstance(told, list)
    for line in told:
        click.echo(plain(line))


@command.command()
@click.argument("id", metavar="[ID]", required=False)
@data_option
@json_option
def verify(id: str | None, data: Path | None, as_json: bool) -> int:
    """Walk the chain of one record, or of all: does every row hold?

    \b
    Example:
      viva log verify
    """

    async def walk(store: Store) -> list[tuple[str, Verification]]:
        names = (await resolved(store, id),) if id is not None else await store.interviews()
        return [(name, await store.verify(name)) for name in names]

    found = _reading(data, walk)
    broken = [name for name, one in found if one.broken_at is not None]
    if as_json:
        emit_json({"holds": not broken, "interviews": [_verification_json(name, one) for name, one in found]})
    else:
        for name, one in found:
            click.echo(plain(f"{name}  {_verdict(one)}"))
    if broken:
        complain(
            f"{len(broken)} of {len(found)} records do not hold: {', '.join(broken)}.",
            "Do not rely on their grades; bring the data folder back from a backup.",
        )
        return Exit.NOT_SO
    return Exit.DONE


@command.command()
@id_argument
@data_option
def export(id: str, data: Path | None) -> None:
    """Write the rows of one record as JSON, one a line.

    \b
    Example:
      viva log export 3f2a > interview.jsonl
    """

    async def record(store: Store) -> tuple[str, list[dict[str, object]]]:
        name = await resolved(store, id)
        return name, [row_json(envelope) for envelope in await store.read(name)]

    name, rows = _reading(data, record)
    for row in rows:
        emit_json({"interview": name, **row})


def _reading(data: Path | None, use: Callable[[Store], Awaitable[T]]) -> T:
    """What `use` gives of the data folder, opened for reading."""

    async def opened() -> T:
        store = await SqliteStore.open_readonly(settings.load({"data": data}).data, SystemClock())
        try:
            return await use(store)
        finally:
            await store.close()

    return asyncio.run(opened())


async def _summary(store: Store, name: str) -> Summary:
    try:
        return summary(name, await store.read(name))
    except BrokenRecord as error:
        return unreadable(name, error)


def _verdict(one: Verification) -> str:
    if one.broken_at is not None:
        return f"BROKEN at row {one.broken_at}: {one.why}"
    erased = f", erased: {', '.join(map(str, one.erased))}" if one.erased else ""
    return f"holds, {one.rows} rows{erased}"


def _verification_json(name: str, one: Verification) -> dict[str, object]:
    return {
        "id": name,
        "rows": one.rows,
        "erased": list(one.erased),
        "broken_at": one.broken_at,
        "why": one.why,
    }
