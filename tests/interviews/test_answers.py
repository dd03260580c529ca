"""Words in a walk: matched once the question is left, graded from that alone, and nobody's fault where there is no model."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.interviews.house import house
from viva.answers import AnswerReader, Models, PointMatcher
from viva.core.errors import OperatorError
from viva.core.evidence import Matches, PointMatch
from viva.core.requests import MatchPoints
from viva.grading.awaited import NOT_YET
from viva.interviews.views import ScoredQuestionJson
from viva.ports import Material, Plug
from viva.wiring import EmbeddedMatcher


@dataclass(slots=True)
class Said:
    """Says of every text that it says the first point, from its first to its last character."""

    texts: list[str]

    async def __call__(self, request: MatchPoints, material: Material) -> Matches:
        self.texts.append(material.content)
        whole = (0, len(material.content))
        (point,) = material.question.rubric.points
        return Matches(points=(PointMatch(point=point.id, verdict="said", probability=0.9, quote=whole),))


def answered(folder: Path, match: Plug[MatchPoints], *messages: str) -> ScoredQuestionJson:
    """The scorecard's only question once these messages were sent and it was left."""

    async def walk() -> ScoredQuestionJson:
        async with house(folder, match=match) as h:
            token = await h.agreed(question="why-double")
            for text in messages:
                await h.say(token, text)
            await h.press(token, "next")
            return (await h.desk.scorecard(token))["questions"][0]

    return asyncio.run(walk())


def test_what_was_said_to_a_question_is_matched_once_and_whole_when_it_is_left(tmp_path: Path) -> None:
    match = Said(texts=[])
    question = answered(
        tmp_path / "bank", match, "It adds it to itself.", "Could I have a hint please?", "So times two."
    )
    assert match.texts == ["It adds it to itself.\n\nSo times two."], "what is no answer is not graded"
    grade = question["grades"]["understanding"]
    assert (grade["value"], grade["because"][0]) == (1.0, "You said the one point.")
    (entry,) = grade["evidence"]
    assert (entry["message"], entry["text"]) == (question["messages"][0]["seq"], "It adds it to itself.")


def test_a_machine_without_the_model_records_and_does_not_grade_and_tells_its_owner_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = EmbeddedMatcher(PointMatcher(AnswerReader(Models(tmp_path / "nowhere"))))
    grade = answered(tmp_path / "bank", nowhere, "It adds a number to itself.")["grades"]["understanding"]
    assert (grade["value"], grade["unscored"], grade["whose"]) == (None, NOT_YET, "nobody")
    assert grade["evidence"][0]["says"] == "The answer model is not on this machine, so words are only recorded."
    assert "judge.json" in caplog.text and "Install viva anew." in caplog.text


def test_a_model_that_fails_is_our_fault_and_tried_twice(tmp_path: Path) -> None:
    tries: list[int] = []

    class Broken:
        async def __call__(self, request: MatchPoints, material: Material) -> Matches:
            tries.append(request.tries)
            raise RuntimeError("no memory")

    grade = answered(tmp_path / "bank", Broken(), "It adds a number to itself.")["grades"]["understanding"]
    assert tries == [0, 1]
    assert (grade["value"], grade["whose"]) == (None, "machine")


def test_a_reader_that_was_ended_stops_before_the_next_piece_of_a_text(tmp_path: Path) -> None:
    models = Models(tmp_path / "nowhere")
    AnswerReader(models).end()
    with pytest.raises(OperatorError, match="viva was ended"):
        models.logits("question", "point", "text")
    with pytest.raises(OperatorError, match="viva was ended"):
        models.embed(["text"])
