"""Worked cases of `decide`: what comes first, what waits, and what ends an interview."""

from datetime import timedelta

import pytest

from tests.core.records import CODE, START, WORDS, attempt, opened, question, read_as, state_of
from tests.interviews.house import check_run
from viva.core.decisions import Award, Close, Decision, Perform, Say, Wait
from viva.core.events import (
    Agreed,
    Closed,
    Event,
    Graded,
    Heard,
    Observed,
    Paused,
    Posed,
    Pressed,
    Ran,
    Said,
    Submitted,
    TimeUp,
)
from viva.core.evidence import TurnKind
from viva.core.requests import MatchPoints, ReadTurn, Request, RunChecks, request_digest
from viva.core.state import State
from viva.core.values import Dimension, Draft, Mode, MoveKind, Score, seed_of
from viva.dialogue import next_move
from viva.grading import CorrectnessGrader, UnderstandingGrader
from viva.interviews.decide import Pending, Rules, decide, replaced, run_request, seed_for

BOOK = {"code": question(), "words": question("concept")}
RULES = Rules(graders=(CorrectnessGrader(), UnderstandingGrader()), policy=next_move)


def said(move: MoveKind) -> Said:
    return Said(by="viva", move=move, text="…", reason="test")


BEGUN: list[Event] = [
    opened(steps=(CODE,)),
    Agreed(deadline=START + timedelta(minutes=60)),
    said(MoveKind.BRIEF),
    Posed(step=0, deadline=START + timedelta(minutes=30)),
]
SUBMITTED = Submitted(attempt=attempt())
RAN = Ran(code="print(1)", framework="numpy")


def under_way(*requests: Request) -> Pending:
    return {request_digest(request): request for request in requests}


def decided(*events: Event, pending: Pending | None = None) -> Decision:
    return decide(state_of(*events), pending or {}, BOOK, RULES)


def hidden_run(state: State) -> RunChecks:
    """The request that an attempt's grader makes."""
    (entry,) = state.attempts
    digest = entry.attempt.question_digest
    return RunChecks(question=digest, of=entry.attempt.digest, which="all", seed=seed_for(state, entry))


def wanted(decision: Decision) -> Request:
    assert isinstance(decision, Perform), decision
    return decision.request


def test_a_message_is_read_before_a_run_and_a_run_before_an_attempt_is_judged() -> None:
    events = [*BEGUN, SUBMITTED, RAN, Heard(text="a hint, please")]
    state = state_of(*events)
    reading = wanted(decided(*events))
    assert isinstance(reading, ReadTurn) and reading.text == "a hint, please"
    run = wanted(decided(*events, pending=under_way(reading)))
    assert run == run_request(state, state.runs[0])
    busy = decided(*events, pending=under_way(reading, run))
    assert isinstance(busy, Wait), "one run at a time"
    assert wanted(decided(*events, Observed(request=request_digest(run), evidence=check_run(True)),
                          pending=under_way(reading))) == hidden_run(state)  # fmt: skip


def test_what_can_start_starts_before_a_grade_is_given() -> None:
    events = [*BEGUN, SUBMITTED]
    state = state_of(*events)
    events.append(Observed(request=request_digest(hidden_run(state)), evidence=check_run(True)))
    assert isinstance(decided(*events), Award)
    assert isinstance(wanted(decided(*events, Heard(text="…"))), ReadTurn)


def test_only_the_newest_run_is_made_and_what_it_replaced_is_said_so() -> None:
    first, second = state_of(*BEGUN, RAN), state_of(*BEGUN, RAN, RAN)
    older, newest = second.runs
    assert not replaced(first, first.runs[0], {}) and not replaced(second, newest, {})
    assert replaced(second, older, {})
    assert not replaced(second, older, under_way(run_request(second, older))), "what runs is not replaced"
    assert wanted(decided(*BEGUN, RAN, RAN)) == run_request(second, newest)


def test_every_run_and_attempt_has_a_seed_of_its_own() -> None:
    state = state_of(*BEGUN, RAN, RAN, SUBMITTED, Submitted(attempt=attempt("x = 1", 2)))
    seeds = [run_request(state, run).seed for run in state.runs] + [seed_for(state, entry) for entry in state.attempts]
    assert len(set(seeds)) == 4
    hidden, digest = state.opened.hidden_seed, CODE.question_digest
    assert seeds[0] == seed_of(hidden, digest, "run:5", "visible")
    assert seeds[2] == seed_of(hidden, digest, attempt().digest, "all")


def test_before_the_agreement_and_in_a_pause_viva_says_nothing_but_still_judges() -> None:
    assert decided(opened()) == Wait(until=None)
    paused = Paused(whose="candidate")
    assert decided(*BEGUN, paused) == Wait(until=None)
    assert isinstance(decided(*BEGUN, SUBMITTED, paused), Perform)
    assert isinstance(decided(*BEGUN, paused, Pressed(button="finish")), Say), "a pause cannot keep the end away"


def test_with_nothing_to_do_viva_waits_until_the_next_deadline() -> None:
    assert decided(*BEGUN) == Wait(until=START + timedelta(minutes=30))


@pytest.mark.parametrize("pending", [(), (MatchPoints(question=CODE.question_digest, of="so-far:5"),)])
def test_nothing_closes_while_something_is_under_way(pending: tuple[Request, ...]) -> None:
    end = [*BEGUN, Pressed(button="finish"), said(MoveKind.CLOSE)]
    expected = Wait(until=None) if pending else Close(why="finished")
    assert decided(*end, pending=under_way(*pending)) == expected


def test_what_was_handed_in_is_judged_before_the_end_and_nothing_after_it() -> None:
    end = [*BEGUN, SUBMITTED, Pressed(button="finish"), said(MoveKind.CLOSE)]
    request = hidden_run(state_of(*end))
    assert wanted(decided(*end)) == request
    assert decided(*end, pending=under_way(request)) == Wait(until=None)
    judged = [*end, Observed(request=request_digest(request), evidence=check_run(True))]
    award = decided(*judged)
    assert isinstance(award, Award) and isinstance(award.grade, Score)
    assert decided(*judged, Graded(grade=award.grade)) == Close(why="finished")
    assert decided(*end, Closed(why="finished")) == Wait(until=None)


def test_words_are_asked_of_the_grader_of_words_alone_and_unsent_ones_are_not_read() -> None:
    begun: list[Event] = [opened(steps=(WORDS,)), Agreed(deadline=None), said(MoveKind.BRIEF)]
    begun.append(Posed(step=0, deadline=None))
    sent: list[Event] = [*begun, Heard(text="an answer")]
    sent = [*sent, read_as(state_of(*sent), TurnKind.ANSWER), said(MoveKind.MOVE_ON)]
    unsent = TimeUp(of="question", drafts=(Draft(of="chat", question="words", framework=None, text="an answer"),))
    for events in (sent, [*begun, unsent]):
        request = wanted(decided(*events))
        assert isinstance(request, MatchPoints)
        after = [*events, Observed(request=request_digest(request), evidence=check_run(True))]
        award = decided(*after)
        assert isinstance(award, Award) and award.grade.dimension is Dimension.UNDERSTANDING
        assert isinstance(decided(*after, Graded(grade=award.grade)), Say)


def test_practice_goes_on_once_words_are_read_and_matched_and_a_screening_does_not_wait() -> None:
    def left(mode: Mode, ending: Event) -> list[Event]:
        begins: list[Event] = [
            opened(mode, (WORDS, CODE)),
            Agreed(deadline=None),
            said(MoveKind.BRIEF),
            Posed(step=0, deadline=None),
        ]
        heard: list[Event] = [*begins, Heard(text="…")]
        return [*heard, read_as(state_of(*heard), TurnKind.ANSWER), ending]

    on = left("practice", said(MoveKind.MOVE_ON))
    match = wanted(decided(*on))
    assert isinstance(match, MatchPoints)
    assert decided(*on, pending=under_way(match)) == Wait(until=None)
    closing = [*on, Posed(step=1, deadline=None), said(MoveKind.MOVE_ON)]
    assert decided(*closing, pending=under_way(match)) == Wait(until=None)
    for events in (left("screening", said(MoveKind.MOVE_ON)), left("practice", Pressed(button="finish"))):
        assert isinstance(decided(*events, pending=under_way(wanted(decided(*events)))), Say)
