"""The scorecard: what grades and record say, as JSON; every point opens its evidence. Law: derived from the record
alone, and nothing is shown that the mode does not allow yet."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from viva.core.events import Overruled
from viva.core.evidence import CheckRun, Costs, Evidence, Findings, Matches, NotObserved
from viva.core.look import all_attempts
from viva.core.state import HandedIn, State, takes_code
from viva.core.values import Attempt, Digest, Dimension, Grade, Question, Score, Unscored
from viva.grading.efficiency import ROW_LOOP
from viva.interviews.costs import cost_evidence
from viva.interviews.live import Live
from viva.interviews.quotes import quote_evidence, reasons
from viva.interviews.shown import (
    Shown,
    attempt_json,
    check_json,
    grades_are_shown,
    prints_of,
    says_of,
    shown_of_attempts,
)
from viva.interviews.summary import good_sentences, headline, next_sentences
from viva.interviews.view import status
from viva.interviews.views import (
    EvidenceJson,
    GradeJson,
    HintJson,
    MessageJson,
    ScorecardJson,
    ScoredQuestionJson,
    SolutionJson,
)

Files = Mapping[str, Mapping[str, bytes]]
"""The files of the questions whose solutions may be shown, by question id."""


def scorecard(token: str, live: Live, files: Files, now: datetime) -> ScorecardJson:
    """`GET …/scorecard`."""
    state = live.state
    questions = [
        scored_question(live, index, files) for index, step in enumerate(state.steps) if step.posed_at is not None
    ]
    shown = any(question["grades"] for question in questions)
    plan = state.opened.plan
    return ScorecardJson(
        id=token,
        mode=state.opened.mode,
        title=plan.title,
        status=status(state),
        pending=state.closed is None,
        shown=shown,
        headline=headline(state, questions),
        good=good_sentences(questions),
        next=next_sentences(state, live.book, questions),
        opened_at=state.opened_at.isoformat(),
        minutes_used=_minutes_used(state, now),
        minutes=plan.minutes,
        questions=questions,
    )


def scored_question(live: Live, index: int, files: Files) -> ScoredQuestionJson:
    """One question of the scorecard."""
    state = live.state
    step = state.steps[index]
    attempts = [entry for entry in all_attempts(state) if entry.step == index]
    counting = counts(state, attempts)
    shown = grades_are_shown(state, index)
    return ScoredQuestionJson(
        question=step.step.question,
        title=step.step.title,
        kind=step.step.kind,
        left=step.left,
        attempts=[attempt_json(state, entry) for entry in attempts],
        counts=counting.attempt.digest if counting is not None else None,
        messages=[MessageJson(seq=message.seq, text=message.text) for message in state.messages_of(index)],
        hints=[HintJson(level=hint.level, text=hint.text) for hint in step.hints],
        grades=_grades(state, index, counting, live.book[step.step.question]) if shown else {},
        solution=_solution(live.book[step.step.question], files.get(step.step.question)) if shown else None,
    )


def counts(state: State, attempts: Sequence[HandedIn]) -> HandedIn | None:
    """The attempt that counts: the last whose main dimension was scored, else the last."""
    scored = [entry for entry in attempts if isinstance(state.grades.get(_main(entry)), Score)]
    kept = scored or list(attempts)
    return kept[-1] if kept else None


def _main(entry: HandedIn) -> tuple[Digest, Dimension]:
    """The grade that says whether our fault kept an attempt from counting: craft alone does not make up for a run."""
    words = entry.attempt.framework is None
    return entry.attempt.digest, Dimension.UNDERSTANDING if words else Dimension.CORRECTNESS


def _grades(state: State, index: int, counting: HandedIn | None, question: Question) -> dict[str, GradeJson]:
    step = state.steps[index].step
    found: dict[Dimension, GradeJson] = {}
    if counting is None:
        main = Dimension.CORRECTNESS if takes_code(step) else Dimension.UNDERSTANDING
        found[main] = _no_grade("Nothing was handed in", "There is nothing to judge, so there is no grade.")
    else:
        of = {dimension: state.grades.get((counting.attempt.digest, dimension)) for dimension in Dimension}
        found = {
            dimension: _grade(state, grade, counting.attempt, question)
            for dimension, grade in of.items()
            if grade is not None
        }
    for (overruled, dimension), word in state.overruled.items():
        if overruled == step.question:
            unheard = _no_grade("Nothing was graded", "There was no grade before a person set one.")
            found[dimension] = _by_word(found.get(dimension, unheard), word)
    return {dimension.value: found[dimension] for dimension in Dimension if dimension in found}


def _grade(state: State, grade: Grade, attempt: Attempt, question: Question) -> GradeJson:
    shown = shown_of_attempts(state)
    evidence: list[EvidenceJson] = []
    because = list(grade.because) if isinstance(grade, Score) else []
    if shown == "titles" and grade.dimension in (Dimension.CORRECTNESS, Dimension.UNDERSTANDING):
        because = because[:1]  # the sentences beyond the count tell inputs of hidden checks, or points not said
    for digest in grade.evidence:
        seen = state.evidence.get(digest)
        if isinstance(seen, Findings) and grade.dimension is Dimension.EFFICIENCY:
            seen = Findings(findings=tuple(one for one in seen.findings if one.rule == ROW_LOOP))
        if isinstance(seen, Matches):
            evidence += quote_evidence(digest, seen, question, attempt, told=shown == "all")
            because = reasons(question, attempt, seen) if because and shown == "titles" else because
        else:
            evidence += _evidence(digest, seen, shown)
    return GradeJson(
        value=grade.value if isinstance(grade, Score) else None,
        unscored=grade.why if isinstance(grade, Unscored) else None,
        whose=grade.whose if isinstance(grade, Unscored) else None,
        because=because,
        evidence=evidence,
        grader=grade.grader,
        overruled=None,
    )


def _by_word(machine: GradeJson, word: Overruled) -> GradeJson:
    """A grade that a person set; what the machine found stays beside it."""
    told = f"A person set this, {word.by}: {word.reason}"
    return {**machine, "value": word.value, "unscored": None, "overruled": told}


def _no_grade(title: str, says: str) -> GradeJson:
    return GradeJson(
        value=None,
        unscored=f"{title}.",
        whose="nobody",
        because=[],
        evidence=[EvidenceJson(kind="none", id="", title=title, says=says)],
        grader="",
        overruled=None,
    )


def _evidence(digest: Digest, evidence: Evidence | None, shown: Shown) -> list[EvidenceJson]:
    match evidence:
        case CheckRun():
            return _run_evidence(digest, evidence, shown)
        case Findings(findings=()):
            says = "No rule of craft found anything to mend."
            return [EvidenceJson(kind="none", id=digest, title="The code was read", says=says)]
        case Findings(findings=findings):
            return [
                EvidenceJson(kind="finding", id=digest, title=found.rule, says=found.says, line=found.line)
                for found in findings
            ]
        case Costs():
            return [cost_evidence(digest, evidence, everything=shown == "all")]
        case NotObserved(why=why):
            return [EvidenceJson(kind="none", id=digest, title="What was recorded", says=why)]
        case None:
            return [EvidenceJson(kind="none", id=digest, title="Erased", says="The evidence for this was erased.")]
        case _:
            return []


def _run_evidence(digest: Digest, run: CheckRun, shown: Shown) -> list[EvidenceJson]:
    entries = [
        EvidenceJson(
            kind="run",
            id=digest,
            title="The run",
            says=says_of(run) or "The run finished.",
            ended=run.ended,
            line=run.line,
            cpu_seconds=run.cpu_seconds,
            memory_mib=run.memory_mib,
            prints=prints_of(run, shown),
        )
    ]
    for check in run.checks:
        told = check_json(check, shown)
        entries.append(
            EvidenceJson(
                kind="check",
                id=f"{digest}#{check.name}",
                title=told["title"],
                says=told["says"],
                passed=told["passed"],
                weight=told["weight"],
                visible=told["visible"],
                line=told["line"],
            )
        )
    return entries


def _solution(question: Question, files: Mapping[str, bytes] | None) -> SolutionJson | None:
    if files is None:
        return None
    text = {name: content.decode("utf-8", "replace") for name, content in files.items()}
    return SolutionJson(
        solutions={f: text[f"{f}/solution.py"] for f in question.frameworks if f"{f}/solution.py" in text},
        answers=[_body(text[name]) for name in sorted(text) if name.startswith("answers/strong_")],
        faults=[f"It goes wrong when {fault.says}." for fault in question.faults],
    )


def _body(markdown: str) -> str:
    """A worked answer without its front matter."""
    for fence in ("---", "+++"):
        if markdown.startswith(fence + "\n"):
            return markdown.split("\n" + fence + "\n", 1)[-1].strip()
    return markdown.strip()


def _minutes_used(state: State, now: datetime) -> float:
    if state.agreed_at is None:
        return 0.0
    return round(((state.closed_at or now) - state.agreed_at).total_seconds() / 60, 1)
