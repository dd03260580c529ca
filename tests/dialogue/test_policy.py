"""The interviewer's moves, as worked cases: what was done, how it was read, and what is said next."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.core.records import CODE, START, WORDS, attempt, opened, question, read_as, state_of
from viva.core.decisions import Close, Move, Say, Wait
from viva.core.events import Agreed, Event, Graded, Heard, Observed, Posed, Press, Pressed, Said, Submitted, TimeUp
from viva.core.evidence import CheckRun, Ended, TurnKind
from viva.core.state import State
from viva.core.values import Digest, Dimension, Draft, Grade, Mode, MoveKind, Question, Score, Step, Unscored, digest_of
from viva.dialogue import AuthorVoice, next_move
from viva.dialogue.phrases import PHRASES
from viva.dialogue.voice import fill


def asked(kind: str, hints: int = 3, simple: str = "In short.") -> Question:
    texts = tuple(f"hint {n}" for n in range(1, hints + 1))
    return replace(
        question("coding" if kind == "code" else "concept"), id=kind, hints=texts, simple=simple, statement="Long."
    )


BOOK = {"code": asked("code"), "words": asked("words")}


def said(move: MoveKind, about: int | None = None, level: int = 0) -> Said:
    return Said(by="viva", move=move, text="…", reason="test", about=about, level=level)


def begun(step: Step, mode: Mode = "practice") -> list[Event]:
    """A record up to the question that was just posed; the next row is 5."""
    return [opened(mode, (step,)), Agreed(deadline=None), said(MoveKind.BRIEF), Posed(step=0, deadline=None)]


def move_after(events: list[Event], book: dict[str, Question] = BOOK) -> Move:
    decision = next_move(state_of(*events), book)
    assert isinstance(decision, Say), decision
    return decision.move


def heard(events: list[Event], *kinds: TurnKind) -> list[Event]:
    """The record after a message that was read as `kinds`."""
    more: list[Event] = [*events, Heard(text="…")]
    return [*more, read_as(state_of(*more), *kinds)]


def test_an_interview_begins_with_saying_what_asks_and_how_it_grades() -> None:
    for mode in ("practice", "screening", "live"):
        events: list[Event] = [opened(mode), Agreed(deadline=None)]
        move = move_after(events)
        assert (move.kind, move.phrase) == (MoveKind.BRIEF, f"brief_{mode}")
        words = AuthorVoice().say(move, seed=1, turn=2)
        assert "program, not a person" in words


def test_questions_are_posed_in_the_order_of_the_plan() -> None:
    events: list[Event] = [opened(), Agreed(deadline=None), said(MoveKind.BRIEF)]
    first = move_after(events)
    assert (first.kind, first.step, first.phrase) == (MoveKind.POSE, 0, "pose_words")
    assert dict(first.facts) == {"title": "Words", "number": "1", "of": "2"}
    events += [Posed(step=0, deadline=None), said(MoveKind.MOVE_ON)]
    second = move_after(events)
    assert (second.kind, second.step, second.phrase) == (MoveKind.POSE, 1, "pose_code")
    assert dict(second.facts) == {"title": "Code", "number": "2", "of": "2"}


K = TurnKind
READ_AS = [
    (WORDS, (K.ANSWER,), MoveKind.ACCEPT, "accept"),
    (WORDS, (K.CORRECTION,), MoveKind.ACCEPT, "accept"),
    (WORDS, (K.SMALL_TALK,), MoveKind.ACCEPT, "accept"),
    (WORDS, (K.DONT_KNOW,), MoveKind.MOVE_ON, "dont_know_last"),
    (CODE, (K.DONT_KNOW,), MoveKind.ACCEPT, "dont_know_code"),
    (CODE, (K.ANSWER,), MoveKind.ACCEPT, "aloud"),
    (WORDS, (K.ANSWER, K.NEXT), MoveKind.MOVE_ON, "move_on_last"),
    (WORDS, (K.NEXT,), MoveKind.MOVE_ON, "move_on_last"),
    (CODE, (K.HINT,), MoveKind.HINT, "hint"),
    (CODE, (K.REPEAT,), MoveKind.REPEAT, "repeat"),
    (CODE, (K.CLARIFY,), MoveKind.CLARIFY, "clarify"),
    (CODE, (K.PAUSE,), MoveKind.CLARIFY, "pause"),
    (CODE, (K.PERSON, K.ANSWER), MoveKind.PERSON, "person"),
    (WORDS, (K.INSTRUCT, K.ANSWER), MoveKind.DECLINE, "decline_instruct"),
    (WORDS, (K.ABUSE, K.PERSON), MoveKind.DECLINE, "decline_abuse"),
]


@pytest.mark.parametrize(
    ("step", "kinds", "move", "phrase"), READ_AS, ids=[f"{s.question} {k}" for s, k, _, _ in READ_AS]
)
def test_each_kind_of_turn_has_its_reply(step: Step, kinds: tuple[TurnKind, ...], move: MoveKind, phrase: str) -> None:
    chosen = move_after(heard(begun(step), *kinds))
    assert (chosen.kind, chosen.phrase, chosen.about) == (move, phrase, 5)


FIRST_COMES = (
    K.ABUSE,
    K.INSTRUCT,
    K.PERSON,
    K.NEXT,
    K.PAUSE,
    K.HINT,
    K.REPEAT,
    K.CLARIFY,
    K.ANSWER,
    K.DONT_KNOW,
    K.SMALL_TALK,
)


@pytest.mark.parametrize(("first", "second"), list(pairwise(FIRST_COMES)))
def test_a_message_that_does_two_things_is_replied_to_as_the_first_of_them(first: TurnKind, second: TurnKind) -> None:
    for step in (WORDS, CODE):
        both, alone = (move_after(heard(begun(step), *kinds)) for kinds in ((second, first), (first,)))
        assert (both.kind, both.phrase) == (alone.kind, alone.phrase)


@pytest.mark.parametrize("mode", ["screening", "live"])
def test_a_pause_is_offered_in_practice_only(mode: Mode) -> None:
    assert move_after(heard(begun(CODE, mode), K.PAUSE)).phrase == "pause_not"


def test_more_is_more_only_after_something_was_acknowledged() -> None:
    events = heard([*begun(WORDS), Heard(text="not read yet")], K.ANSWER)
    assert (move_after(events).phrase, move_after(events).about) == ("accept", 6)


def test_every_message_at_a_question_for_words_is_answered_once() -> None:
    events = heard(begun(WORDS), K.ANSWER)
    events = heard([*events, said(MoveKind.ACCEPT, about=5)], K.ANSWER)
    more = move_after(events)
    assert (more.phrase, more.about) == ("accept_more", 8)
    assert next_move(state_of(*events, said(MoveKind.ACCEPT, about=8)), BOOK) == Wait(until=None)


def test_thinking_aloud_beside_code_is_answered_once_and_then_left_in_peace() -> None:
    events = heard([*heard(begun(CODE), K.ANSWER), said(MoveKind.ACCEPT, about=5)], K.ANSWER)
    assert next_move(state_of(*events), BOOK) == Wait(until=None)


def test_an_unread_message_waits() -> None:
    assert next_move(state_of(*begun(WORDS), Heard(text="…")), BOOK) == Wait(until=None)


def test_what_came_first_is_answered_first() -> None:
    events: list[Event] = [*begun(CODE), Pressed(button="repeat"), Heard(text="…")]
    events.append(read_as(state_of(*events), K.HINT))
    assert move_after(events).about == 5
    assert move_after([*events, said(MoveKind.REPEAT, about=5)]).about == 6


@pytest.mark.parametrize(
    ("button", "move", "phrase"),
    [
        ("hint", MoveKind.HINT, "hint"),
        ("repeat", MoveKind.REPEAT, "repeat"),
        ("next", MoveKind.MOVE_ON, "move_on_last"),
        ("person", MoveKind.PERSON, "person"),
    ],
)
def test_each_button_has_its_reply(button: Press, move: MoveKind, phrase: str) -> None:
    chosen = move_after([*begun(CODE), Pressed(button=button)])
    assert (chosen.kind, chosen.phrase) == (move, phrase)


def test_moving_on_says_whether_more_comes() -> None:
    events: list[Event] = [opened(), Agreed(deadline=None), said(MoveKind.BRIEF), Posed(step=0, deadline=None)]
    assert move_after([*events, Pressed(button="next")]).phrase == "move_on"
    assert move_after(heard(events, K.DONT_KNOW)).phrase == "dont_know"


def test_hints_climb_the_ladder_and_end() -> None:
    events = begun(CODE)
    for level in (1, 2, 3):
        events.append(Pressed(button="hint"))
        move = move_after(events)
        assert move.level == level and dict(move.facts)["text"] == f"hint {level}"
        events.append(said(MoveKind.HINT, about=len(events), level=level))
    events.append(Pressed(button="hint"))
    assert (move_after(events).phrase, move_after(events).level) == ("hint_none", 0)


def test_repeating_uses_simpler_words_and_the_statement_where_there_are_none() -> None:
    events: list[Event] = [*begun(CODE), Pressed(button="repeat")]
    assert dict(move_after(events).facts)["text"] == "In short."
    assert dict(move_after(events, {"code": asked("code", simple="")}).facts)["text"] == "Long."


def test_what_was_said_to_a_question_that_was_left_is_not_replied_to() -> None:
    events: list[Event] = [
        opened(),
        Agreed(deadline=None),
        said(MoveKind.BRIEF),
        Posed(step=0, deadline=None),
        Pressed(button="hint"),
        Pressed(button="next"),
    ]
    events += [said(MoveKind.MOVE_ON, about=6)]
    assert move_after(events).kind is MoveKind.POSE
    events += [Posed(step=1, deadline=None)]
    assert next_move(state_of(*events), BOOK) == Wait(until=None)


def test_an_unsent_text_that_time_handed_in_is_never_replied_to() -> None:
    unsent = Draft(of="chat", question="words", framework=None, text="next, please")
    events: list[Event] = [opened(), Agreed(deadline=None), said(MoveKind.BRIEF), Posed(step=0, deadline=None)]
    events.append(TimeUp(of="question", drafts=(unsent,)))
    assert [message.text for message in state_of(*events).messages] == ["next, please"]
    assert (move_after(events).kind, move_after(events).step) == (MoveKind.POSE, 1)
    assert next_move(state_of(*events, Posed(step=1, deadline=None)), BOOK) == Wait(until=None)


def test_who_lost_a_question_to_its_clock_is_told_so_before_the_next_and_at_the_end() -> None:
    events: list[Event] = [opened(steps=(WORDS, CODE, WORDS)), Agreed(deadline=None), said(MoveKind.BRIEF)]
    for step, phrase in enumerate(("pose_code_after_time", "pose_words_after_time", "close_done_after_time")):
        posed = [*events, Posed(step=step, deadline=START + timedelta(minutes=len(events)))]
        in_time = move_after([*events, Posed(step=step, deadline=None), said(MoveKind.MOVE_ON)])
        assert in_time.phrase == phrase.removesuffix("_after_time")
        events = [*posed, TimeUp(of="question", drafts=())]
        assert move_after(events).phrase == phrase
        assert "time for that question is over" in AuthorVoice().say(move_after(events), seed=1, turn=9)


@pytest.mark.parametrize("seed", range(8))
def test_who_asks_who_asks_how_it_is_graded_or_how_long_is_told_where_it_stands(seed: int) -> None:
    words = AuthorVoice().say(move_after(heard(begun(WORDS), K.CLARIFY)), seed=seed, turn=6)
    for fact in ("I am a program", "graded", "time", "at the top", "a person"):
        assert fact in words


def graded(events: list[Event], grade: Grade) -> list[Event]:
    return [*events, Submitted(attempt=attempt()), Graded(grade=grade)]


def score(value: float, evidence: tuple[Digest, ...] = ()) -> Score:
    return Score(
        dimension=Dimension.CORRECTNESS, attempt=attempt().digest, value=value, because=("2 of 3 checks pass.",),
        evidence=evidence, grader="g@1",
    )  # fmt: skip


def test_practice_tells_the_verdict_once_it_is_there() -> None:
    assert next_move(state_of(*begun(CODE), Submitted(attempt=attempt())), BOOK) == Wait(until=None)
    part = move_after(graded(begun(CODE), score(0.5)))
    assert (part.kind, part.phrase, part.about, dict(part.facts)["count"]) == (
        MoveKind.VERDICT,
        "verdict_part",
        5,
        "2 of 3 checks pass.",
    )
    assert move_after(graded(begun(CODE), score(1.0))).phrase == "verdict_full"


def test_a_verdict_says_first_how_a_run_ended_that_did_not_finish() -> None:
    request = digest_of("run")
    run = CheckRun(
        ended=Ended.TIMED_OUT, says="It ran too long.", line=None, checks=(), prints="", prints_cut=False, cpu_seconds=0,
        memory_mib=0, environment="x",
    )  # fmt: skip
    events = [
        *begun(CODE),
        Submitted(attempt=attempt()),
        Observed(request=request, evidence=run),
        Graded(grade=score(0.5, (request,))),
    ]
    assert dict(move_after(events).facts)["count"] == "It ran too long."
    events[-2] = Observed(request=request, evidence=replace(run, ended=Ended.FINISHED, says=""))
    assert dict(move_after(events).facts)["count"] == "2 of 3 checks pass."
    empty = Score(
        dimension=Dimension.CORRECTNESS, attempt=attempt().digest, value=0.5, because=(), evidence=(), grader="g@1"
    )
    assert dict(move_after(graded(begun(CODE), empty)).facts)["count"] == ""


def test_our_fault_is_said_as_ours() -> None:
    ours = Unscored(
        dimension=Dimension.CORRECTNESS,
        attempt=attempt().digest,
        whose="machine",
        why="The jail broke.",
        evidence=(),
        grader="g@1",
    )
    move = move_after(graded(begun(CODE), ours))
    assert move.phrase == "verdict_unscored" and "costs you no attempt" in AuthorVoice().say(move, seed=1, turn=9)


@pytest.mark.parametrize("mode", ["screening", "live"])
def test_outside_practice_viva_says_only_that_an_attempt_came(mode: Mode) -> None:
    assert move_after([*begun(CODE, mode), Submitted(attempt=attempt())]).kind is MoveKind.RECEIVE


def test_who_finishes_after_time_was_up_is_told_that_they_finished() -> None:
    events = [*begun(CODE), TimeUp(of="interview", drafts=()), Pressed(button="finish")]
    assert move_after(events).phrase == "close_finished"


@pytest.mark.parametrize(
    ("ending", "phrase", "close"),
    [
        (Pressed(button="finish"), "close_finished", Close(why="finished")),
        (TimeUp(of="interview", drafts=()), "close_time", Close(why="time")),
        (said(MoveKind.MOVE_ON), "close_done", Close(why="done")),
    ],
)
def test_an_interview_ends_with_a_word_and_then_closes(ending: Event, phrase: str, close: Close) -> None:
    events = [*begun(CODE), ending]
    assert move_after(events).phrase == phrase
    assert next_move(state_of(*events, said(MoveKind.CLOSE)), BOOK) == close


# ---- voice


def every_move() -> list[Move]:
    facts = tuple((name, f"<{name}>") for name in ("title", "number", "of", "text", "level", "count", "why", "points"))
    return [Move(kind=MoveKind.ACCEPT, phrase=phrase, reason="", facts=facts) for phrase in PHRASES]


@pytest.mark.parametrize("move", every_move(), ids=lambda move: move.phrase)
def test_every_phrase_can_be_said_and_the_same_seed_says_the_same(move: Move) -> None:
    said_once = {AuthorVoice().say(move, seed=seed, turn=turn) for seed in range(8) for turn in range(8)}
    assert said_once == {AuthorVoice().say(move, seed=seed, turn=turn) for seed in range(8) for turn in range(8)}
    assert len(said_once) == len(PHRASES[move.phrase]), "each wording comes up"
    assert not any("{" in words for words in said_once)


def test_braces_in_a_fact_stay_as_they_are() -> None:
    assert fill("a {text} b {of}.", {"text": "{of} {x}", "of": "1"}) == "a {of} {x} b 1."
    with pytest.raises(KeyError):
        fill("{unknown}", {})


def test_a_state_is_never_changed_by_asking(recwarn: pytest.WarningsRecorder) -> None:
    state: State = state_of(*begun(WORDS))
    assert next_move(state, BOOK) == next_move(state, BOOK)
    assert state == state_of(*begun(WORDS))
    assert not recwarn.list
