"""Installing the environment of a framework from the room. Law: at most one installation goes on at a time, in a process of
its own that ends with the server; the environment is there whole or not at all.
"""

import asyncio
import sys
from pathlib import Path
from typing import TypedDict

from viva.core.errors import CandidateError
from viva.core.values import FRAMEWORKS, Framework
from viva.sandbox import environments

_ERROR = "viva: "
"""What an error of the command line begins with."""

_LINE = 600
"""Most characters of a line that are shown."""


class EnvironmentJson(TypedDict):
    """One framework here: `size` is what it takes on the disk, in words; `says` the last line of an installation that goes
    on (`installing`), or why it failed, empty otherwise."""

    framework: Framework
    installed: bool
    installing: bool
    size: str
    says: str


class EnvironmentsJson(TypedDict):
    """Every framework, and whether whoever asks may install one."""

    environments: list[EnvironmentJson]
    may_install: bool


class Busy(CandidateError):
    """Another environment is being installed."""

    status = 409
    type = "busy"


class Installer:
    """Installs environments below `folder`, one at a time, and knows the last line of each installation."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._says: dict[Framework, str] = {}
        self._running: tuple[Framework, asyncio.Task[None]] | None = None

    def rows(self) -> list[EnvironmentJson]:
        """Every framework as it stands now. Reads files: call it in a thread."""
        here = {one.name for one in environments.installed(self._folder)}
        going = self._running[0] if self._running else None
        return [
            {
                "framework": name,
                "installed": name in here,
                "installing": name == going,
                "size": environments.size_of(name),
                "says": "" if name in here else self._says.get(name, ""),
            }
            for name in FRAMEWORKS
        ]

    def begin(self, name: Framework) -> None:
        """Start installing; what goes on already goes on.

        Raises:
            Busy: another one is being installed.
        """
        if self._running is not None:
            if self._running[0] != name:
                raise Busy(f"{self._running[0]} is being installed.", mend="Wait until it is there, then try again.")
            return
        self._says[name] = "Starting."
        self._running = name, asyncio.create_task(self._install(name), name=f"install {name}")

    async def _install(self, name: Framework) -> None:
        command = [sys.executable, "-m", "viva", "env", "install", name, "--environments", str(self._folder)]
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except OSError as problem:
            self._says[name] = f"It could not be installed: {problem.strerror}."
            self._running = None
            return
        try:
            await self._listen(name, process)
        finally:
            if process.returncode is None:  # the server stops: an interrupted installation takes away what it made
                process.terminate()
            self._running = None

    async def _listen(self, name: Framework, process: asyncio.subprocess.Process) -> None:
        """Keep the last line that it printed; where it fails, its error, which begins with `viva:` and may go on below."""
        assert process.stderr is not None
        async for raw in process.stderr:
            line = raw.decode("utf-8", "replace").strip()[:_LINE]
            failing = self._says[name].startswith(_ERROR) and not line.startswith(_ERROR)
            self._says[name] = f"{self._says[name]} {line}" if failing else line or self._says[name]
        if await process.wait():
            self._says[name] = f"It could not be installed: {self._says[name].removeprefix(_ERROR)}"
