"""What to do next, as a pure function of the state. Law: no clock, no chance, no I/O; asked twice it answers the same,
so a crash costs nothing but the work that was under way.

The order: an unread message; the newest run; ungraded attempts, oldest first; then the dialogue policy. Time comes
before all of it: whoever appends first appends `TimeUp` (`look.due`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from viva.core.decisions import Award, Close, Decision, Move, Perform, Say, Wait
from viva.core.evidence import Evidence
from viva.core.look import all_attempts, next_deadline, reading, resolve
from viva.core.requests import MatchPoints, MeasureCost, ReadTurn, Request, RunChecks, request_digest
from viva.core.state import HandedIn, Run, State
from viva.core.values import Digest, Grade, MoveKind, Question, Unscored, seed_of
from viva.ports import Grader

REQUEST_CAP = 16
"""Requests that grading one dimension of one attempt may make; a grader that wants more ends in `Unscored`."""

Pending = Mapping[Digest, Request]
"""Requests that the driver has started, by digest; never recorded."""

Book = Mapping[str, Question]
"""The questions of an interview, by id."""


class Policy(Protocol):
    """Chooses the interviewer's next move; pure."""

    def __call__(self, state: State, book: Book) -> Say | Wait | Close:
        """The next move, or nothing to say, or that nothing is left to ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What `decide` asks: graders in the order in which they work, and the dialogue policy."""

    graders: Sequence[Grader]
    policy: Policy


def decide(state: State, pending: Pending, book: Book, rules: Rules) -> Decision:
    """The next thing to do for an interview whose record folds to `state`."""
    if state.closed is not None:
        return Wait(until=None)
    wanted = [*_readings(state), *_runs(state)]
    graded = _grading(state, book, rules.graders)
    if isinstance(graded, Award):
        return _startable(wanted, pending) or graded
    todo = _startable([*wanted, *graded], pending)
    if todo is not None:
        return todo
    stands_still = state.paused_since is not None and not state.finishing
    if state.agreed_at is None or stands_still:
        return Wait(until=None)
    move = rules.policy(state, book)
    if isinstance(move, Say) and _too_soon(state, move.move, pending):
        return Wait(until=next_deadline(state))
    if isinstance(move, Close) and pending:  # all that is wanted has been started by now, so it is under way
        return Wait(until=None)
    return Wait(until=next_deadline(state)) if isinstance(move, Wait) else move


def _too_soon(state: State, move: Move, pending: Pending) -> bool:
    """Whether what was said to the question before is still being read, and practice tells of it before it goes on."""
    reading_words = any(isinstance(request, ReadTurn | MatchPoints) for request in pending.values())
    goes_on = move.kind in (MoveKind.POSE, MoveKind.CLOSE) and not (state.finishing or state.time_up)
    return reading_words and goes_on and state.opened.mode == "practice"


def run_request(state: State, run: Run) -> RunChecks:
    """The request that judges a run by the visible checks."""
    digest = state.steps[run.step].step.question_digest
    of = f"run:{run.seq}"
    seed = seed_of(state.opened.hidden_seed, digest, of, "visible")
    return RunChecks(question=digest, of=of, which="visible", seed=seed)


def replaced(state: State, run: Run, pending: Pending) -> bool:
    """Whether a newer run took the place of this one before it was started."""
    newest = max((other.seq for other in state.runs), default=run.seq)
    if run.seq == newest:
        return False
    outcome = resolve(state, run_request(state, run))
    return not isinstance(outcome, Evidence) and request_digest(outcome) not in pending


def seed_for(state: State, entry: HandedIn) -> str:
    """The seed under which an attempt's hidden checks run."""
    return seed_of(state.opened.hidden_seed, entry.attempt.question_digest, entry.attempt.digest, "all")


def evidence_in_hand(
    state: State, entry: HandedIn, question: Question, grader: Grader
) -> Request | dict[Request, Evidence] | None:
    """What a grader has asked for and got; the request that is still to be made; or None past the cap."""
    seen: dict[Request, Evidence] = {}
    seed = seed_for(state, entry)
    for _ in range(REQUEST_CAP):
        wanted = grader.wants(question, entry.attempt, seed, seen)
        if wanted is None:
            return seen
        outcome = resolve(state, wanted)
        if not isinstance(outcome, Evidence):
            return outcome
        seen[wanted] = outcome
    return None


def derive(state: State, entry: HandedIn, question: Question, grader: Grader) -> Grade | Request:
    """The grade of one dimension of one attempt from the evidence in the state, or the request that it waits for.

    A grader that asks without end, or fails, is our fault: `Unscored`.
    """
    try:
        seen = evidence_in_hand(state, entry, question, grader)
        if isinstance(seen, dict):
            return grader.grade(question, entry.attempt, seed_for(state, entry), seen)
        if seen is not None:
            return seen
        why = f"The grader of {grader.dimension} asked for more than {REQUEST_CAP} observations. That is our fault, not yours."
    except Exception as problem:  # noqa: BLE001 - a grader's failure must never become a candidate's zero
        why = f"The grader of {grader.dimension} failed ({type(problem).__name__}). That is our fault, not yours."
    return Unscored(
        dimension=grader.dimension,
        attempt=entry.attempt.digest,
        whose="machine",
        why=why,
        evidence=(),
        grader=grader.name,
    )


def _readings(state: State) -> list[Request]:
    requests = (resolve(state, reading(message)) for message in state.messages if not message.from_draft)
    return [request for request in requests if not isinstance(request, Evidence)]


def _runs(state: State) -> list[Request]:
    if not state.runs:
        return []
    outcome = resolve(state, run_request(state, state.runs[-1]))
    return [] if isinstance(outcome, Evidence) else [outcome]


def _grading(state: State, book: Book, graders: Sequence[Grader]) -> Award | list[Request]:
    wanted: list[Request] = []
    for entry in all_attempts(state):
        question = book[entry.attempt.question]
        for grader in graders:
            if not grader.applies(question) or (entry.attempt.digest, grader.dimension) in state.grades:
                continue
            outcome = derive(state, entry, question, grader)
            if isinstance(outcome, Grade):
                return Award(grade=outcome)
            wanted.append(outcome)
    return wanted


def _startable(wanted: Sequence[Request], pending: Pending) -> Perform | None:
    """The first request that may start now: not started yet, and one at a time of the sandbox's. A run comes before any
    measurement, also before one under way: that ends for it and starts again (`Perform`)."""
    running = any(isinstance(request, RunChecks) for request in pending.values())
    measuring = any(isinstance(request, MeasureCost) for request in pending.values())
    for request in sorted(wanted, key=lambda one: isinstance(one, MeasureCost)):
        blocked = (
            running if isinstance(request, RunChecks) else isinstance(request, MeasureCost) and (running or measuring)
        )
        if request_digest(request) not in pending and not blocked:
            return Perform(request=request)
    return None
