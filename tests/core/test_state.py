"""The fold: what each event does to the state, and which records are none."""

from dataclasses import replace
from datetime import timedelta
from typing import Literal

import pytest

from tests.core.records import CODE, START, WORDS, attempt, opened, read_as, rows, state_of
from viva.core.errors import BrokenRecord
from viva.core.events import (
    Agreed,
    Appealed,
    Asked,
    Closed,
    Erased,
    Event,
    Graded,
    Heard,
    Observed,
    Overruled,
    Paused,
    Posed,
    Pressed,
    Proposed,
    Ran,
    Refused,
    Resumed,
    Said,
    Submitted,
    TimeUp,
    Took,
    Undone,
)
from viva.core.evidence import NotObserved, TurnKind
from viva.core.look import all_attempts, due, kinds_of, next_deadline, reading, resolve
from viva.core.requests import ReadTurn, request_digest
from viva.core.state import State, fold
from viva.core.values import Dimension, Draft, Framework, MoveKind, Score, digest_of, seed_of

MINUTE = timedelta(minutes=1)


def said(move: MoveKind, level: int = 0) -> Said:
    return Said(by="viva", move=move, text=f"({move})", reason="test", level=level)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((), "no rows"),
        ((Heard(text="x"),), "begins with Opened"),
        ((None,), "begins with Opened"),
        ((opened(), opened()), "open already"),
        ((opened(), Ran(code="x", framework="numpy")), "no question is open"),
        ((opened(), Submitted(attempt=attempt())), "no question is open"),
    ],
)
def test_what_is_no_record_has_no_state(events: tuple[Event | None, ...], words: str) -> None:
    with pytest.raises(BrokenRecord, match=words):
        state_of(*events)


def test_a_gap_in_a_record_is_found() -> None:
    record = rows(opened(), Agreed(deadline=None), Heard(text="x"))
    with pytest.raises(BrokenRecord, match="row 3 came where row 2"):
        fold((record[0], record[2]))


def test_an_erased_row_counts_and_says_nothing() -> None:
    state = state_of(opened(), Agreed(deadline=None), None, Erased(seq=3, by="op", why="name"))
    assert state.length == 4
    assert state.lines == ()


def test_what_the_assistant_did_changes_nothing_here() -> None:
    before = state_of(opened(), Agreed(deadline=None))
    after = state_of(
        opened(),
        Agreed(deadline=None),
        Asked(text="help"),
        Proposed(proposal="p", text="t", diff=""),
        Took(proposal="p", hunks=(0,), changed=False),
        Refused(proposal="p"),
        Undone(proposal="p"),
    )
    assert (before.messages, before.attempts, before.lines) == (after.messages, after.attempts, after.lines)


def test_a_question_is_left_by_moving_on_by_time_by_finishing_and_by_the_end() -> None:
    posed = (opened(), Agreed(deadline=None), Posed(step=0, deadline=None))
    assert state_of(*posed).open_step is not None
    for leaving in (
        said(MoveKind.MOVE_ON),
        TimeUp(of="question", drafts=()),
        Pressed(button="finish"),
        Closed(why="done"),
    ):
        state = state_of(*posed, leaving)
        assert state.open_step is None and state.steps[0].left and state.steps[0].left_at == START + 3 * MINUTE
    for staying in (
        said(MoveKind.ACCEPT),
        TimeUp(of="nudge", drafts=()),
        Pressed(button="next"),
        Pressed(button="person"),
    ):
        assert state_of(*posed, staying).open_step is not None
    assert state_of(*posed, said(MoveKind.MOVE_ON), said(MoveKind.MOVE_ON)).steps[0].left_at == START + 3 * MINUTE


def test_only_a_hint_from_the_ladder_is_a_hint() -> None:
    posed = (opened(), Agreed(deadline=None), Posed(step=0, deadline=None))
    state = state_of(*posed, said(MoveKind.HINT, level=1), said(MoveKind.HINT, level=0))
    assert [hint.level for hint in state.steps[0].hints] == [1]


def test_a_verdict_on_a_message_is_told_of_the_question_that_it_answered_and_of_no_other() -> None:
    verdict = Said(by="viva", move=MoveKind.VERDICT, text="…", reason="test", about=4)
    on_words = state_of(opened(), Agreed(deadline=None), Posed(step=0, deadline=None), Heard(text="…"), verdict)
    assert [step.told for step in on_words.steps] == [True, False]
    on_code = state_of(
        opened(), Agreed(deadline=None), Posed(step=1, deadline=None), Submitted(attempt=attempt()), verdict
    )
    assert [step.told for step in on_code.steps] == [False, False]
    between = state_of(opened(), Agreed(deadline=None), Heard(text="…"), Heard(text="…"), verdict)
    assert [step.told for step in between.steps] == [False, False]
    assert {4} == on_words.answered == on_code.answered == between.answered


def test_a_pause_moves_the_open_deadlines_and_no_others() -> None:
    deadline = START + 30 * MINUTE
    state = state_of(
        opened(),
        Agreed(deadline=deadline),
        Posed(step=0, deadline=deadline),
        said(MoveKind.MOVE_ON),
        Posed(step=1, deadline=deadline),
        Paused(whose="candidate"),
        Heard(text="x"),
        Resumed(),
        Resumed(),
    )
    assert state.deadline == deadline + 2 * MINUTE
    assert state.steps[1].deadline == deadline + 2 * MINUTE
    assert state.steps[0].deadline == deadline
    assert state.paused_since is None


def test_a_machines_pause_counts_from_when_it_went_down() -> None:
    state = state_of(
        opened(), Agreed(deadline=START + 9 * MINUTE), Paused(whose="machine", since=START - 3 * MINUTE), Resumed()
    )
    assert state.deadline == START + 9 * MINUTE + 6 * MINUTE


def test_time_hands_in_the_drafts_of_the_open_question_and_no_others() -> None:
    def draft(of: Literal["editor", "chat"], question: str, framework: Framework | None = None) -> Draft:
        return Draft(of=of, question=question, framework=framework, text=f"{of} of {question}")

    drafts = (draft("chat", "code"), draft("editor", "code", "numpy"), draft("editor", "code"), draft("chat", "words"))
    state = state_of(
        opened(), Agreed(deadline=None), Posed(step=1, deadline=None), TimeUp(of="interview", drafts=drafts)
    )
    assert [entry.attempt.content for entry in state.attempts] == ["editor of code"]
    assert [message.text for message in state.messages] == ["chat of code"]
    assert state.time_up and state.open_step is None
    assert state_of(opened(), TimeUp(of="question", drafts=drafts)).attempts == ()


def test_words_that_time_handed_in_are_an_answer_unread() -> None:
    unsent = Draft(of="chat", question="words", framework=None, text="next, please")
    state = state_of(
        opened(),
        Agreed(deadline=None),
        Posed(step=0, deadline=None),
        TimeUp(of="question", drafts=(unsent,)),
    )
    assert kinds_of(state, state.messages[0]) == frozenset({TurnKind.ANSWER})
    (entry,) = all_attempts(state)
    assert (entry.attempt.content, entry.attempt.spans, entry.seq) == ("next, please", ((4, 0),), 4)


def test_a_message_is_kept_with_what_viva_said_last_before_it() -> None:
    talk = (Heard(text="first"), said(MoveKind.ACCEPT), Heard(text="second"), Heard(text="third"))
    state = state_of(opened(), Agreed(deadline=None), Posed(step=0, deadline=None), *talk)
    assert [message.before for message in state.messages] == ["", "(accept)", "(accept)"]


def test_a_run_is_kept_at_the_question_that_is_open() -> None:
    state = state_of(
        opened(), Agreed(deadline=None), Posed(step=1, deadline=None), Ran(code="print(1)", framework="numpy")
    )
    (run,) = state.runs
    assert (run.seq, run.step, run.code, run.framework, run.at) == (4, 1, "print(1)", "numpy", START + 3 * MINUTE)
    assert state.attempts == (), "a run is no attempt"


def test_a_grade_replaces_an_earlier_one_of_its_dimension_and_no_other() -> None:
    def graded(value: float, dimension: Dimension) -> Graded:
        of = attempt().digest
        return Graded(grade=Score(dimension=dimension, attempt=of, value=value, because=(), evidence=(), grader="g@1"))

    state = state_of(
        opened(),
        graded(0.25, Dimension.CORRECTNESS),
        graded(0.5, Dimension.CRAFT),
        graded(1.0, Dimension.CORRECTNESS),
    )
    values = {key: grade.value for key, grade in state.grades.items() if isinstance(grade, Score)}
    of = attempt().digest
    assert values == {(of, Dimension.CORRECTNESS): 1.0, (of, Dimension.CRAFT): 0.5}


def test_a_persons_word_and_an_appeal_are_kept_by_question_and_dimension() -> None:
    word = Overruled(question="code", dimension=Dimension.CORRECTNESS, value=1.0, reason="typo", by="op")
    state = state_of(opened(), word, Appealed(question="code", dimension=Dimension.CRAFT, text="why?"))
    assert state.overruled[("code", Dimension.CORRECTNESS)] == word
    assert [(appeal.seq, appeal.dimension) for appeal in state.appeals] == [(3, Dimension.CRAFT)]


# ---- what is asked of a state


def with_deadlines(*more: Event) -> State:
    first, second = START + 20 * MINUTE, START + 10 * MINUTE
    return state_of(opened(), Agreed(deadline=first), Posed(step=0, deadline=second), *more)


def test_the_interviews_deadline_comes_before_a_questions() -> None:
    state = with_deadlines()
    assert next_deadline(state) == START + 10 * MINUTE
    assert due(state, START + 10 * MINUTE - timedelta(microseconds=1)) is None
    assert due(state, START + 10 * MINUTE) == "question"
    assert due(state, START + 20 * MINUTE) == "interview"
    assert due(with_deadlines(said(MoveKind.MOVE_ON)), START + 15 * MINUTE) is None


@pytest.mark.parametrize(
    "still",
    [
        (Paused(whose="candidate"),),
        (Closed(why="done"),),
        (Pressed(button="finish"),),
        (TimeUp(of="interview", drafts=()),),
    ],
)
def test_a_clock_that_stands_still_makes_nothing_due(still: tuple[Event, ...]) -> None:
    state = with_deadlines(*still)
    assert due(state, START + 99 * MINUTE) is None
    assert next_deadline(state) is None


def test_before_the_agreement_no_clock_runs() -> None:
    assert due(state_of(opened()), START + 99 * MINUTE) is None
    assert next_deadline(state_of(opened(), Agreed(deadline=None))) is None


FAULT = NotObserved(whose="machine", why="x")


def test_a_request_is_made_twice_at_most_and_a_fault_of_nobody_once() -> None:
    request = ReadTurn(message=1, before="", text="x")
    first, again = request_digest(request), request_digest(ReadTurn(message=1, before="", text="x", tries=1))
    assert first != again
    assert resolve(state_of(opened()), request) == request
    once = state_of(opened(), Observed(request=first, evidence=FAULT))
    asked_again = resolve(once, request)
    assert isinstance(asked_again, ReadTurn) and asked_again.tries == 1
    twice = state_of(opened(), Observed(request=first, evidence=FAULT), Observed(request=again, evidence=FAULT))
    assert resolve(twice, request) == FAULT
    assert resolve(state_of(opened()), asked_again) == request, "the first try comes first"
    nobody = NotObserved(whose="nobody", why="x")
    assert resolve(state_of(opened(), Observed(request=first, evidence=nobody)), request) == nobody


def heard(text: str) -> State:
    return state_of(opened(), Agreed(deadline=None), Posed(step=0, deadline=None), Heard(text=text))


def test_an_unread_message_has_no_kind_and_one_that_could_not_be_read_is_an_answer() -> None:
    state = heard("x")
    (message,) = state.messages
    assert kinds_of(state, message) is None
    digest = request_digest(reading(message))
    failed = fold(
        rows(
            opened(),
            Agreed(deadline=None),
            Posed(step=0, deadline=None),
            Heard(text="x"),
            Observed(request=digest, evidence=NotObserved(whose="nobody", why="x")),
        )
    )
    assert kinds_of(failed, message) == frozenset({TurnKind.ANSWER})


def test_kinds_count_from_one_half_and_the_likeliest_always() -> None:
    base: tuple[Event, ...] = (opened(), Agreed(deadline=None), Posed(step=0, deadline=None), Heard(text="x"))
    sure = state_of(*base, read_as(heard("x"), TurnKind.ANSWER, TurnKind.NEXT, probability=0.5))
    assert kinds_of(sure, sure.messages[0]) == frozenset({TurnKind.ANSWER, TurnKind.NEXT})
    unsure = state_of(*base, read_as(heard("x"), TurnKind.HINT, TurnKind.NEXT, probability=0.4))
    assert kinds_of(unsure, unsure.messages[0]) == frozenset({TurnKind.HINT})


def test_words_are_joined_from_answers_and_corrections_with_their_places() -> None:
    events: list[Event] = [opened(), Agreed(deadline=None), Posed(step=0, deadline=None)]
    for text, kind in [("one", TurnKind.ANSWER), ("hint?", TurnKind.HINT), ("two", TurnKind.CORRECTION)]:
        events.append(Heard(text=text))
        events.append(read_as(state_of(*events), kind))
    assert all_attempts(state_of(*events)) == (), "words are an attempt only once the question was left"
    events.append(said(MoveKind.MOVE_ON))
    (entry,) = all_attempts(state_of(*events))
    assert entry.attempt.content == "one\n\ntwo"
    assert entry.attempt.spans == ((4, 0), (8, 5))
    assert entry.attempt.framework is None and entry.step == 0 and entry.seq == 8


def test_words_wait_until_every_message_is_read() -> None:
    left = fold(
        rows(opened(), Agreed(deadline=None), Posed(step=0, deadline=None), Heard(text="x"), said(MoveKind.MOVE_ON))
    )
    assert all_attempts(left) == ()
    silent = fold(rows(opened(), Agreed(deadline=None), Posed(step=0, deadline=None), said(MoveKind.MOVE_ON)))
    assert all_attempts(silent) == ()


def test_attempts_come_by_step_and_then_in_order() -> None:
    events: list[Event] = [opened(steps=(CODE, WORDS)), Agreed(deadline=None), Posed(step=0, deadline=None)]
    events += [Submitted(attempt=attempt("b")), Submitted(attempt=attempt("a", 2))]
    assert [entry.attempt.content for entry in all_attempts(state_of(*events))] == ["b", "a"]


def test_attempts_follow_the_plan_whatever_was_posed_first() -> None:
    later = attempt("second in the plan")
    first = replace(later, question="other", content="first in the plan")
    state = state_of(
        opened(steps=(replace(CODE, question="other"), CODE)),
        Posed(step=1, deadline=None),
        Submitted(attempt=later),
        said(MoveKind.MOVE_ON),
        Posed(step=0, deadline=None),
        Submitted(attempt=first),
    )
    assert [entry.attempt.content for entry in all_attempts(state)] == ["first in the plan", "second in the plan"]


def test_digests_and_seeds_tell_their_parts_apart() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc") != digest_of("abc")
    assert digest_of("\ud800") != digest_of("?")
    seeds = {seed_of("ab" * 16, *parts) for parts in [("a", "b"), ("ab", ""), ("a", "b", ""), ("b", "a")]}
    assert len(seeds) == 4 and all(len(seed) == 32 for seed in seeds)
    assert seed_of("cd" * 16, "a", "b") != seed_of("ab" * 16, "a", "b")
    assert attempt("x", 1).digest != attempt("x", 2).digest
