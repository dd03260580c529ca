"""Correctness: the weighted share of hidden and visible checks that passed. Law: no checks, no run, or a fault of ours
is `Unscored`; a check that did not run because the attempt ended early has failed, and says so.
"""

from dataclasses import dataclass

from viva.core.evidence import CheckOutcome, CheckRun, Ended
from viva.core.faults import in_words, likely_faults
from viva.core.requests import Request, RunChecks, request_digest
from viva.core.values import Attempt, Dimension, Grade, Question, Score, Unscored
from viva.grading.awaited import unscored_from
from viva.ports import Seen

TOLD = 3
"""Failing checks that are told in the grade's own sentences; all are in the evidence."""


def _request(attempt: Attempt, seed: str) -> RunChecks:
    return RunChecks(question=attempt.question_digest, of=attempt.digest, which="all", seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectnessGrader:
    """Grades `correctness` from one run of all checks."""

    name: str = "correctness@1"
    dimension: Dimension = Dimension.CORRECTNESS

    def applies(self, question: Question) -> bool:
        """Every question that takes code."""
        return question.takes_code

    def wants(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Request | None:
        """One run of all checks."""
        request = _request(attempt, seed)
        return None if request in seen else request

    def grade(self, question: Question, attempt: Attempt, seed: str, seen: Seen) -> Grade:
        """The weighted share of checks that passed, 0..1; 0 where the code could not be loaded."""
        request = _request(attempt, seed)
        run = seen.get(request)
        if not isinstance(run, CheckRun):
            return unscored_from(self.dimension, attempt, seen, self.name)
        value = share_passed(run)
        if value is None:
            why = run.says or "No check ran. That is our fault, not yours."
            return self._unscored(attempt, request, why)
        return Score(
            dimension=self.dimension,
            attempt=attempt.digest,
            value=value,
            because=because(run, question),
            evidence=(request_digest(request),),
            grader=self.name,
        )

    def _unscored(self, attempt: Attempt, request: RunChecks, why: str) -> Unscored:
        return Unscored(
            dimension=self.dimension,
            attempt=attempt.digest,
            whose="machine",
            why=why,
            evidence=(request_digest(request),),
            grader=self.name,
        )


def share_passed(run: CheckRun) -> float | None:
    """The weighted share of checks that passed, 0..1: 0 where the code could not be loaded, None where nothing can be
    said (our fault, or no check at all)."""
    if run.ended is Ended.CANDIDATE_ERROR:
        return 0.0
    total = sum(check.weight for check in run.checks)
    if run.ended is Ended.MACHINE_FAILED or total <= 0:
        return None
    return sum(check.weight for check in run.checks if check.passed and check.ran) / total


def because(run: CheckRun, question: Question) -> tuple[str, ...]:
    """Sentences that name what the value rests on: how it ended, how many checks passed, the first failing ones, and
    the bank's known fault (or two) where the failing checks are exactly its own."""
    failing = [check for check in run.checks if not check.passed]
    sentences = [run.says] if run.says else []
    if run.ended is not Ended.CANDIDATE_ERROR:
        sentences.append(_count(len(run.checks) - len(failing), len(run.checks)))
        sentences += [_told(check) for check in failing if check.ran][:TOLD]
        faults = likely_faults(frozenset(check.name for check in failing), question.faults)
        if faults and run.ended is Ended.FINISHED:
            sentences.append(f"It looks as if {in_words(faults)}.")
    return tuple(sentences)


def _count(passed: int, total: int) -> str:
    if passed == total:
        return "The one check passes." if total == 1 else f"All {total} checks pass."
    return f"{passed} of {total} checks pass."


def _told(check: CheckOutcome) -> str:
    place = f" (line {check.line})" if check.line is not None else ""
    return f"{check.title}: {check.says}{place}"
