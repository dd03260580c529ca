"""The interviewer's policy. Law: structure makes it fair: the same state gives the same move, the same plan and rules
hold for everybody, and every press and message is answered once or, for thinking aloud, not at all.
"""

from collections.abc import Mapping
from typing import assert_never

from viva.core.decisions import Close, Move, Say, Wait
from viva.core.evidence import CheckRun, Matches, PointVerdict, TurnKind
from viva.core.look import all_attempts, kinds_of
from viva.core.state import Button, HandedIn, Message, State, StepState, takes_code
from viva.core.values import Dimension, MoveKind, Question, Score

Book = Mapping[str, Question]
"""The questions of an interview, by id."""

_PRIORITY = (
    TurnKind.ABUSE,
    TurnKind.INSTRUCT,
    TurnKind.PERSON,
    TurnKind.NEXT,
    TurnKind.PAUSE,
    TurnKind.HINT,
    TurnKind.REPEAT,
    TurnKind.CLARIFY,
    TurnKind.CORRECTION,
    TurnKind.ANSWER,
    TurnKind.DONT_KNOW,
    TurnKind.SMALL_TALK,
)
"""Where a message does several things, the one that viva replies to. An answer is kept whatever is replied."""


def next_move(state: State, book: Book) -> Say | Wait | Close:
    """The next thing to say, nothing, or the end."""
    if state.finishing or state.time_up:
        return _ending(state, "finished" if state.finishing else "time")
    if not state.said_brief:
        return _say(MoveKind.BRIEF, f"brief_{state.opened.mode}", "the interview begins")
    reply = _oldest_reply(state, book)
    if reply is not None:
        return Say(move=reply)
    found = _found_in_words(state, book)
    if found is not None:
        return Say(move=found)
    if state.open_step is None:
        return _next_question(state)
    return Wait(until=None)


def _ending(state: State, why: str) -> Say | Close:
    if not state.said_close:
        return _say(MoveKind.CLOSE, f"close_{why}", "nothing more will be asked")
    return Close(why="finished" if why == "finished" else "time")


def _next_question(state: State) -> Say | Close:
    ahead = next((index for index, step in enumerate(state.steps) if step.posed_at is None), None)
    if ahead is not None:
        step = state.steps[ahead].step
        phrase = ("pose_code" if takes_code(step) else "pose_words") + _after_time(state)
        facts = (("title", step.title), ("number", str(ahead + 1)), ("of", str(len(state.steps))))
        return Say(
            move=Move(
                kind=MoveKind.POSE, phrase=phrase, reason="the next question of the plan", step=ahead, facts=facts
            )
        )
    if not state.said_close:
        return _say(MoveKind.CLOSE, "close_done" + _after_time(state), "every question of the plan was asked")
    return Close(why="done")


def _after_time(state: State) -> str:
    """The end of a phrase's name where the question before was ended by its clock, so that nobody wonders where it went."""
    left = [step for step in state.steps if step.left_at is not None]
    last = left[-1] if left else None
    ended = (
        last is not None and last.left_at is not None and last.deadline is not None and last.left_at >= last.deadline
    )
    return "_after_time" if ended else ""


def _oldest_reply(state: State, book: Book) -> Move | None:
    """A reply to the oldest thing that waits for one at the open question. What was said to a question that has been
    left is kept and not replied to."""
    step = state.open_step
    if step is None:
        return None
    replies = [
        *((button.seq, _to_button(state, step, button, book)) for button in state.buttons if _waits(state, button)),
        *(
            (message.seq, _to_message(state, step, message, book))
            for message in state.messages
            if _waits(state, message)
        ),
        *((entry.seq, _to_attempt(state, entry)) for entry in state.attempts if _waits(state, entry)),
    ]
    ready = [(seq, move) for seq, move in replies if move is not None]
    return min(ready, key=lambda pair: pair[0])[1] if ready else None


def _waits(state: State, entry: Button | Message | HandedIn) -> bool:
    return entry.seq not in state.answered and entry.step == state.current


def _to_button(state: State, step: StepState, button: Button, book: Book) -> Move:
    match button.button:
        case "hint":
            return _hint(step, book, button.seq)
        case "repeat":
            return _repeat(step, book, button.seq)
        case "next":
            return _move_on(state, button.seq, "the candidate pressed Move on")
        case "person":
            return _answer(MoveKind.PERSON, "person", button.seq, "the candidate asks for a person")
        case _:
            assert_never(button.button)


def _to_message(state: State, step: StepState, message: Message, book: Book) -> Move | None:
    kinds = kinds_of(state, message)
    if kinds is None:
        return None
    kind = next(kind for kind in _PRIORITY if kind in kinds)
    reason = "the message was read as " + ", ".join(sorted(kinds))
    match kind:
        case TurnKind.ABUSE | TurnKind.INSTRUCT:
            return _answer(MoveKind.DECLINE, f"decline_{kind}", message.seq, reason)
        case TurnKind.PERSON:
            return _answer(MoveKind.PERSON, "person", message.seq, reason)
        case TurnKind.NEXT:
            return _move_on(state, message.seq, reason)
        case TurnKind.PAUSE:
            phrase = "pause" if state.opened.mode == "practice" else "pause_not"
            return _answer(MoveKind.CLARIFY, phrase, message.seq, reason)
        case TurnKind.HINT:
            return _hint(step, book, message.seq)
        case TurnKind.REPEAT:
            return _repeat(step, book, message.seq)
        case TurnKind.CLARIFY:
            return _answer(MoveKind.CLARIFY, "clarify", message.seq, reason)
        case TurnKind.DONT_KNOW:
            return _dont_know(state, step, message, reason)
        case TurnKind.CORRECTION | TurnKind.ANSWER | TurnKind.SMALL_TALK:
            return _acknowledge(state, step, message, reason)
        case _:
            assert_never(kind)


def _dont_know(state: State, step: StepState, message: Message, reason: str) -> Move:
    if takes_code(step.step):
        return _answer(MoveKind.ACCEPT, "dont_know_code", message.seq, reason)
    return _move_on(state, message.seq, reason, phrase="dont_know")


def _acknowledge(state: State, step: StepState, message: Message, reason: str) -> Move | None:
    earlier = [m for m in state.messages_of(state.current or 0) if m.seq < message.seq and m.seq in state.answered]
    if takes_code(step.step):
        return None if earlier else _answer(MoveKind.ACCEPT, "aloud", message.seq, reason)
    return _answer(MoveKind.ACCEPT, "accept_more" if earlier else "accept", message.seq, reason)


def _to_attempt(state: State, entry: HandedIn) -> Move | None:
    if state.opened.mode != "practice":
        return _answer(MoveKind.RECEIVE, "receive", entry.seq, "an attempt was handed in")
    grade = state.grades.get((entry.attempt.digest, Dimension.CORRECTNESS))
    if grade is None:
        return None
    reason = "the attempt was judged"
    if not isinstance(grade, Score):
        return _answer(MoveKind.VERDICT, "verdict_unscored", entry.seq, reason, (("why", grade.why),))
    phrase = "verdict_full" if grade.value == 1.0 else "verdict_part"
    return _answer(MoveKind.VERDICT, phrase, entry.seq, reason, (("count", _headline(state, grade)),))


_VERDICTS: tuple[tuple[PointVerdict, str], ...] = (
    ("said", "You said"),
    ("partly", "You said in part"),
    ("wrong", "Read as the contrary"),
    ("unsure", "I cannot tell, and a person should look"),
    ("missing", "Not found in your answer"),
)


def _found_in_words(state: State, book: Book) -> Move | None:
    """In practice, what was found in the words at a question that was left, once; nobody's grade is not told."""
    if state.opened.mode != "practice":
        return None
    for entry in all_attempts(state):
        grade = state.grades.get((entry.attempt.digest, Dimension.UNDERSTANDING))
        if entry.attempt.framework is not None or state.steps[entry.step].told or grade is None:
            continue
        title, reason = ("title", state.steps[entry.step].step.title), "the answer was graded"
        if isinstance(grade, Score):
            count, points = next(iter(grade.because), ""), _points(state, grade, book[entry.attempt.question])
            facts = (title, ("count", count), ("points", points))
            return _answer(MoveKind.VERDICT, "verdict_words", entry.seq, reason, facts)
        if grade.whose != "nobody":
            return _answer(MoveKind.VERDICT, "verdict_words_unscored", entry.seq, reason, (title, ("why", grade.why)))
    return None


def _points(state: State, grade: Score, question: Question) -> str:
    """The topics of the rubric by verdict, as a list in Markdown; the candidate's own words are on the scorecard."""
    seen = [found for digest in grade.evidence if isinstance(found := state.evidence.get(digest), Matches)]
    verdicts = {match.point: match.verdict for found in seen for match in found.points}
    lines = []
    for verdict, name in _VERDICTS:
        topics = [point.topic for point in question.rubric.points if verdicts.get(point.id) == verdict]
        if topics:
            lines.append(f"- {name}: {'; '.join(topics)}")
    return "\n".join(lines)


def _headline(state: State, grade: Score) -> str:
    """The sentence of a verdict: how the run ended where it did not finish, else how many checks pass."""
    runs = [found for digest in grade.evidence if isinstance(found := state.evidence.get(digest), CheckRun)]
    if runs and runs[0].says:
        return runs[0].says
    return grade.because[0] if grade.because else ""


def _hint(step: StepState, book: Book, about: int) -> Move:
    ladder = book[step.step.question].hints
    level = len(step.hints) + 1
    if level > len(ladder):
        return _answer(MoveKind.HINT, "hint_none", about, "a hint was asked for and none is left")
    facts = (("text", ladder[level - 1]), ("level", str(level)), ("of", str(len(ladder))))
    return Move(kind=MoveKind.HINT, phrase="hint", reason="a hint was asked for", about=about, level=level, facts=facts)


def _repeat(step: StepState, book: Book, about: int) -> Move:
    question = book[step.step.question]
    text = question.simple or question.statement
    return _answer(MoveKind.REPEAT, "repeat", about, "the question was asked for again", (("text", text),))


def _move_on(state: State, about: int, reason: str, *, phrase: str = "move_on") -> Move:
    last = all(step.posed_at is not None for step in state.steps)
    return _answer(MoveKind.MOVE_ON, f"{phrase}_last" if last else phrase, about, reason)


def _answer(kind: MoveKind, phrase: str, about: int, reason: str, facts: tuple[tuple[str, str], ...] = ()) -> Move:
    return Move(kind=kind, phrase=phrase, reason=reason, about=about, facts=facts)


def _say(kind: MoveKind, phrase: str, reason: str) -> Say:
    return Say(move=Move(kind=kind, phrase=phrase, reason=reason))
