"""The numbers that turn the judge's logits into verdicts. Law: they are chosen on questions that training never saw and no
test file holds."""

import hashlib
import json
from pathlib import Path

from rich.progress import track

from training.figures import accuracy_of_surest, best_threshold, expected_error, f1, fitted
from training.rows import ENTAILED, Pair
from viva.answers import AnswerReader, Models
from viva.answers.match import Reading, logistic
from viva.bank import WholeQuestion

NAME = "viva-judge 1"
_UNSURE_SHARE = 0.06
"""Share of the judgements on held-out questions that may be called unsure."""


def calibrate(folder: Path, graded: list[Pair], questions: list[WholeQuestion]) -> dict[str, float]:
    """Write `folder`/judge.json for `folder`/judge.onnx; gives what was reached on the held-out data. `graded` are graded
    answers of held-out questions, `questions` our own held-out ones with their worked
    answers; without any, points are taken for references."""
    file = folder / "judge.onnx"
    card: dict[str, object] = {
        "name": NAME, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "point": (1.0, 0.0, 0.0), "reference": (1.0, 0.0, 0.0), "unsure": (0.5, 0.5), "reference_unsure": (0.5, 0.5),
        "reference_threshold": 0.5, "contradicted": 0.9,
    }  # fmt: skip
    _write(folder, card)
    reader = AnswerReader(Models(folder))
    features = [reader.features(pair.question, pair.point, pair.answer) for pair in track(graded, "graded answers")]
    right = [pair.allowed == (ENTAILED,) for pair in graded]
    card["reference"] = line = fitted(features, right)
    compared = [logistic(line, found) for found in features]
    card["reference_threshold"] = threshold = best_threshold(right, compared)
    card["reference_unsure"] = _band(compared, threshold)
    if not questions:
        _write(folder, card)
        return _reached("references", compared, right, threshold)
    said = _points(reader, questions)
    card["point"] = point = _fit_best(said)
    best = [max(logistic(point, reading) for reading in readings) for readings, _ in said]
    labels = [label for _, label in said]
    card["unsure"] = _band(best, 0.5)
    _write(folder, card)
    return _reached("references", compared, right, threshold) | _reached("points", best, labels, 0.5)


def _reached(what: str, probabilities: list[float], right: list[bool], threshold: float) -> dict[str, float]:
    return {
        f"{what}: weighted F1": f1(right, [value >= threshold for value in probabilities])[0],
        f"{what}: calibration error": expected_error(probabilities, right),
        f"{what}: accuracy": accuracy_of_surest(probabilities, right, 1.0, threshold),
        f"{what}: accuracy of the surest 75 %": accuracy_of_surest(probabilities, right, 0.75, threshold),
    }


Readings = list[tuple[float, float]]
"""Log odds and cosine of each window that was judged for a point."""


def _points(reader: AnswerReader, questions: list[WholeQuestion]) -> list[tuple[Readings, bool]]:
    """What was read of every point and misconception in every worked answer, and whether it is said there. Points partly
    said are left out, for they are neither."""
    found: list[tuple[Readings, bool]] = []
    for whole in questions:
        question = whole.question
        for answer in track(whole.answers, question.id):
            seen = reader.read(question, answer.text)
            found += [
                (_pairs(reader.point_readings(question, point, seen)), point.id in answer.said)
                for point in question.rubric.points
                if point.id not in answer.partly
            ]
            found += [
                (_pairs(reader.misconception_readings(question, known, seen)), known.id in answer.wrong)
                for known in question.rubric.misconceptions
            ]
    return [(readings, label) for readings, label in found if readings]


def _pairs(readings: list[Reading]) -> Readings:
    return [(reading.margin, reading.near) for reading in readings]


def _fit_best(said: list[tuple[Readings, bool]]) -> tuple[float, ...]:
    """The line for a point's best window, which depends on the line: fitted, chosen and fitted anew until it stands."""
    line: tuple[float, ...] = (1.0, 0.0, 0.0)
    for _ in range(5):
        best = [max(readings, key=lambda reading: logistic(line, reading)) for readings, _ in said]
        line = fitted(best, [label for _, label in said])
    return line


def _band(probabilities: list[float], middle: float) -> tuple[float, float]:
    """The band around `middle` that holds `_UNSURE_SHARE` of the judgements."""
    distances = sorted(abs(value - middle) for value in probabilities)
    width = distances[int(len(distances) * _UNSURE_SHARE)]
    return max(middle - width, 0.0), min(middle + width, 1.0)


def _write(folder: Path, card: dict[str, object]) -> None:
    (folder / "judge.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
