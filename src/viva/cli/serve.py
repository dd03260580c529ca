"""`viva serve`: the web application."""

import asyncio
import contextlib
import logging
import socket
import sys
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import click

from viva import settings as all_settings
from viva.cli.options import bank_option, data_option
from viva.cli.passwords import operator_hash
from viva.cli.speaking import complain
from viva.core.errors import OperatorError
from viva.settings import Settings
from viva.store.sqlite import SqliteStore
from viva.web.access import DoorSettings
from viva.web.app import create_app
from viva.web.server import serve
from viva.wiring import open_house


@click.command()
@click.option("--host", metavar="ADDRESS", help="Address to listen on; 127.0.0.1 by default.")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", help="Port; 8000 by default, 0 takes a free one.")
@data_option
@bank_option
@click.option("--open", "open_browser", is_flag=True, help="Open the address in a browser.")
def command(
    host: str | None, port: int | None, data: Path | None, bank: tuple[Path, ...], *, open_browser: bool
) -> None:
    """Serve the web application; prints its address.

    \b
    Examples:
      viva serve
      viva serve --port 8080 --bank ~/my-questions
    """
    settings = all_settings.load({"host": host, "port": port, "data": data, "bank": bank})
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(settings, open_browser=open_browser))


async def _serve(settings: Settings, *, open_browser: bool) -> None:
    password = operator_hash(settings)
    if password is None and not settings.on_loopback:
        raise OperatorError(
            f"Without an operator's password viva serves this machine only, not {settings.host!r}.",
            mend="Run `viva operator password` first, or leave --host out.",
        )
    if settings.unsafe_local and (settings.public_url or not settings.on_loopback):
        raise OperatorError(
            "Without a jail (unsafe_local) viva serves this machine only: code would run as you, whoever sends it.",
            mend="Leave --host and public_url out, or switch unsafe_local off.",
        )
    async with open_house(settings) as house:
        with _listening(settings) as listening:
            address = _address(settings, listening)
            if isinstance(house.store, SqliteStore):
                house.store.set_address(address)
            click.echo(f"viva serves {address}  (Ctrl+C ends it; data in {settings.data})")
            if settings.unsafe_local:
                complain("code runs without a jail (unsafe_local), as you.", "Practise only, with code that you trust.")
            if open_browser:
                webbrowser.open(address)
            door = create_app(
                house.desk,
                house.bank,
                DoorSettings(
                    host=settings.host,
                    public_url=settings.public_url or None,
                    open_practice=settings.open_practice,
                    operator_hash=password,
                    environments=settings.environments,
                ),
                house.readers,
            )
            await serve(door, listening, proxy=bool(settings.public_url))


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _, place = found[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as problem:
        raise OperatorError(
            f"{settings.host!r} is no address of this machine.", mend="Leave --host out, or name another."
        ) from problem
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(place)
            listening.listen(128)
        except OSError as problem:
            raise OperatorError(
                f"Cannot listen on {settings.host}:{settings.port}: {problem.strerror}.",
                mend="Choose another port with --port; 0 takes a free one.",
            ) from problem
        yield listening


def _address(settings: Settings, listening: socket.socket) -> str:
    port = listening.getsockname()[1]
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return settings.public_url or f"http://{host}:{port}/"
