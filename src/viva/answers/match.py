"""What a text says of what a rubric expects. Law: a verdict is the judge's; nearness of meaning finds what to read and makes
the judge surer or less sure of it, and viva may say that it does not know."""

import asyncio
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from viva.answers.languages import mostly_english
from viva.answers.models import Card, Floats, Models
from viva.answers.pieces import Piece, is_list_of_names, pieces_of, windows_of
from viva.core.evidence import Likeness, Matches, PointMatch, PointVerdict
from viva.core.requests import MatchPoints
from viva.core.values import Misconception, Point, Question
from viva.ports import Material

_MOST_WINDOWS = 240
"""Windows that are embedded; of a longer text those that share most words with the rubric."""

_READ = 3
"""Windows that are judged for a point, and two for a misconception."""

_CLOSE = 0.65
"""Cosine from which a window is close enough to a point for what denies it to be meant of it."""

_OWN = 0.2
"""Share of a text's longer words that must be its own, neither the question's nor courtesies, for it to be read."""

_HELD, _DOUBTED = 0.8, 0.65
"""Probabilities from which a misconception is held, and may be held: to charge somebody with an error takes more than to
credit a point. (At .5 every eighth misconception would be found in a strong answer of the bank, at .8 one in sixty.)"""

_REPEATS = 5
"""Longer words from which a text can be told to repeat the question."""

_WORD = re.compile(r"\w{4,}")

NOT_ENGLISH = "It is mostly not in English, which is all that the embedded model reads."


@dataclass(frozen=True, slots=True)
class Reading:
    """One window judged against one wording: the judge's log odds that it is said, the cosine of the two, and the judge's
    probability that the window says the contrary."""

    window: Piece
    margin: float
    near: float
    denied: float


@dataclass(frozen=True, slots=True)
class Text:
    """A text with its windows and their vectors `(N, 384)`; None where there is no window."""

    text: str
    windows: Sequence[Piece]
    vectors: Floats | None


class AnswerReader:
    """Matches texts with rubrics and with references. Loads its models at first use; may be used from several threads."""

    def __init__(self, models: Models | None = None) -> None:
        self._models = models or Models()

    def end(self) -> None:
        """Stop reading, in whatever thread: a process that ends waits for its threads."""
        self._models.end()

    def match(self, question: Question, text: str) -> Matches:
        """Every point and misconception of the question's rubric, judged in `text`. Any text is an answer: an empty one says
        nothing. A text longer than `LONGEST_READ` characters is read up to there."""
        card = self._models.card
        if not mostly_english(text):
            return Matches(points=(), unread=NOT_ENGLISH, model=card.name)
        seen = self.read(question, text)
        rubric = question.rubric
        points = tuple(self._point(question, point, seen, card) for point in rubric.points)
        right = [match.quote for match in points if match.verdict == "said" and match.quote]
        held = (self._misconception(question, known, seen, card) for known in rubric.misconceptions)
        misconceptions = tuple(_doubted(match) if _in_any(match.quote, right) else match for match in held)
        return Matches(points=points, misconceptions=misconceptions, model=card.name)

    def read(self, question: Question, text: str) -> Text:
        """The text cut into windows, with their vectors; those that only repeat the question
        or are courtesies are left out, and a list of names has none."""
        rubric = question.rubric
        wordings = [*(_wordings(point) for point in rubric.points), *((known.says,) for known in rubric.misconceptions)]
        asked = _COURTESIES | _stems(f"{question.title}\n{question.statement}\n{question.simple}")
        pieces = () if is_list_of_names(text) else pieces_of(text)
        told = [window for window in windows_of(text, pieces) if _adds(text[window.start : window.end], asked)]
        windows = _chosen(text, told, wordings)
        vectors = self._models.embed([text[w.start : w.end] for w in windows]) if windows else None
        return Text(text, windows, vectors)

    def point_readings(self, question: Question, point: Point, seen: Text) -> list[Reading]:
        """What the judge says of the windows that are likeliest to say the point; empty where there is no window."""
        return self._readings(point.probe or question.title, _wordings(point), seen, _READ)

    def misconception_readings(self, question: Question, known: Misconception, seen: Text) -> list[Reading]:
        """The same for a misconception."""
        return self._readings(question.title, (known.says,), seen, 2)

    def features(self, question: str, reference: str, answer: str) -> tuple[float, float]:
        """What an answer is compared with a reference by: the judge's log odds, and the share of the reference's words
        beyond the question's that the answer has too."""
        return _margin(self._models.logits(question, reference, answer)), _shared(question, reference, answer)

    def compare(self, question: str, references: Sequence[str], answer: str) -> Likeness:
        """Whether `answer` says what one of `references` says, all of it; the mean over references is what counts (as the
        threshold was chosen)."""
        card = self._models.card
        if not answer.strip():
            return Likeness(probability=0.0, verdict="incorrect", quote=None)
        compared = [self.features(question, reference, answer) for reference in references]
        probability = sum(logistic(card.reference, features) for features in compared) / len(compared)
        low, high = card.reference_unsure
        verdict: Literal["correct", "incorrect", "unsure"] = "unsure"
        if not low < probability < high:
            verdict = "correct" if probability >= high else "incorrect"
        return Likeness(probability=probability, verdict=verdict, quote=(0, len(answer)))

    def _point(self, question: Question, point: Point, seen: Text, card: Card) -> PointMatch:
        readings = self.point_readings(question, point, seen)
        if not readings:
            return PointMatch(point=point.id, verdict="missing", probability=0.0, quote=None)
        best = max(readings, key=lambda reading: said(reading, card))
        probability = said(best, card)
        verdict: PointVerdict = _verdict(probability, card.unsure)
        if verdict != "said":
            against = max(readings, key=lambda reading: (reading.near >= _CLOSE, reading.denied))
            if against.near >= _CLOSE and against.denied > card.contradicted:
                return PointMatch(point=point.id, verdict="wrong", probability=probability, quote=_place(against))
            half = self._half(point, question, seen, card)
            if half is not None:
                return PointMatch(point=point.id, verdict="partly", probability=probability, quote=_place(half))
        quote = None if verdict == "missing" else _place(best)
        return PointMatch(point=point.id, verdict=verdict, probability=probability, quote=quote)

    def _half(self, point: Point, question: Question, seen: Text, card: Card) -> Reading | None:
        """Where the essential half of a point is said, if it has one and it is."""
        if not point.without:
            return None
        readings = self._readings(point.probe or question.title, (point.without,), seen, 1)
        return next((reading for reading in readings if said(reading, card) >= card.unsure[1]), None)

    def _misconception(self, question: Question, known: Misconception, seen: Text, card: Card) -> PointMatch:
        readings = self.misconception_readings(question, known, seen)
        if not readings:
            return PointMatch(point=known.id, verdict="missing", probability=0.0, quote=None)
        best = max(readings, key=lambda reading: said(reading, card))
        probability = said(best, card)
        if probability < _DOUBTED:
            return PointMatch(point=known.id, verdict="missing", probability=probability, quote=None)
        verdict: PointVerdict = "wrong" if probability >= _HELD else "unsure"
        return PointMatch(point=known.id, verdict=verdict, probability=probability, quote=_place(best))

    def _readings(self, asked: str, wordings: Sequence[str], seen: Text, most: int) -> list[Reading]:
        """The judge's word on the likeliest windows, each against the wording that is nearest to it."""
        if seen.vectors is None:
            return []
        near = seen.vectors @ self._models.embed(wordings).T
        readings: list[Reading] = []
        for number in _apart(seen.windows, np.argsort(-near.max(axis=1), kind="stable"), most):
            window, place = seen.windows[number], int(near[number].argmax())
            logits = self._models.logits(asked, wordings[place], seen.text[window.start : window.end])
            readings.append(Reading(window, _margin(logits), float(near[number, place]), _softmax(logits)[2]))
        return readings


class PointMatcher:
    """The plug of `MatchPoints`."""

    def __init__(self, reader: AnswerReader) -> None:
        self._reader = reader

    async def __call__(self, request: MatchPoints, material: Material) -> Matches:
        """The reader's word, found in a thread."""
        return await asyncio.to_thread(self._reader.match, material.question, material.content)


def _apart(windows: Sequence[Piece], order: Iterable[int], most: int) -> list[int]:
    """The first `most` windows of `order` of which none shares a place with an earlier one."""
    chosen: list[int] = []
    for number in map(int, order):
        window = windows[number]
        if all(window.end <= windows[other].start or windows[other].end <= window.start for other in chosen):
            chosen.append(number)
            if len(chosen) == most:
                break
    return chosen


def _in_any(quote: tuple[int, int] | None, others: Sequence[tuple[int, int]]) -> bool:
    return quote is not None and any(quote[0] < end and start < quote[1] for start, end in others)


def _doubted(match: PointMatch) -> PointMatch:
    """A misconception found in words that say a point: one of the two is misread, and nobody is charged for that."""
    verdict: PointVerdict = "unsure" if match.verdict == "wrong" else match.verdict
    return PointMatch(point=match.point, verdict=verdict, probability=match.probability, quote=match.quote)


def _wordings(point: Point) -> tuple[str, ...]:
    return (point.says, *point.also)


def _place(reading: Reading) -> tuple[int, int]:
    return (reading.window.start, reading.window.end)


def _margin(logits: Floats) -> float:
    """Log odds of "entailed"."""
    said, neither, denied = (float(value) for value in logits)
    return said - (max(neither, denied) + math.log1p(math.exp(-abs(neither - denied))))


def logistic(line: Sequence[float], features: Sequence[float]) -> float:
    """`1 / (1 + exp(-(w . features + shift)))`; `line` is w followed by the shift."""
    value = line[-1] + sum(weight * feature for weight, feature in zip(line[:-1], features, strict=True))
    return 1 / (1 + math.exp(-max(min(value, 50.0), -50.0)))


def said(reading: Reading, card: Card) -> float:
    """The calibrated probability that a reading's window says what it was judged against."""
    return logistic(card.point, (reading.margin, reading.near))


def _shared(question: str, reference: str, answer: str) -> float:
    """The share of the reference's longer words, those of the question left out, that occur in the answer; words are
    compared by their first five letters."""
    asked, wanted, found = (_stems(text) for text in (question, reference, answer))
    wanted = wanted - asked or wanted
    return len(wanted & found) / len(wanted) if wanted else 0.0


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower())}


def _adds(text: str, asked: set[str]) -> bool:
    """Whether a text is more than words of the question; with few longer words, as in formulas, it always is."""
    stems = _stems(text)
    return len(stems) < _REPEATS or len(stems - asked) > len(stems) * _OWN


_COURTESIES = _stems(
    "thank thanks very much really great good excellent interesting fascinating question questions answer answers answered "
    "topic topics important essential everybody everyone knows know course would like want glad happy hope useful aspect "
    "aspects detail details depth carefully comprehensive experience years conclusion first second third consider consid "
    "understand understood must should taken account into these those this that which what when where with have been "
    "there their they will also many more most some such than then well does about from there your"
)
"""What anybody may say before and after an answer to anything, and small words: none of it is an answer's own."""


def _softmax(logits: Floats) -> list[float]:
    raised = [math.exp(float(value) - float(max(logits))) for value in logits]
    return [value / sum(raised) for value in raised]


def _verdict(probability: float, unsure: tuple[float, float]) -> Literal["said", "unsure", "missing"]:
    low, high = unsure
    if probability >= high:
        return "said"
    return "unsure" if probability > low else "missing"


def _chosen(text: str, windows: Sequence[Piece], wordings: Sequence[Sequence[str]]) -> list[Piece]:
    """The windows of a text of ordinary length; of a very long one those that share most words with the rubric, in order."""
    if len(windows) <= _MOST_WINDOWS:
        return list(windows)
    known = {word for group in wordings for wording in group for word in wording.lower().split() if len(word) > 3}
    shared = [sum(word in known for word in set(text[w.start : w.end].lower().split())) for w in windows]
    order = sorted(range(len(windows)), key=lambda number: (-shared[number], number))[:_MOST_WINDOWS]
    return [windows[number] for number in sorted(order)]
