"""Whose turn it is on this machine: runs go on as they come, and a measurement only while none is under way.

Law: a candidate who waits for a run never waits for a measurement; a measurement that is called off ends at its next look.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_LOOK_SECONDS = 0.5
"""How often one who waits looks whether it was called off, should nobody wake it."""


class CalledOff(Exception):
    """Whoever asked for this job wants it no more."""


class Turns:
    """Runs in progress, and jobs that somebody waits for, by their number. Used by several threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._runs = 0
        self._wanted: set[int] = set()

    @contextmanager
    def run(self) -> Iterator[None]:
        """A run is under way meanwhile."""
        with self._changed:
            self._runs += 1
        try:
            yield
        finally:
            with self._changed:
                self._runs -= 1
                self._changed.notify_all()

    def expect(self, number: int) -> None:
        """A job with this number was asked for."""
        with self._changed:
            self._wanted.add(number)

    def drop(self, number: int) -> None:
        """The job with this number is over, or wanted no more."""
        with self._changed:
            self._wanted.discard(number)
            self._changed.notify_all()

    def check(self, number: int) -> None:
        """Go on only if the job is still wanted.

        Raises:
            CalledOff: it is not.
        """
        with self._changed:
            if number not in self._wanted:
                raise CalledOff

    def wait(self, number: int, seconds: float) -> float:
        """Wait until no run is under way, at most `seconds`; how long that took.

        Raises:
            CalledOff: the job is wanted no more.
        """
        began = time.monotonic()
        while True:
            self.check(number)
            left = began + seconds - time.monotonic()
            with self._changed:
                if not self._runs or left <= 0:
                    return time.monotonic() - began
                self._changed.wait(min(left, _LOOK_SECONDS))
