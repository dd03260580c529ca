"""A real `viva serve`, watched: what enters its rooms, what is written to its children and what is started are noted.

As a program (`python -m tests.proofs.watched OUT serve ...`) it is the command itself under a profiler, which sees every
call of a Python function and changes none. When the command ends, OUT holds all text that was given, by place.
"""

import base64
import dataclasses
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from tests.campaign.server import Server
from viva.cli import main
from viva.ports import Person

ROOMS = ("grading", "dialogue", "answers", "sandbox", "craft")
PEOPLE = "a Person"
"""What stands among the texts of a place that was given one."""

_TO_CHILDREN, _STARTED = "bytes to children", "started processes"


class Watched(Server):
    """A server whose process notes what was given where; `given` after it has stopped."""

    def start(self) -> None:
        """See `Server`."""
        command = ["serve", "--port", "0", "--data", str(self.data)]
        with (self.data.parent / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.proofs.watched", str(self._out), *command],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=Path(__file__).resolve().parents[2],
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("viva serves http://127.0.0.1:"), (line, (self.data.parent / "server.log").read_text())
        self.port = int(line.split("127.0.0.1:")[1].split("/")[0])

    @property
    def _out(self) -> Path:
        return self.data.parent / "given.json"

    def given(self) -> dict[str, set[bytes]]:
        """Every text that each place was given."""
        held = json.loads(self._out.read_text())
        return {place: {base64.b64decode(text) for text in texts} for place, texts in held.items()}


class _Watch:
    """Notes the arguments of calls that enter a room from outside it."""

    def __init__(self) -> None:
        self.given: dict[str, set[bytes]] = {place: set() for place in (*ROOMS, _TO_CHILDREN, _STARTED)}
        self._places: dict[CodeType, str] = {}

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        """The profiler's hook."""
        if event != "call":
            return
        place = self._place(frame.f_code)
        if place and (frame.f_back is None or self._place(frame.f_back.f_code) != place):
            code = frame.f_code
            count = code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)
            values = [frame.f_locals.get(name) for name in code.co_varnames[:count]]
            _walk(values, self.given[place], set())

    def _place(self, code: CodeType) -> str:
        place = self._places.get(code)
        if place is None:
            place = self._places[code] = _place_of(code)
        return place


def _place_of(code: CodeType) -> str:
    if code.co_filename.endswith("asyncio/streams.py") and code.co_name in ("write", "writelines"):
        return _TO_CHILDREN
    if code.co_filename.endswith("/subprocess.py") and code.co_name == "__init__":
        return _STARTED
    parts = Path(code.co_filename).parts
    return next((room for room in ROOMS if parts[-3:-1] == ("viva", room)), "")


def _walk(value: Any, into: set[bytes], seen: set[int]) -> None:
    """Every text within a value, through containers and the attributes of viva's own objects."""
    if isinstance(value, str):
        into.add(value.encode("utf-8", "surrogatepass"))
        return
    if isinstance(value, bytes | bytearray | memoryview):
        into.add(bytes(value))
        return
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Person):
        into.add(PEOPLE.encode())
    if isinstance(value, Mapping):
        parts = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        parts = list(value)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [getattr(value, field.name, None) for field in dataclasses.fields(value)]
    elif type(value).__module__.startswith("viva."):
        parts = list(getattr(value, "__dict__", {}).values())
    else:
        parts = []
    for part in parts:
        _walk(part, into, seen)


def _run() -> int:
    out, *arguments = sys.argv[1:]
    watch = _Watch()
    threading.setprofile(watch)
    sys.setprofile(watch)
    try:
        return main(arguments)
    finally:
        sys.setprofile(None)
        held = {place: [base64.b64encode(text).decode() for text in texts] for place, texts in watch.given.items()}
        Path(out).write_text(json.dumps(held))


if __name__ == "__main__":
    sys.exit(_run())
