"""SemEval-2013 task 7, two-way, on the official test files: the judge beside what is simple."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track
from sklearn.feature_extraction.text import TfidfVectorizer

from training.figures import best_threshold, f1
from training.rows import Row, beetle_references, read_rows
from viva.answers import AnswerReader, Models

_FILES = {
    "beetle": ("beetle.test-unseen-answers", "beetle.test-unseen-questions"),
    "scientsbank": (
        "scientsbank.test-unseen-answers",
        "scientsbank.test-unseen-questions",
        "scientsbank.test-unseen-domains",
    ),
}

Scorer = Callable[[Sequence[Row]], list[float]]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table: a method's weighted and macro F1 on a file, or on all files of a set."""

    file: str
    method: str
    weighted: float
    macro: float
    answers: int


def table(data: Path, models: Models) -> list[Line]:
    """Every method on every test file. Thresholds of the simple methods are chosen on the set's training file; the judge's
    comes with it."""
    references = beetle_references(data)
    reader = AnswerReader(models)
    lines: list[Line] = []
    for name, files in _FILES.items():
        known = read_rows(data, f"{name}.train")
        simple: dict[str, Scorer] = {"TF-IDF": _tfidf(known), "cosine": _cosine(models)}
        limits = {method: best_threshold(_right(known), scorer(known)) for method, scorer in simple.items()}
        judged: dict[str, list[list[bool]]] = {}
        truths: list[list[bool]] = []
        for file in files:
            rows = read_rows(data, file)
            truths.append(_right(rows))
            said = {"majority": [False] * len(rows)}
            said |= {method: [value >= limits[method] for value in scorer(rows)] for method, scorer in simple.items()}
            said["judge"] = _judge(reader, models, rows, references)
            for method, verdicts in said.items():
                judged.setdefault(method, []).append(verdicts)
                lines.append(Line(file, method, *f1(truths[-1], verdicts), len(rows)))
        whole = [truth for part in truths for truth in part]
        for method, parts in judged.items():
            lines.append(
                Line(f"{name}, all", method, *f1(whole, [said for part in parts for said in part]), len(whole))
            )
    return lines


def _right(rows: Sequence[Row]) -> list[bool]:
    return [row.label == "correct" for row in rows]


def _judge(reader: AnswerReader, models: Models, rows: Sequence[Row], references: dict[str, list[str]]) -> list[bool]:
    threshold = models.card.reference_threshold
    said = []
    for row in track(rows, rows[0].group.partition("/")[0]):
        known = references.get(row.group.partition("/")[2]) if row.group.startswith("beetle") else None
        likeness = reader.compare(row.question, known or [row.reference], row.answer)
        said.append(likeness.probability >= threshold)
    return said


def _tfidf(known: Sequence[Row]) -> Scorer:
    vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words=None).fit(
        [row.reference for row in known] + [row.answer for row in known]
    )

    def score(rows: Sequence[Row]) -> list[float]:
        answers, references = (
            vectorizer.transform(texts) for texts in ([r.answer for r in rows], [r.reference for r in rows])
        )
        return list(np.asarray(answers.multiply(references).sum(axis=1)).ravel())

    return score


def _cosine(models: Models) -> Scorer:
    def score(rows: Sequence[Row]) -> list[float]:
        return [float(np.dot(*models.embed((row.answer or " ", row.reference)))) for row in rows]

    return score
