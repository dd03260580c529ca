"""A few readers of code beside each other, for those who ask while they type. Law: at most so many children at once, whoever
asks; one of them is warm.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from viva.craft.child import CodeReader

READERS = 2
SECONDS = 4.0
"""By the clock for one source: who types does not wait longer, and those behind do not either."""


class Readers:
    """Lends `most` readers, the one that was used last first, so that a quiet house keeps one child. An async context
    manager of one event loop."""

    def __init__(self, most: int = READERS) -> None:
        self._all = [CodeReader(seconds=SECONDS) for _ in range(most)]
        self._idle: asyncio.LifoQueue[CodeReader] = asyncio.LifoQueue()
        for reader in self._all:
            self._idle.put_nowait(reader)
        self.waiting = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for reader in self._all:
            await reader.close()

    async def start(self) -> None:
        """Start the child that is used first, and let it read once, so that nobody waits for its imports."""
        async with self.one() as reader:
            await reader.marks("", framework="numpy")

    @property
    def pids(self) -> list[int]:
        """Process ids of the children that live."""
        return [reader.pid for reader in self._all if reader.pid is not None]

    @contextlib.asynccontextmanager
    async def one(self) -> AsyncIterator[CodeReader]:
        """A reader for oneself, as soon as one is free; `waiting` counts who stands in line."""
        self.waiting += 1
        try:
            reader = await self._idle.get()
        finally:
            self.waiting -= 1
        try:
            yield reader
        finally:
            self._idle.put_nowait(reader)
