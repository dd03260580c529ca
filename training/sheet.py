"""The measures of the room as one sheet: each figure beside its goal."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from rich.table import Table

from training.room import LEVELS, Corner, Figures, apart, gains, levels, points, ranks, shifts, unscored

_REACHED: dict[str, Callable[[float, float], bool]] = {
    "at least": lambda value, goal: value >= goal,
    "at most": lambda value, goal: value <= goal,
    "within": lambda value, goal: abs(value) <= goal,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One figure; `how` and `goal` say what it should be, `how` is empty where nothing is asked of it."""

    part: str
    name: str
    value: float
    how: str = ""
    goal: float = math.nan

    @property
    def met(self) -> bool | None:
        """Whether the goal is reached; None where there is no goal or no figure."""
        return _REACHED[self.how](self.value, self.goal) if self.how and not math.isnan(self.value) else None


def sheet(corners: Sequence[Corner], spent: Figures) -> list[Line]:
    """Every figure, in the order in which it is shown."""
    return [
        *_ranks(corners),
        *_levels(corners),
        *_twins(corners),
        Line(part="unscored", name="share of honest answers", value=unscored(corners), how="at most", goal=0.15),
        *_attacks(corners),
        *_points(corners),
        Line(
            part="cost",
            name="CPU ms, 150 words, 8 points",
            value=spent.get("cpu_ms", math.nan),
            how="at most",
            goal=250,
        ),
        Line(part="cost", name="memory, MiB", value=spent.get("memory_mib", math.nan), how="at most", goal=400),
    ]


def _ranks(corners: Sequence[Corner]) -> list[Line]:
    found = ranks(corners)
    values = list(found.values()) or [math.nan]
    return [
        Line(part="rank agreement", name="mean", value=float(np.mean(values)), how="at least", goal=0.85),
        Line(part="rank agreement", name="worst", value=min(values)),
        *(Line(part="rank agreement", name=id, value=value) for id, value in found.items()),
    ]


def _levels(corners: Sequence[Corner]) -> list[Line]:
    found = levels(corners)
    separated = sum(apart(means) for means in found.values())
    return [
        Line(
            part="levels", name="questions 0.2 apart", value=float(separated), how="at least", goal=float(len(found))
        ),
        *(
            Line(
                part="levels",
                name=f"mean of {level}",
                value=float(np.nanmean([means[level] for means in found.values()] or [math.nan])),
            )
            for level in LEVELS
        ),
        *(
            Line(part="levels", name=f"{id}, {one} above {other}", value=means[one] - means[other], how="at least", goal=0.2)
            for id, means in found.items()
            for one, other in (("strong", "partial"), ("partial", "wrong"))
        ),
    ]  # fmt: skip


def _twins(corners: Sequence[Corner]) -> list[Line]:
    found = shifts(corners)
    every = [value for values in found.values() for value in values] or [math.nan]
    return [
        Line(part="twins", name="mean shift", value=float(np.mean(every)), how="within", goal=0.02),
        Line(part="twins", name="mean size of a shift", value=float(np.mean(np.abs(every))), how="at most", goal=0.03),
        Line(part="twins", name="largest size of a shift", value=float(np.abs(every).max())),
        *(
            Line(part="twins", name=f"{kind}, mean shift", value=float(np.mean(values)), how="within", goal=0.02)
            for kind, values in found.items()
        ),
        *(
            Line(part="twins", name=f"{kind}, largest size", value=float(np.abs(values).max()))
            for kind, values in found.items()
        ),
    ]


def _attacks(corners: Sequence[Corner]) -> list[Line]:
    found = gains(corners)
    every = [value for values in found.values() for value in values] or [math.nan]
    lines = [
        Line(part="attacks", name="cases", value=float(len(every)), how="at least", goal=200),
        Line(part="attacks", name="largest gain", value=max(every), how="at most", goal=0.1),
        Line(part="attacks", name="share that gains more than 0.1", value=float(np.mean(np.array(every) > 0.1))),
    ]
    for kind, values in found.items():
        lines.append(Line(part="attacks", name=f"{kind}, largest gain", value=max(values), how="at most", goal=0.1))
        lines.append(
            Line(part="attacks", name=f"{kind}, share above 0.1", value=float(np.mean(np.array(values) > 0.1)))
        )
        if kind.startswith(("padded", "praise")):
            lines.append(
                Line(part="attacks", name=f"{kind}, median shift", value=float(np.median(values)), how="within", goal=0.02)
            )  # fmt: skip
    return lines


def _points(corners: Sequence[Corner]) -> list[Line]:
    lines: list[Line] = []
    for part, development in (("points, unseen questions", True), ("points, seen questions", False)):
        found = points(corners, development=development)
        if not found:
            continue
        surer = found["accuracy of the surest 75 %"] - found["accuracy"]
        asked = {"calibration error": ("at most", 0.07)} if development else {}
        for name, value in found.items():
            how, goal = asked.get(name, ("", math.nan))
            lines.append(Line(part=part, name=name, value=value, how=how, goal=goal))
        how, goal = ("at least", 0.06) if development else ("", math.nan)
        lines.append(Line(part=part, name="gain of the surest 75 %", value=surer, how=how, goal=goal))
    return lines


def shown_sheet(lines: Sequence[Line]) -> Table:
    """The sheet as a table."""
    table = Table("measure", "figure", "value", "goal", "met", title="The answer grader in the room")
    for line in lines:
        goal = f"{line.how} {line.goal:g}" if line.how else ""
        met = {True: "yes", False: "NO", None: ""}[line.met]
        table.add_row(line.part, line.name, f"{line.value:.3f}", goal, met)
    return table


def plain(lines: Sequence[Line]) -> list[dict[str, object]]:
    """The sheet for a program; a figure that does not exist is null."""
    return [
        {
            "measure": line.part,
            "figure": line.name,
            "value": None if math.isnan(line.value) else round(line.value, 6),
            "goal": f"{line.how} {line.goal:g}" if line.how else None,
            "met": line.met,
        }
        for line in lines
    ]
