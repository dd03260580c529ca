"""Which plug answers which request. Law: every kind of request has exactly one; where its issue is still to come that
is `Nobody`, and the scorecard says "recorded, not yet graded"."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from viva.core.evidence import Evidence, NotObserved
from viva.core.requests import AskModel, InspectCode, MatchPoints, MeasureCost, ReadTurn, Request, RunChecks
from viva.ports import Material, Plug


@dataclass(frozen=True, slots=True)
class Nobody:
    """The plug of what nobody observes yet."""

    async def __call__(self, request: Request, material: Material) -> Evidence:
        """`NotObserved`, nobody's fault."""
        return NotObserved(whose="nobody", why="Recorded, not yet graded.")


@dataclass(slots=True)
class Scripted:
    """The shipped fake of any plug: answers what it was given, in order, then the last for ever; an exception is raised.
    `requests` keeps what it was asked."""

    answers: Sequence[Evidence | Exception]
    requests: list[Request] = field(default_factory=list)

    async def __call__(self, request: Request, material: Material) -> Evidence:
        """The next answer."""
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugTable:
    """One plug for each kind of request."""

    run_checks: Plug[RunChecks]
    read_turn: Plug[ReadTurn]
    measure_cost: Plug[MeasureCost] = Nobody()
    inspect_code: Plug[InspectCode] = Nobody()
    match_points: Plug[MatchPoints] = Nobody()
    ask_model: Plug[AskModel] = Nobody()

    def __call__(self, request: Request) -> Plug[Any]:
        """The plug for `request`."""
        match request:
            case RunChecks():
                return self.run_checks
            case ReadTurn():
                return self.read_turn
            case MeasureCost():
                return self.measure_cost
            case InspectCode():
                return self.inspect_code
            case MatchPoints():
                return self.match_points
            case AskModel():
                return self.ask_model
            case _:
                assert_never(request)
