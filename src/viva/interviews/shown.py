"""What the mode lets a candidate see of runs, checks and grades (the table in CONTRACTS 4). Law: everything that is
shown of evidence goes through here, and what is not allowed is left out, not blanked by the page."""

from typing import Literal

from viva.core.evidence import CheckOutcome, CheckRun, Evidence, NotObserved
from viva.core.look import resolve
from viva.core.requests import RunChecks
from viva.core.state import HandedIn, Run, State
from viva.core.values import Dimension, Grade, Score
from viva.interviews.decide import Pending, replaced, run_request, seed_for
from viva.interviews.views import AttemptJson, CheckJson, CheckRunJson, ReadJson, RunJson

Status = Literal["waiting", "done", "replaced", "failed", "received"]

NO_JAIL = "This ran without a jail."

Shown = Literal["all", "received", "titles"]
"""How much of an attempt's hidden checks is shown: everything (practice), only that it came in (an open screening), or
titles without inputs and expected values (a closed screening)."""


def shown_of_attempts(state: State) -> Shown:
    """What may be seen of attempts now."""
    if state.opened.mode == "practice":
        return "all"
    return "titles" if state.closed is not None else "received"


def grades_are_shown(state: State, step: int) -> bool:
    """Whether the grades of a question may be seen now: in practice once it was left, else after the end."""
    if state.opened.mode == "practice":
        return state.steps[step].left or state.closed is not None
    return state.closed is not None


def attempt_request(state: State, entry: HandedIn) -> RunChecks:
    """The request that judges an attempt by all checks."""
    return RunChecks(
        question=entry.attempt.question_digest, of=entry.attempt.digest, which="all", seed=seed_for(state, entry)
    )


def run_json(state: State, run: Run, pending: Pending) -> RunJson:
    """A run; its visible checks and prints are shown in every mode."""
    outcome = resolve(state, run_request(state, run))
    status, says, result = _status(outcome, "all")
    if result is not None:
        result["checks"] = [check for check in result["checks"] if check["visible"]]
    if status == "waiting" and replaced(state, run, pending):
        status, says = "replaced", "Replaced by a newer run before it started."
    return RunJson(
        seq=run.seq,
        at=run.at.isoformat(),
        question=state.steps[run.step].step.question,
        framework=run.framework,
        code=run.code,
        status=status,
        says=says,
        result=result,
    )


def attempt_json(state: State, entry: HandedIn) -> AttemptJson:
    """An attempt as the mode shows it; words have no run and are `received`."""
    attempt = entry.attempt
    status: Status = "received"
    says, result = "", None
    if attempt.framework is not None:
        status, says, result = _status(resolve(state, attempt_request(state, entry)), shown_of_attempts(state))
    return AttemptJson(
        seq=entry.seq,
        at=entry.at.isoformat(),
        question=attempt.question,
        framework=attempt.framework,
        code=attempt.content,
        status=status,
        says=says,
        result=result,
        id=attempt.digest,
        ordinal=attempt.ordinal,
        grades=_grades_beside(state, entry),
    )


def _grades_beside(state: State, entry: HandedIn) -> dict[str, ReadJson]:
    """Efficiency and craft of an attempt, which practice shows with it; not what nobody was to judge."""
    if state.opened.mode != "practice":
        return {}
    found = {of: state.grades.get((entry.attempt.digest, of)) for of in (Dimension.EFFICIENCY, Dimension.CRAFT)}
    return {dimension.value: read for dimension, grade in found.items() if (read := _read(grade)) is not None}


def _read(grade: Grade | None) -> ReadJson | None:
    if isinstance(grade, Score):
        return ReadJson(value=grade.value, unscored=None, because=list(grade.because))
    if grade is None or grade.whose == "nobody":
        return None
    return ReadJson(value=None, unscored=grade.why, because=[])


def _status(outcome: object, shown: Shown) -> tuple[Status, str, CheckRunJson | None]:
    if not isinstance(outcome, Evidence):
        return ("waiting", "", None) if shown != "received" else ("received", "Received.", None)
    if isinstance(outcome, NotObserved):
        return "failed", f"{outcome.why.rstrip('.')}. That is our fault, not yours, and it costs you no attempt.", None
    if shown == "received":
        return "received", "Received.", None
    return ("done", "", run_result(outcome, shown)) if isinstance(outcome, CheckRun) else ("failed", "", None)


def run_result(run: CheckRun, shown: Shown) -> CheckRunJson:
    """A `CheckRun` as shown."""
    return CheckRunJson(
        ended=run.ended,
        says=says_of(run),
        line=run.line,
        checks=[check_json(check, shown) for check in run.checks],
        prints=prints_of(run, shown),
        prints_cut=run.prints_cut and shown == "all",
        cpu_seconds=run.cpu_seconds,
        memory_mib=run.memory_mib,
        jail=run.jail,
    )


def says_of(run: CheckRun) -> str:
    """The sentence about a run, with the mark of one that had no jail."""
    return run.says if run.jail else f"{run.says} {NO_JAIL}".strip()


def prints_of(run: CheckRun, shown: Shown) -> str:
    """What the code printed, where everything is shown: in a run of hidden checks it may have printed their inputs."""
    return run.prints if shown == "all" else ""


def check_json(check: CheckOutcome, shown: Shown) -> CheckJson:
    """One check; a hidden one shows its words only where everything is shown."""
    open_words = shown == "all" or check.visible
    return CheckJson(
        name=check.name,
        title=check.title,
        passed=check.passed,
        weight=check.weight,
        visible=check.visible,
        says=check.says if open_words else "",
        line=check.line if open_words else None,
        ran=check.ran,
    )
