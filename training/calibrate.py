"""The numbers that turn the judge's logits into verdicts. Law: they are chosen on questions that training never saw and no
test file holds."""

import hashlib
import json
import math
from collections.abc import Iterable
from pathlib import Path

from rich.progress import track

from training.figures import accuracy_of_surest, best_threshold, expected_error, f1, platt
from training.rows import ENTAILED, Pair
from viva.answers import AnswerReader, Models
from viva.bank import WholeQuestion

NAME = "viva-judge 1"
_UNSURE_SHARE = 0.12
"""Share of the judgements on held-out questions that may be called unsure."""


def calibrate(folder: Path, graded: list[Pair], questions: list[WholeQuestion]) -> dict[str, float]:
    """Write `folder`/judge.json for `folder`/judge.onnx; gives what was reached on the held-out data. `graded` are graded
    answers of held-out questions, `questions` our own held-out ones with their worked
    answers; without any, points are taken for references."""
    file = folder / "judge.onnx"
    card = {
        "name": NAME, "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "point": [1.0, 0.0], "reference": [1.0, 0.0],
        "unsure": [0.5, 0.5], "reference_unsure": [0.5, 0.5], "reference_threshold": 0.5, "contradicted": 2.0,
    }  # fmt: skip
    _write(folder, card)
    reader = AnswerReader(Models(folder))
    margins, right = _references(reader, graded)
    card["reference"] = line = platt(margins, right)
    probabilities = [_logistic(line, margin) for margin in margins]
    threshold = best_threshold(right, probabilities)
    card["reference_threshold"] = threshold
    card["reference_unsure"] = _band(probabilities, threshold)
    said, labels = _points(reader, questions) if questions else (margins, right)
    card["point"] = point = platt(said, labels)
    card["unsure"] = _band([_logistic(point, margin) for margin in said], 0.5)
    card["contradicted"] = 0.6
    _write(folder, card)
    points = [_logistic(point, margin) for margin in said]
    return {
        "reference weighted F1": f1(right, [p >= threshold for p in probabilities])[0],
        "reference calibration error": expected_error(probabilities, right),
        "reference accuracy": accuracy_of_surest(probabilities, right, 1.0, threshold),
        "reference accuracy of the surest 75 %": accuracy_of_surest(probabilities, right, 0.75, threshold),
        "points accuracy": accuracy_of_surest(points, labels, 1.0),
        "points accuracy of the surest 75 %": accuracy_of_surest(points, labels, 0.75),
        "points calibration error": expected_error(points, labels),
    }


def _references(reader: AnswerReader, graded: list[Pair]) -> tuple[list[float], list[bool]]:
    margins, right = [], []
    for pair in track(graded, "graded answers"):
        likeness = reader.compare(pair.question, (pair.point,), pair.answer)
        margins.append(_odds(likeness.probability))
        right.append(pair.allowed == (ENTAILED,))
    return margins, right


def _points(reader: AnswerReader, questions: Iterable[WholeQuestion]) -> tuple[list[float], list[bool]]:
    """Margins of every point in every worked answer; points partly said are left out, for they are neither."""
    margins: list[float] = []
    right: list[bool] = []
    for whole in questions:
        for answer in track(whole.answers, whole.question.id):
            matches = reader.match(whole.question, answer.text)
            for match in matches.points:
                if match.point not in answer.partly:
                    margins.append(_odds(match.probability))
                    right.append(match.point in answer.said)
            for match in matches.misconceptions:
                margins.append(_odds(match.probability))
                right.append(match.point in answer.wrong)
    return margins, right


def _band(probabilities: list[float], middle: float) -> tuple[float, float]:
    """The band around `middle` that holds `_UNSURE_SHARE` of the judgements."""
    distances = sorted(abs(value - middle) for value in probabilities)
    width = distances[int(len(distances) * _UNSURE_SHARE)]
    return max(middle - width, 0.0), min(middle + width, 1.0)


def _odds(probability: float) -> float:
    held = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(held / (1 - held))


def _logistic(line: tuple[float, float], margin: float) -> float:
    return 1 / (1 + math.exp(-(line[0] * margin + line[1])))


def _write(folder: Path, card: dict[str, object]) -> None:
    (folder / "judge.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
