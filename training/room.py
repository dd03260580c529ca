"""Measures of the answer grader on graded answers of our own, their twins, and attacks. Law: a figure depends on the model and
the files alone (what it costs excepted); what a text is worth comes from the pure grader, as in an interview.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from training.attacks import Attack, attacks_on
from training.figures import accuracy_of_surest, expected_error, spearman
from training.plan import DEVELOPMENT
from viva.answers import AnswerReader, Models
from viva.bank import FolderBank, WholeQuestion
from viva.core.evidence import Matches
from viva.grading.rubric import doubt_of, value_of

LEVELS = ("strong", "partial", "weak", "wrong")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A line of training/answers: what a person says that the text is worth, 0..1, and its level."""

    name: str
    level: str
    content: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A line of training/twins: the same content as the answer `of`, in another form."""

    of: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A text's value by the grader, 0..1, and whether it would be given; what it rests on."""

    value: float
    scored: bool
    matches: Matches


@dataclass(frozen=True, slots=True, kw_only=True)
class Corner:
    """One question with its texts, and what each of them was judged to be."""

    whole: WholeQuestion
    answers: tuple[Answer, ...]
    twins: tuple[Twin, ...]
    attacks: tuple[Attack, ...]
    judged: Mapping[str, Judged]

    @property
    def id(self) -> str:
        """The question's id."""
        return self.whole.question.id


Figures = dict[str, float]


def read_corners(root: Path, only: Sequence[str] = ()) -> list[Corner]:
    """The concept questions of the bank below `root`, nothing judged yet; `only` those named, where any is."""
    bank = FolderBank(root / "src" / "viva_bank")
    everything = [bank.whole(id) for id in bank.question_ids()]
    concepts = [whole for whole in everything if whole.question.kind == "concept" and whole.question.rubric.points]
    return [
        Corner(
            whole=whole,
            answers=tuple(
                Answer(name=row["name"], level=row["level"], content=row["content"], text=row["text"])
                for row in _lines(root / "training" / "answers" / f"{whole.question.id}.jsonl")
            ),
            twins=tuple(
                Twin(of=row["of"], kind=row["kind"], text=row["text"])
                for row in _lines(root / "training" / "twins" / f"{whole.question.id}.jsonl")
            ),
            attacks=tuple(attacks_on(whole, everything, number)),
            judged={},
        )
        for number, whole in enumerate(concepts)
        if not only or whole.question.id in only
    ]


def judge_corners(corners: Sequence[Corner], folder: Path, jobs: int) -> list[Corner]:
    """The corners with every text judged by the model in `folder`, in `jobs` processes."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        found = pool.map(_judge, corners, [folder] * len(corners))
        return list(track(found, "questions", total=len(corners), console=Console(stderr=True)))


def _judge(corner: Corner, folder: Path) -> Corner:
    reader = AnswerReader(Models(folder))
    rubric = corner.whole.question.rubric
    texts = {
        *(answer.text for answer in corner.answers),
        *(twin.text for twin in corner.twins),
        *(answer.text for answer in corner.whole.answers),
        *(text for attack in corner.attacks for text in (attack.text, attack.original) if text),
    }
    judged: dict[str, Judged] = {}
    for text in sorted(texts):
        matches = reader.match(corner.whole.question, text)
        value = 0.0 if matches.unread else value_of(rubric, matches)
        judged[text] = Judged(value=value, scored=not doubt_of(rubric, matches), matches=matches)
    return Corner(
        whole=corner.whole, answers=corner.answers, twins=corner.twins, attacks=corner.attacks, judged=judged
    )  # fmt: skip


def ranks(corners: Iterable[Corner]) -> Figures:
    """Spearman's correlation of value with content by question, of the answers that get a grade."""
    found: Figures = {}
    for corner in corners:
        scored = [answer for answer in corner.answers if corner.judged[answer.text].scored]
        if len(scored) > 2:
            values = [corner.judged[answer.text].value for answer in scored]
            found[corner.id] = spearman(values, [answer.content for answer in scored])
    return found


def levels(corners: Iterable[Corner]) -> dict[str, Figures]:
    """Mean value by question and level, of the answers that get a grade."""
    return {
        corner.id: {
            level: _mean(
                corner.judged[answer.text].value
                for answer in corner.answers
                if answer.level == level and corner.judged[answer.text].scored
            )
            for level in LEVELS
        }
        for corner in corners
        if corner.answers
    }


def apart(found: Figures, least: float = 0.2) -> bool:
    """Whether strong lies above partial and partial above wrong by `least`."""
    return found["strong"] - found["partial"] >= least and found["partial"] - found["wrong"] >= least


def shifts(corners: Iterable[Corner]) -> dict[str, list[float]]:
    """By kind of twin, how much more each is worth than the answer that it rewords (0 would be right)."""
    found: dict[str, list[float]] = {}
    for corner in corners:
        first = {answer.name: corner.judged[answer.text].value for answer in corner.answers}
        for twin in corner.twins:
            found.setdefault(twin.kind, []).append(corner.judged[twin.text].value - first[twin.of])
    return dict(sorted(found.items()))


def unscored(corners: Iterable[Corner]) -> float:
    """The share of honest answers, twins included, that get no grade."""
    return _mean(
        float(not corner.judged[text].scored)
        for corner in corners
        for text in (*(answer.text for answer in corner.answers), *(twin.text for twin in corner.twins))
    )


def gains(corners: Iterable[Corner]) -> dict[str, list[float]]:
    """By kind of attack, what each is graded above what its content deserves; 0 where it gets no grade."""
    found: dict[str, list[float]] = {}
    for corner in corners:
        for attack in corner.attacks:
            judged = corner.judged[attack.text]
            deserved = corner.judged[attack.original].value if attack.original else 0.0
            found.setdefault(attack.kind, []).append(judged.value - deserved if judged.scored else 0.0)
    return found


def points(corners: Iterable[Corner], *, development: bool) -> Figures:
    """How right the verdicts on the points of worked answers are, of development questions or of the others. Points partly
    said are neither said nor not, and count for `verdicts` alone; unsure ones count as decided at one half."""
    probabilities: list[float] = []
    said: list[bool] = []
    verdicts: list[bool] = []
    held: list[tuple[bool, bool]] = []
    for corner in corners:
        if (corner.id in DEVELOPMENT) != development:
            continue
        for answer in corner.whole.answers:
            matches = corner.judged[answer.text].matches
            for match in matches.points:
                truth = _truth(match.point, answer.said, answer.partly, answer.wrong)
                verdicts.append(match.verdict == truth)
                if truth != "partly":
                    probabilities.append(match.probability)
                    said.append(truth == "said")
            held += [(match.verdict == "wrong", match.point in answer.wrong) for match in matches.misconceptions]
    if not said:
        return {}
    return {
        "judgements": float(len(said)),
        "accuracy": accuracy_of_surest(probabilities, said, 1.0),
        "accuracy of the surest 75 %": accuracy_of_surest(probabilities, said, 0.75),
        "calibration error": expected_error(probabilities, said),
        "verdicts right": _mean(map(float, verdicts)),
        "always the commoner": max(_mean(map(float, said)), 1 - _mean(map(float, said))),
        "misconceptions found": _mean(float(found) for found, true in held if true),
        "misconceptions invented": _mean(float(found) for found, true in held if not true),
    }


def cost(root: Path, folder: Path, ids: Sequence[str]) -> Figures:
    """What `training.cost` measures, in a process of its own."""
    command = [sys.executable, "-m", "training.cost", str(folder), str(root / "src" / "viva_bank"), *ids]
    ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    read: Figures = json.loads(ran.stdout)
    return read


def _truth(point: str, said: Sequence[str], partly: Sequence[str], wrong: Sequence[str]) -> str:
    for verdict, listed in (("wrong", wrong), ("said", said), ("partly", partly)):
        if point in listed:
            return verdict
    return "missing"


def _mean(values: Iterable[float]) -> float:
    read = list(values)
    return float(np.mean(read)) if read else float("nan")


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line] if path.exists() else []
