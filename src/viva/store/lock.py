"""One writer per data folder, kept by `flock` on DIR/lock. Law: whoever holds the lock is alive, since the kernel lets go of
it with the process; the file only says who that is, and is never removed, since two could then hold two files of one name.
"""

import fcntl
import json
import os
from pathlib import Path

from viva.core.errors import OperatorError


class FolderLock:
    """The lock of one data folder, held from making to `release`."""

    def __init__(self, folder: Path, address: str = "") -> None:
        """Take the lock.

        Raises:
            OperatorError: another process (or another store in this one) holds it; names its pid and address.
        """
        self._descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            held = os.pread(self._descriptor, 4096, 0)
            os.close(self._descriptor)
            raise _held(folder, held) from None
        self.say(address)

    def say(self, address: str) -> None:
        """Write down who holds the lock and at which address it answers."""
        content = json.dumps({"pid": os.getpid(), "address": address}).encode()
        os.pwrite(self._descriptor, content, 0)
        os.ftruncate(self._descriptor, len(content))

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1


def _held(folder: Path, content: bytes) -> OperatorError:
    try:
        holder = json.loads(content)
        pid, address = int(holder["pid"]), str(holder["address"])
    except (ValueError, KeyError, TypeError):  # the holder is between taking the lock and saying so
        return OperatorError(f"Another viva writes to {str(folder)!r}.", mend="Stop it, or name another --data folder.")
    where = f" at {address}" if address else ""
    return OperatorError(
        f"Another viva writes to {str(folder)!r}: process {pid}{where}.",
        mend=f"Use that one, stop it (`kill {pid}`), or name another folder with --data.",
    )
