"""Server-sent events of one interview. Law: a stream ends when the interview has, when the browser goes, or at once when
the server is told to stop; in between it says something every 15 seconds, so that nothing on the way takes it for dead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.responses import StreamingResponse

from viva.core.errors import VivaError
from viva.interviews.views import EventJson
from viva.web.layers import log_where
from viva.web.sending import json_bytes

_WAITING_EVENTS = 64


def encoded(event: EventJson) -> bytes:
    """One event on the wire; JSON in ASCII has no line breaks, so one data line is enough."""
    kind = event["kind"].replace("\n", " ").replace("\r", " ")
    return f"id: {event['seq']}\nevent: {kind}\ndata: ".encode() + json_bytes(event["data"]) + b"\n\n"


class Streams:
    """All open streams of one application, so that stopping can end them."""

    def __init__(self, *, keep_alive_seconds: float = 15.0) -> None:
        self._keep_alive_seconds = keep_alive_seconds
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End every stream, now and later ones at once. Call it on the loop."""
        self._stopping.set()

    def answer(self, events: AsyncIterator[EventJson]) -> StreamingResponse:
        """A response that carries these events."""
        headers = {"X-Accel-Buffering": "no"}  # or nginx holds events back
        return StreamingResponse(self._body(events), media_type="text/event-stream", headers=headers)

    async def _body(self, events: AsyncIterator[EventJson]) -> AsyncIterator[bytes]:
        queue: asyncio.Queue[EventJson | None] = asyncio.Queue(_WAITING_EVENTS)
        pump = asyncio.create_task(_pump(events, queue))
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            yield b"retry: 1500\n: open\n\n"
            while not self._stopping.is_set():
                coming = asyncio.create_task(queue.get())
                done, _ = await asyncio.wait(
                    {coming, stopping}, timeout=self._keep_alive_seconds, return_when=asyncio.FIRST_COMPLETED
                )
                if coming not in done:
                    coming.cancel()
                    if not done:
                        yield b": still here\n\n"
                    continue
                event = coming.result()
                if event is None:
                    return
                yield encoded(event)
        finally:
            stopping.cancel()
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump


async def _pump(events: AsyncIterator[EventJson], queue: "asyncio.Queue[EventJson | None]") -> None:
    """Move events into the queue; None at the end, also after a failure (the browser comes back by itself)."""
    try:
        async for event in events:
            await queue.put(event)
    except VivaError as error:
        log_where(error)
    await queue.put(None)
