"""The interview as its candidate sees it, derived from the live state. Pure but for the clock's reading it is handed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from viva.bank import view as candidate_view
from viva.core.state import State, StepState
from viva.core.values import Dimension, Question, Unscored
from viva.interviews.live import Live
from viva.interviews.shown import attempt_json, run_json
from viva.interviews.views import (
    BriefingJson,
    DraftJson,
    InterviewJson,
    LineJson,
    OpenQuestionJson,
    QuestionJson,
    StepJson,
)
from viva.ports import SavedDraft


def attempts_left(state: State, step: int) -> int | None:
    """Attempts that may still be handed in at a step, None without limit. One that our fault left unscored costs nothing."""
    most = state.steps[step].step.attempts
    if most is None:
        return None
    spared = 0
    for entry in state.attempts_of(step):
        grade = state.grades.get((entry.attempt.digest, Dimension.CORRECTNESS))
        spared += isinstance(grade, Unscored) and grade.whose == "machine"
    return max(0, most - len(state.attempts_of(step)) + spared)


def question_json(question: Question) -> QuestionJson:
    """A question as the candidate may see it."""
    seen = candidate_view(question)
    return QuestionJson(
        id=seen.id,
        title=seen.title,
        kind=seen.kind,
        level=seen.level,
        minutes=seen.minutes,
        topics=list(seen.topics),
        frameworks=list(seen.frameworks),
        starters={str(framework): text for framework, text in seen.starters},
        statement=seen.statement,
        given=seen.given,
        forbid=list(seen.forbid),
        hints=seen.hints,
    )


def interview_view(token: str, live: Live, drafts: Sequence[SavedDraft], now: datetime) -> InterviewJson:
    """`GET /interviews/{id}`."""
    state = live.state
    step = state.open_step
    of_question = [saved for saved in drafts if step is not None and saved.draft.question == step.step.question]
    kept = [_draft(saved) for saved in of_question]
    return InterviewJson(
        id=token,
        mode=state.opened.mode,
        track=state.opened.plan.track,
        title=state.opened.plan.title,
        status=status(state),
        agreed=state.agreed_at is not None,
        waiting_for=_waiting_for(live),
        now=now.isoformat(),
        deadline=_iso(state.deadline),
        length=state.length,
        steps=[_step(state, entry) for entry in state.steps],
        briefing=_briefing(state),
        question=_open_question(live, step),
        transcript=[_line(state, index) for index in range(len(state.lines))],
        draft=next((draft for draft in kept if draft["of"] == "editor"), None),
        chat=next((draft for draft in kept if draft["of"] == "chat"), None),
        drafts=kept,
        runs=[run_json(state, run, live.pending) for run in state.runs],
        attempts=[attempt_json(state, entry) for entry in state.attempts],
    )


def status(state: State) -> Literal["open", "paused", "closed"]:
    """Whether the interview goes on."""
    if state.closed is not None:
        return "closed"
    return "paused" if state.paused_since is not None else "open"


def _waiting_for(live: Live) -> Literal["candidate", "viva", "nobody"]:
    if live.state.closed is not None:
        return "nobody"
    if live.state.agreed_at is None:
        return "candidate"
    return "candidate" if live.answered else "viva"


def _open_question(live: Live, step: StepState | None) -> OpenQuestionJson | None:
    if step is None or live.state.current is None:
        return None
    return OpenQuestionJson(
        **question_json(live.book[step.step.question]),
        step=live.state.current + 1,
        deadline=_iso(step.deadline),
        hints_used=len(step.hints),
        attempts_left=attempts_left(live.state, live.state.current),
    )


def _step(state: State, entry: StepState) -> StepJson:
    secret = state.opened.mode != "practice" and entry.posed_at is None and state.closed is None
    ahead: Literal["ahead", "open", "left"] = "ahead" if entry.posed_at is None else "left" if entry.left else "open"
    return StepJson(
        title="" if secret else entry.step.title,
        kind=entry.step.kind,
        minutes=entry.step.minutes,
        status=ahead,
        question=None if secret else entry.step.question,
    )


def _line(state: State, index: int) -> LineJson:
    line = state.lines[index]
    return LineJson(
        seq=line.seq, at=line.at.isoformat(), who=line.who, text=line.text, move=line.move, level=line.level
    )


def _draft(saved: SavedDraft) -> DraftJson:
    draft = saved.draft
    return DraftJson(of=draft.of, question=draft.question, framework=draft.framework, text=draft.text, n=saved.n)


def _briefing(state: State) -> BriefingJson:
    plan = state.opened.plan
    return BriefingJson(
        title=plan.title,
        minutes=plan.minutes,
        questions=len(plan.steps),
        allowed=plan.allowed,
        pause=state.opened.mode == "practice",
        text="",
    )


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
