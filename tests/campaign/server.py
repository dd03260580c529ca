"""A real `viva serve` in its own process, spoken to over HTTP, killed and started again on the same data folder."""

import http.client
import json
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS = 40


class Gone(Exception):
    """The server did not answer; whether it took the write is not known."""


@dataclass(slots=True)
class Server:
    """One data folder with a server on it."""

    data: Path
    options: tuple[str, ...] = ()
    process: "subprocess.Popen[str] | None" = None
    port: int = 0
    log: list[str] = field(default_factory=list)

    def start(self) -> None:
        """Start, and wait until the address is printed."""
        command = ["serve", "--port", str(self.port), "--data", str(self.data), *self.options]
        with (self.data.parent / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "viva", *command], stdout=subprocess.PIPE, stderr=log, text=True
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("viva serves http://127.0.0.1:"), (line, (self.data.parent / "server.log").read_text())
        self.port = int(line.split("127.0.0.1:")[1].split("/")[0])

    def kill(self) -> None:
        """SIGKILL, and see that nothing of it is left."""
        assert self.process is not None
        below = descendants(self.process.pid)
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self._let_go()
        deadline = time.monotonic() + 5
        while left := [pid for pid in below if alive(pid)]:
            assert time.monotonic() < deadline, f"processes outlive a killed server: {left}"
            time.sleep(0.01)

    def stop(self) -> None:
        """SIGTERM; it has five seconds."""
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=6)
        self._let_go()

    def _let_go(self) -> None:
        assert self.process is not None
        if self.process.stdout is not None:
            self.process.stdout.close()

    def call(
        self, method: str, path: str, body: object = None, *, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """One request; the status and the JSON that came.

        Raises:
            Gone: no whole answer came.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            try:
                raw = None if body is None else json.dumps(body).encode()
                connection.request(method, path, raw, {"content-type": "application/json", **(headers or {})})
                answer = connection.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException) as problem:
                raise Gone(str(problem)) from problem
            return answer.status, json.loads(text) if text else None

    def send_only(self, path: str, body: object) -> socket.socket:
        """Send a POST and read nothing of its answer; the caller closes the socket."""
        raw = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(raw)}\r\n\r\n"
        )
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        sock.sendall(head.encode() + raw)
        return sock

    def rows(self) -> list[tuple[str, int, str]]:
        """`(interview, seq, kind)` of every row that is on disk now."""
        with closing(sqlite3.connect(f"file:{self.data / 'viva.db'}?mode=ro", uri=True, timeout=5)) as connection:
            return list(connection.execute("select interview, seq, kind from event order by interview, seq"))


def descendants(pid: int) -> list[int]:
    """Every process below `pid`, as /proc tells it now."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            children.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, todo = [], [pid]
    while todo:
        below = children.get(todo.pop(), [])
        found += below
        todo += below
    return found


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be reaped does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
