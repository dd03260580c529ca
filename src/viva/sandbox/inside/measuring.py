"""The checker's side of a measurement: it drives attempt and reference in turn, and the supervisor reads their clocks.

Law: each pair of calls has inputs of its own, the same on both sides, so that what was remembered of an earlier call is no
help; the clock is read while both sides wait.
"""

import functools
import hashlib
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from viva_check import AuthorError, CandidateError, Scaling

from . import frames, spoken
from .sut import Sut, There
from .wire import Lost, Wire

SIDES = ("attempt", "reference")

PAIRS = 9
"""Pairs at each size: the least of nine is within 2 % for code that is the same on both sides (docs/efficiency.md)."""

PAIRS_MOST = 25
"""Pairs at each size while the interval of the ratio is wide."""

PAIRS_LEAST = 3
PAIRS_HURRIED = 5

HURRY_SECONDS = 12.0
"""On the clock: a measurement that has lasted so long takes no more than `PAIRS` at a size, and after three times as long no more
than five. On a quiet machine all of it takes 1 to 4 s; on a crowded one somebody waits, and a wider interval is said as such."""

NARROW = 1.1
"""Upper end by lower end of the interval of a ratio that needs no more pairs."""

_OUT = 0.2
"""Share of the ordered ratios left out at each end to tell how far they scatter."""


class Stopped(Exception):
    """The attempt ended before its time; `says` is for the candidate."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says


@dataclass(slots=True, kw_only=True)
class Measuring:
    """One measurement under way. `seconds` is what is left of the CPU time that calls may take together."""

    ctl: socket.socket
    wanted: Scaling
    sides: Mapping[str, Wire]
    seed: str
    seconds: float = 0.0
    taken: dict[str, list[float]] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def result(self, codes: Mapping[str, bytes]) -> dict[str, Any]:
        """What was called, and why the attempt ended where it ended early; larger sizes are left out once the time is spent."""
        wanted = self.wanted
        meta = {"op": "costs", "title": wanted.title, "name": wanted.name, "growth": wanted.growth, "stopped": ""}
        try:
            for side, code in codes.items():
                self._ask({"op": "begin", "side": side, "size": 0})
                self._guarded(side, functools.partial(self.sides[side].request, "load", {}, code))
            for place, size in enumerate(wanted.sizes):
                if place and self.seconds <= 0:
                    break  # a larger size would tell no more than that it is slow there too
                self._size(size, sizes_left=len(wanted.sizes) - place)
        except Stopped as stopped:
            meta["stopped"] = spoken.clean(stopped.says)
        return meta

    def _size(self, size: int, *, sizes_left: int) -> None:
        warm = sum(self._call(side, size, number=0, kept=False) for side in reversed(SIDES))
        self.taken = {side: [] for side in SIDES}
        spent, share = warm, max(self.seconds, 0.0) / sizes_left
        for number in range(1, PAIRS_MOST + 1):
            for side in SIDES if number % 2 else reversed(SIDES):
                spent += self._call(side, size, number=number, kept=True)
            late = time.monotonic() - self.began
            if number >= PAIRS and (late > HURRY_SECONDS or self._narrow()):
                break
            if number >= PAIRS_HURRIED and late > 3 * HURRY_SECONDS:
                break
            if number >= PAIRS_LEAST and spent >= share:
                break
            if spent >= 2 * share:
                break
        self.seconds -= spent

    def _narrow(self) -> bool:
        """Whether the ratios of pairs lie close about their median."""
        ratios = sorted(mine / theirs for mine, theirs in zip(*self.taken.values(), strict=True))
        out = int(_OUT * len(ratios))
        return bool(ratios[-1 - out] <= NARROW * ratios[out])

    def _call(self, side: str, size: int, *, number: int, kept: bool) -> float:
        """Prepare and make one call; the CPU seconds that it took."""
        wire = self.sides[side]
        wire.begin()
        self._ask({"op": "begin", "side": side, "size": size})
        call = self._guarded(side, lambda: self.wanted.function(Sut(wire, _no_memory), self._rng(size, number), size))
        if not callable(call) or isinstance(call, There):
            raise AuthorError("a function of @scaling returns the call to be timed, as a function without arguments")
        self._ask({"op": "start", "side": side, "size": size})
        self._guarded(side, call)
        seconds = float(self._ask({"op": "stop", "side": side, "size": size, "kept": kept})["cpu_seconds"])
        if kept:
            self.taken[side].append(seconds)
        return seconds

    def _guarded(self, side: str, work: Callable[[], Any]) -> Any:
        try:
            return work()
        except CandidateError as problem:
            if side == "reference":
                raise AuthorError(f"the reference fails at a size of @scaling: {problem.says}") from problem
            raise Stopped(problem.says) from None
        except Lost as lost:
            says = str(self._ask({"op": "lost", "side": side, "malformed": lost.malformed})["says"])
            if side == "reference":
                raise AuthorError(f"the reference ended at a size of @scaling: {says}") from None
            raise Stopped(says) from None

    def _rng(self, size: int, number: int) -> np.random.Generator:
        digest = hashlib.sha256(f"{self.seed}\0{size}\0{number}".encode()).digest()
        return np.random.default_rng(int.from_bytes(digest, "big"))

    def _ask(self, meta: dict[str, Any]) -> dict[str, Any]:
        """Say where the measurement stands; the supervisor answers when it has read the clock."""
        frames.send(self.ctl, meta)
        answer = frames.receive(self.ctl)
        if answer is None:
            raise AuthorError("the supervisor is gone")
        self.seconds = float(answer.meta.get("seconds", self.seconds))
        return answer.meta


def _no_memory() -> int:
    raise AuthorError("a function of @scaling does not ask for memory: its peak is measured beside the time")
