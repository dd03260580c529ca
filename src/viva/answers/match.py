"""What a text says of what a rubric expects. Law: embedding only finds what to read; the judge alone gives a verdict, and it
may say that it does not know."""

import asyncio
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from viva.answers.languages import mostly_english
from viva.answers.models import Card, Floats, Models
from viva.answers.pieces import Piece, pieces_of, windows_of
from viva.core.evidence import Likeness, Matches, PointMatch, PointVerdict
from viva.core.requests import MatchPoints
from viva.core.values import Misconception, Point, Question
from viva.ports import Material

_MOST_WINDOWS = 240
"""Windows that are embedded; of a longer text those that share most words with the rubric."""

_READ = 3
"""Windows that are judged for a point, and two for a misconception."""

NOT_ENGLISH = "It is mostly not in English, which is all that the embedded model reads."


@dataclass(frozen=True, slots=True)
class _Reading:
    """One window judged against one wording: probabilities by the card's line for points."""

    window: Piece
    said: float
    denied: float


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
        rubric = question.rubric
        wordings = [*(_wordings(point) for point in rubric.points), *((known.says,) for known in rubric.misconceptions)]
        windows = _chosen(text, windows_of(text, pieces_of(text)), wordings)
        vectors = self._models.embed([text[w.start : w.end] for w in windows]) if windows else None
        seen = _Text(text, windows, vectors)
        return Matches(
            points=tuple(self._point(question, point, seen, card) for point in rubric.points),
            misconceptions=tuple(self._misconception(question, known, seen, card) for known in rubric.misconceptions),
            model=card.name,
        )

    def compare(self, question: str, references: Sequence[str], answer: str) -> Likeness:
        """Whether `answer` says what one of `references` says, all of it; the mean over references is what counts (as the
        threshold was chosen)."""
        card = self._models.card
        if not answer.strip():
            return Likeness(probability=0.0, verdict="incorrect", quote=None)
        logits = [self._models.logits(question, reference, answer) for reference in references]
        probability = sum(_line(card.reference, _margin(row)) for row in logits) / len(logits)
        low, high = card.reference_unsure
        verdict: Literal["correct", "incorrect", "unsure"] = "unsure"
        if not low < probability < high:
            verdict = "correct" if probability >= high else "incorrect"
        return Likeness(probability=probability, verdict=verdict, quote=(0, len(answer)))

    def _point(self, question: Question, point: Point, seen: "_Text", card: Card) -> PointMatch:
        asked = point.probe or question.title
        readings = self._readings(asked, _wordings(point), seen, _READ, card)
        if not readings:
            return PointMatch(point=point.id, verdict="missing", probability=0.0, quote=None)
        best = max(readings, key=lambda reading: reading.said)
        against = max(readings, key=lambda reading: reading.denied)
        denied = against.denied if against.denied > card.contradicted else 0.0
        if denied > best.said:
            probability = best.said * (1 - denied)
            return PointMatch(point=point.id, verdict="wrong", probability=probability, quote=_place(against))
        probability = best.said * (1 - denied) if denied and against.window != best.window else best.said
        verdict: PointVerdict = _verdict(probability, card.unsure)
        if point.without and verdict != "unsure":
            verdict = self._halved(verdict, asked, point.without, seen, card)
        quote = None if verdict == "missing" else _place(best)
        return PointMatch(point=point.id, verdict=verdict, probability=probability, quote=quote)

    def _halved(self, verdict: PointVerdict, asked: str, essential: str, seen: "_Text", card: Card) -> PointVerdict:
        """`partly` where only one of the point and its essential half is said; in doubt the half follows the point."""
        sure = max((reading.said for reading in self._readings(asked, (essential,), seen, 1, card)), default=0.0)
        half = _verdict(sure, card.unsure)
        return verdict if half in (verdict, "unsure") else "partly"

    def _misconception(self, question: Question, known: Misconception, seen: "_Text", card: Card) -> PointMatch:
        readings = self._readings(question.title, (known.says,), seen, 2, card)
        if not readings:
            return PointMatch(point=known.id, verdict="missing", probability=0.0, quote=None)
        best = max(readings, key=lambda reading: reading.said)
        verdict = _verdict(best.said, card.unsure)
        held: Literal["wrong", "unsure", "missing"] = "wrong" if verdict == "said" else verdict
        quote = None if held == "missing" else _place(best)
        return PointMatch(point=known.id, verdict=held, probability=best.said, quote=quote)

    def _readings(self, asked: str, wordings: Sequence[str], seen: "_Text", most: int, card: Card) -> list[_Reading]:
        """The judge's word on the likeliest windows, each against the wording that is nearest to it."""
        if seen.vectors is None:
            return []
        near = seen.vectors @ self._models.embed(wordings).T
        readings: list[_Reading] = []
        for number in _apart(seen.windows, np.argsort(-near.max(axis=1), kind="stable"), most):
            window = seen.windows[number]
            wording = wordings[int(near[number].argmax())]
            logits = self._models.logits(asked, wording, seen.text[window.start : window.end])
            readings.append(_Reading(window, _line(card.point, _margin(logits)), _softmax(logits)[2]))
        return readings


@dataclass(frozen=True, slots=True)
class _Text:
    """A text with its windows and their vectors `(N, 384)`; None where there is no window."""

    text: str
    windows: Sequence[Piece]
    vectors: Floats | None


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


def _wordings(point: Point) -> tuple[str, ...]:
    return (point.says, *point.also)


def _place(reading: _Reading) -> tuple[int, int]:
    return (reading.window.start, reading.window.end)


def _margin(logits: Floats) -> float:
    """Log odds of "entailed"."""
    said, neither, denied = (float(value) for value in logits)
    return said - (max(neither, denied) + math.log1p(math.exp(-abs(neither - denied))))


def _line(line: tuple[float, float], margin: float) -> float:
    slope, shift = line
    return 1 / (1 + math.exp(-max(min(slope * margin + shift, 50.0), -50.0)))


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
