"""How often one may ask: a bucket for each asker that fills with time. Law: what is remembered is bounded, and a number of
made-up names buys nothing beyond what their address may ask.
"""

import time
from collections import OrderedDict
from collections.abc import Callable

from viva.core.errors import CandidateError

MOST_ASKERS = 4096


class TooOften(CandidateError):
    """More was asked for in a short time than a person needs."""

    status = 429
    type = "too-many"


class Pace:
    """Lets each asker through `a_second` times a second for long, and `at_once` times in a row."""

    def __init__(self, a_second: float, at_once: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second = a_second
        self._at_once = at_once
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def step(self, asker: str) -> None:
        """Raises:
        TooOften: this asker must wait.
        """
        now = self._clock()
        left, since = self._left.pop(asker, (float(self._at_once), now))
        left = min(float(self._at_once), left + (now - since) * self._a_second)
        self._left[asker] = (max(0.0, left - 1), now)
        if len(self._left) > MOST_ASKERS:
            self._left.popitem(last=False)
        if left < 1:
            raise TooOften("That is asked for too often.", mend="Wait a second, then ask again.")
