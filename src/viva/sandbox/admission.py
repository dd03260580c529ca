"""Forks are put into control groups beside their work, so that no run waits for the kernel to do it.

Law: a process is only moved while it has not been reaped, so that its number cannot be another's. Moving takes 5 to 12 ms,
most of it a wait for all CPUs, and up to 1 ms from a run that begins meanwhile: so it is done to what has lived for
`AFTER_SECONDS`. What ends sooner is never moved, and what lives longer is bounded from then on.
"""

import contextlib
import queue
import threading
import time

from . import process
from .cgroups import Group, Groups

AFTER_SECONDS = 0.02
"""A process fills some 40 MiB in that time, within its resource limits; half of all runs are over."""


class Stay:
    """A fork's stay in a group, from when it was asked for until its process has ended."""

    def __init__(self, pidfd: int) -> None:
        self.asked = time.monotonic()
        self._pidfd = pidfd
        self._moving = threading.Lock()
        self._state = threading.Lock()
        self._limit: int | None = None
        self._group: Group | None = None
        self._over = False

    def limit(self, memory_bytes: int) -> None:
        """Bound its memory, now or as soon as it has been moved."""
        with self._state:
            self._limit = memory_bytes
            self._apply()

    def begin(self, group: Group) -> bool:
        """Move the process into `group`; False where it has ended or cannot be."""
        with self._moving:
            pid = -1 if self._over else process.pid_of(self._pidfd)
            if pid <= 0:
                return False
            try:
                group.admit(pid)
            except (OSError, KeyError, ValueError):  # no layer that is needed: the resource limits hold without it
                return False
            with self._state:
                self._group = group
                self._apply()
            return True

    @property
    def over(self) -> bool:
        """Whether its process has ended."""
        return self._over

    def end(self) -> Group | None:
        """The process is dead and not yet reaped: the group that it was moved into, if it was; it will not be from now on."""
        with self._moving:
            self._over = True
            return self._group

    def _apply(self) -> None:
        if self._group is not None and self._limit is not None:
            with contextlib.suppress(OSError):
                self._group.limit(self._limit)


class Admission:
    """The door of an owner's groups. Its calls return at once."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._asked: queue.SimpleQueue[Stay] = queue.SimpleQueue()
        threading.Thread(target=self._serve, name="control groups", daemon=True).start()

    def enter(self, pidfd: int) -> Stay:
        """A stay for the process of `pidfd`, which stays open until `leave`."""
        stay = Stay(pidfd)
        self._asked.put(stay)
        return stay

    def leave(self, stay: Stay) -> bool:
        """Its process is dead and not yet reaped: whether it had reached its limit of memory."""
        group = stay.end()
        if group is None:
            return False
        overran = group.overran()
        self._groups.give_back(group)
        return overran

    def close(self) -> None:
        """Take the groups away; every process in them has been killed."""
        self._groups.close()

    def _serve(self) -> None:
        while True:
            stay = self._asked.get()
            time.sleep(max(0.0, stay.asked + AFTER_SECONDS - time.monotonic()))
            if stay.over:
                continue
            group = self._groups.take()
            if group is not None and not stay.begin(group):
                self._groups.give_back(group)
