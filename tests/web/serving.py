"""A real `viva serve` in a process of its own, to be killed and started again on the same port and data."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx


@dataclass(slots=True)
class Served:
    """A server under test."""

    data: Path
    bank: Path | None
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "viva", "serve", "--port", str(self.port), "--data", str(self.data)]
        command += ["--bank", str(self.bank)] if self.bank else []
        log = (self.data.parent / "serve.log").open("ab")
        self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        for _ in range(300):
            with contextlib.suppress(httpx.HTTPError):
                httpx.get(f"{self.url}/api/v1/tracks", timeout=2)
                return
            assert self.process.poll() is None, self.log()
            time.sleep(0.1)
        raise AssertionError("the server did not answer within 30 s:\n" + self.log())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> float:
        """End it; gives the seconds until it was gone."""
        assert self.process is not None
        began = time.monotonic()
        os.kill(self.process.pid, how)
        self.process.wait(20)
        self.process = None
        return time.monotonic() - began

    def log(self) -> str:
        """Everything that it printed so far."""
        return (self.data.parent / "serve.log").read_text("utf-8", "replace")


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(folder: Path, bank: Path | None = None) -> Iterator[Served]:
    """A running server over `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    server = Served(data=folder / "data", bank=bank, port=free_port())
    server.start()
    try:
        yield server
    finally:
        if server.process is not None:
            server.stop(signal.SIGKILL)
