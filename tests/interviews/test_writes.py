"""Worked cases of what a candidate's write becomes: at which state it is taken, and with which words it is refused."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.core.records import CODE, WORDS, attempt, opened, question, state_of
from viva.core.errors import CandidateError, InterviewClosed, NotNow, QuestionLeft, TooLarge
from viva.core.events import (
    Agreed,
    Appealed,
    Closed,
    Event,
    Graded,
    Heard,
    Paused,
    Posed,
    Pressed,
    Ran,
    Resumed,
    Said,
    Submitted,
    TimeUp,
)
from viva.core.state import State
from viva.core.values import Dimension, Mode, MoveKind, Step, Unscored
from viva.interviews import writes
from viva.interviews.writes import TEXT_LIMIT, Appeal

BOOK = {"code": replace(question(), frameworks=("numpy", "torch")), "words": question("concept")}
LEFT = Said(by="viva", move=MoveKind.MOVE_ON, text="On.", reason="test")
FINISH, END = Pressed(button="finish"), TimeUp(of="interview", drafts=())


def at(step: Step, *events: Event, mode: Mode = "practice") -> State:
    """The state in which a question is open, and after what else happened."""
    return state_of(opened(mode, (step,)), Agreed(deadline=None), Posed(step=0, deadline=None), *events)


def test_a_text_at_the_limit_is_taken_and_one_over_it_is_not() -> None:
    writes.bounded("x" * TEXT_LIMIT)
    with pytest.raises(TooLarge, match="262,145 characters; at most 262,144"):
        writes.bounded("x" * (TEXT_LIMIT + 1))


@pytest.mark.parametrize("state", [at(CODE, LEFT), at(WORDS), state_of(opened())], ids=("left", "other", "none open"))
def test_what_was_meant_for_another_question_is_refused_whatever_it_is(state: State) -> None:
    left = pytest.raises(QuestionLeft, match="'code' is no longer open")
    with left:
        writes.message(state, "x", "code")
    with left:
        writes.run(state, BOOK, "x", "numpy", "code")
    with left:
        writes.hand_in(state, BOOK, "x", "numpy", "code")
    with left:
        writes.hand_in(state, BOOK, "x", None, "code")
    with left:
        writes.draft(state, BOOK, ("chat", "x"), "code", None)


def test_a_message_names_no_question_or_the_open_one() -> None:
    for named in (None, "code"):
        assert writes.message(at(CODE), "x", named) == (Heard(text="x"),)
    assert writes.message(at(CODE, LEFT), "x", None) == (Heard(text="x"),)


def test_code_is_run_and_handed_in_where_its_question_takes_it_in_its_framework() -> None:
    assert writes.run(at(CODE), BOOK, "x", "torch", "code") == (Ran(code="x", framework="torch"),)
    (event,) = writes.hand_in(at(CODE, Submitted(attempt=attempt())), BOOK, "y", "numpy", None)
    assert event == Submitted(attempt=attempt("y", 2))
    with pytest.raises(CandidateError) as refused:
        writes.run(at(CODE), BOOK, "x", "jax", None)
    assert refused.value.mend == "Choose one of: numpy, torch."
    with pytest.raises(CandidateError, match="not offered in 'jax'"):
        writes.hand_in(at(CODE), BOOK, "x", "jax", None)
    with pytest.raises(CandidateError, match="takes code, and this was text"):
        writes.hand_in(at(CODE), BOOK, "x", None, None)


def test_code_is_refused_where_words_are_asked_or_nothing_is_open() -> None:
    for state, says in [(at(WORDS), "answered in words"), (at(CODE, LEFT), "No question is open")]:
        with pytest.raises(NotNow, match=says):
            writes.run(state, BOOK, "x", "numpy", None)
        with pytest.raises(NotNow, match=says):
            writes.hand_in(state, BOOK, "x", "numpy", None)
    with pytest.raises(NotNow, match="No question is open"):
        writes.hand_in(at(WORDS, LEFT), BOOK, "x", None, None)
    assert writes.hand_in(at(WORDS), BOOK, "x", None, "words") == (Heard(text="x"),)


def test_the_last_attempt_is_taken_none_after_it_and_our_fault_gives_one_back() -> None:
    one, two = Submitted(attempt=attempt()), Submitted(attempt=attempt("x", 2))
    ours = Unscored(
        dimension=Dimension.CORRECTNESS, attempt=attempt().digest, whose="machine", why="x", evidence=(), grader="g@1"
    )
    assert len(writes.hand_in(at(CODE, one), BOOK, "x", "numpy", None)) == 1
    with pytest.raises(NotNow, match="Every attempt"):
        writes.hand_in(at(CODE, one, two), BOOK, "x", "numpy", None)
    (event,) = writes.hand_in(at(CODE, one, two, Graded(grade=ours)), BOOK, "z", "numpy", None)
    assert event == Submitted(attempt=attempt("z", 3))
    with pytest.raises(NotNow, match="Every attempt"):
        writes.hand_in(at(CODE, one, two, Graded(grade=replace(ours, whose="nobody"))), BOOK, "x", "numpy", None)


def test_a_draft_belongs_to_the_open_question_and_only_code_has_a_framework() -> None:
    code = writes.draft(at(CODE), BOOK, ("editor", "x"), None, "torch")
    assert (code.of, code.question, code.framework, code.text) == ("editor", "code", "torch", "x")
    chat = writes.draft(at(CODE), BOOK, ("chat", "x"), "code", "torch")
    assert (chat.of, chat.question, chat.framework) == ("chat", "code", None)
    assert writes.draft(at(CODE), BOOK, ("editor", "x"), None, None).framework == "numpy", "the first one offered"
    with pytest.raises(NotNow, match="No question is open"):
        writes.draft(at(CODE, LEFT), BOOK, ("chat", "x"), None, None)


@pytest.mark.parametrize("end", [FINISH, END, Closed(why="done")])
def test_after_the_end_no_draft_is_kept(end: Event) -> None:
    with pytest.raises(InterviewClosed):
        writes.draft(at(CODE, end), BOOK, ("chat", "x"), None, None)


def test_an_appeal_names_a_question_of_this_interview_in_bounded_words() -> None:
    told = Appeal(question="code", dimension=Dimension.CRAFT, text="why?")
    both = state_of(opened())
    assert writes.appeal(both, told) == (Appealed(question="code", dimension=Dimension.CRAFT, text="why?"),)
    with pytest.raises(CandidateError, match="names question, dimension and text"):
        writes.appeal(both, None)
    with pytest.raises(CandidateError, match="no question 'other'"):
        writes.appeal(both, replace(told, question="other"))
    with pytest.raises(TooLarge):
        writes.appeal(both, replace(told, text="x" * (TEXT_LIMIT + 1)))


def test_the_clock_is_stopped_and_started_once_and_in_practice_only() -> None:
    paused = Paused(whose="candidate")
    assert writes.clock(at(CODE), "pause") == (paused,)
    assert writes.clock(at(CODE), "resume") == ()
    assert writes.clock(at(CODE, paused), "pause") == ()
    assert writes.clock(at(CODE, paused), "resume") == (Resumed(),)
    for mode in ("screening", "live"):
        with pytest.raises(NotNow, match="one clock"):
            writes.clock(at(CODE, mode=mode), "pause")
        by_person = at(CODE, Paused(whose="person"), mode=mode)
        assert writes.clock(by_person, "resume") == (Resumed(),), "what stands still can go on"


WORK: list[Sequence[Event]] = [
    (Heard(text="x"),),
    (Ran(code="x", framework="numpy"),),
    (Submitted(attempt=attempt()),),
    (Pressed(button="hint"),),
    (Pressed(button="next"),),
    (Pressed(button="finish"), Heard(text="x")),
]
APPEAL = Appealed(question="code", dimension=Dimension.CRAFT, text="x")


@pytest.mark.parametrize("events", WORK)
def test_a_pause_takes_no_work_and_an_end_takes_nothing(events: Sequence[Event]) -> None:
    assert writes.guarded(at(CODE), events) == events
    with pytest.raises(NotNow, match="paused; nothing was taken"):
        writes.guarded(at(CODE, Paused(whose="candidate")), events)
    with pytest.raises(InterviewClosed):
        writes.guarded(at(CODE, Closed(why="done")), events)


@pytest.mark.parametrize("event", [Pressed(button="finish"), Pressed(button="person"), Resumed(), APPEAL])
def test_a_pause_can_be_ended_and_a_person_asked_for_in_it(event: Event) -> None:
    assert writes.guarded(at(CODE, Paused(whose="candidate")), (event,)) == (event,)


def test_an_appeal_is_taken_after_the_end_and_nothing_beside_it() -> None:
    closed = at(CODE, Closed(why="done"))
    assert writes.guarded(closed, (APPEAL,)) == (APPEAL,)
    with pytest.raises(InterviewClosed):
        writes.guarded(closed, (APPEAL, Heard(text="x")))
