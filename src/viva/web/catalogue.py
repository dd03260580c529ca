"""The bank as a candidate may see it: tracks and open questions. Law: a broken question folder hides that question and
nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict, TypeVar

from viva.core.errors import AuthorError, NotFound
from viva.core.values import Allowed, Kind, Question
from viva.interviews.view import question_json
from viva.interviews.views import QuestionJson
from viva.ports import Bank, Track

ItemT = TypeVar("ItemT")


class TrackStepJson(TypedDict):
    """One step of a track: the questions that it may draw from, by id, those that are open."""

    title: str
    kinds: list[Kind]
    minutes: float
    attempts: int | None
    required: bool
    questions: list[str]


class TrackJson(TypedDict):
    """A track as anybody may see it."""

    id: str
    title: str
    summary: str
    minutes: float
    audience: str
    allowed: Allowed
    steps: list[TrackStepJson]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """What can be practised, and what its authors must mend first (for the operator)."""

    tracks: tuple[TrackJson, ...]
    questions: tuple[QuestionJson, ...]
    broken: tuple[str, ...]


def track_json(track: Track, questions: dict[str, Question]) -> TrackJson:
    """A track with the titles of what each of its steps may ask."""
    steps: list[TrackStepJson] = []
    for pool in track.steps:
        known = [questions[id] for id in pool.questions if id in questions]
        steps.append(
            {
                "title": " or ".join(question.title for question in known) or "A question that is not open",
                "kinds": sorted({question.kind for question in known}),
                "minutes": pool.minutes,
                "attempts": pool.attempts,
                "required": pool.required,
                "questions": [question.id for question in known],
            }
        )
    return {
        "id": track.id,
        "title": track.title,
        "summary": track.summary,
        "minutes": track.minutes,
        "audience": track.audience,
        "allowed": track.allowed,
        "steps": steps,
    }


def read_catalogue(bank: Bank) -> Catalogue:
    """Everything of the bank that anybody may see, the shortest track first. Reads files: call it in a thread."""
    broken: list[str] = []

    def readable(ids: tuple[str, ...], read: Callable[[str], ItemT]) -> list[ItemT]:
        found = []
        for id in ids:
            try:
                found.append(read(id))
            except (AuthorError, NotFound) as error:
                broken.append(f"{id}: {error.says}")
        return found

    questions = {question.id: question for question in readable(bank.question_ids(), bank.question) if question.open}
    tracks = sorted(readable(bank.track_ids(), bank.track), key=lambda track: (track.minutes, track.title))
    return Catalogue(
        tracks=tuple(track_json(track, questions) for track in tracks),
        questions=tuple(question_json(question) for question in questions.values()),
        broken=tuple(broken),
    )
