"""Runs the application under uvicorn. Law: SIGTERM ends it within 5 seconds, open event streams included; uvicorn's own
access log is off, because it prints addresses whole and an interview's address holds its token."""

import socket
from types import FrameType

import uvicorn

from viva.web.app import Door

GRACE_SECONDS = 3


class _Server(uvicorn.Server):
    """Ends the event streams as soon as it is told to stop; uvicorn waits for open answers, and a stream never ends."""

    def __init__(self, config: uvicorn.Config, door: Door) -> None:
        super().__init__(config)
        self._door = door

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn; streams end first."""
        self._door.stop_streams()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A second signal of any kind does not wait any longer."""
        self.force_exit = self.should_exit
        self.should_exit = True


async def serve(door: Door, listening: socket.socket, *, proxy: bool = False) -> None:
    """Serve on a bound socket until SIGTERM or SIGINT. `proxy` believes X-Forwarded-* of a proxy on this machine."""
    config = uvicorn.Config(
        door,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=proxy,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=10,
        lifespan="off",
    )
    await _Server(config, door).serve(sockets=[listening])
