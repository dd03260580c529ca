"""Installing the environment of a framework from the room. Law: at most one installation goes on at a time, in a process of
its own; the environment is there whole or not at all.
"""

import asyncio
import sys
from pathlib import Path
from typing import TypedDict

from viva.core.errors import CandidateError
from viva.core.values import FRAMEWORKS, Framework
from viva.sandbox import environments


class EnvironmentJson(TypedDict):
    """One framework here: `size` is what it takes on the disk, in words; `says` the last line of an installation that goes
    on (`installing`) or has failed, empty otherwise."""

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
            assert process.stderr is not None
            async for line in process.stderr:
                self._says[name] = line.decode("utf-8", "replace").strip()[:300] or self._says[name]
            await process.wait()
        except (OSError, ValueError) as problem:  # no process, or a line that never ends
            self._says[name] = f"It could not be installed: {problem}"
        finally:
            self._running = None
