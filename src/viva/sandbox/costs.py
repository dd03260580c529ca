"""The evidence in the answer to a measurement. Law: what a checker told is looked at before it is believed."""

import math
from typing import Any, get_args

from viva.core.evidence import Cost, Costs, Growth, NotObserved, Unfinished

_MIB = 1 << 20


def of(meta: dict[str, Any], environment: str) -> Costs | NotObserved:
    """The costs in a supervisor's answer, or why there are none."""
    try:
        told, unfinished = meta["told"], meta["unfinished"]
        return Costs(
            samples=tuple(_sample(row) for row in meta["rows"]),
            title=_text(told["title"]),
            name=_text(told["name"]),
            growth=_growth(told["growth"]),
            stopped=_text(told["stopped"]),
            unfinished=None if unfinished is None else _unfinished(unfinished),
            environment=environment,
        )
    except (ArithmeticError, KeyError, TypeError, ValueError) as problem:
        return NotObserved(whose="machine", why=f"the measurement means nothing: {problem!r}")


def _sample(row: list[Any]) -> Cost:
    size, cpu, reference, peak, reference_peak = row
    return Cost(
        size=int(size),
        cpu_seconds=_seconds(cpu),
        reference_cpu_seconds=_seconds(reference),
        memory_mib=int(peak) / _MIB,
        reference_memory_mib=int(reference_peak) / _MIB,
    )


def _unfinished(row: list[Any]) -> Unfinished:
    size, cpu, reference = row
    return Unfinished(size=int(size), cpu_seconds=_seconds(cpu), reference_cpu_seconds=_seconds(reference))


def _seconds(value: Any) -> float:
    seconds = float(value)
    if not (math.isfinite(seconds) and seconds > 0):
        raise ValueError(f"{seconds} CPU seconds")
    return seconds


def _growth(value: Any) -> Growth:
    for known in get_args(Growth):
        if value == known:
            found: Growth = known
            return found
    raise ValueError(f"the growth {value!r}")


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(f"{type(value).__name__} where text was due")
    return value[:700]
