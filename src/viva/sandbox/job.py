"""What the sandbox is asked to do: one run of an attempt against a question's checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from viva.core.values import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run. `files` are checks.py, optional given.py, data/* and hidden/* of the question, by their path in its folder;
    `which` says whether all checks run or the visible ones; `seed` is a hexadecimal string that the checks' chance
    derives from; `forbid` are dotted names that raise where the attempt uses them. Nothing in it says whose attempt it is."""

    question: str
    files: Mapping[str, bytes]
    code: str
    framework: str
    which: Literal["all", "visible"]
    seed: str
    budget: Budget
    forbid: tuple[str, ...] = ()


__all__ = ["Budget", "Job"]
