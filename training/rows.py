"""Reads the data: graded answers and entailment pairs as JSON lines, and the bank's own pairs.

Law: a file whose name holds `test` is read by `measure` alone; training and choosing never open one.
"""

import gzip
import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ENTAILED, NEITHER, CONTRADICTED = 0, 1, 2
"""The classes of the judge, in the order of its outputs."""

_ALLOWED = {
    "correct": (ENTAILED,),
    "entailment": (ENTAILED,),
    "entailed": (ENTAILED,),
    "neutral": (NEITHER,),
    "neither": (NEITHER,),
    "incorrect": (NEITHER,),
    "partially_correct": (NEITHER,),
    "partially_correct_incomplete": (NEITHER,),
    "irrelevant": (NEITHER,),
    "non_domain": (NEITHER,),
    "contradiction": (CONTRADICTED,),
    "contradictory": (CONTRADICTED,),
    "contradicted": (CONTRADICTED,),
    "not_entailment": (NEITHER, CONTRADICTED),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One thing to judge: does `answer`, given to `question`, say `point`? `allowed` are the classes that would be right
    (one, or two where the data only say "not entailed"). Pairs of one `group` share wording and are never split."""

    question: str
    point: str
    answer: str
    allowed: tuple[int, ...]
    source: str
    group: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the data folder, as documented in its README."""

    question: str
    reference: str
    answer: str
    label: str
    score: float
    group: str


def read_rows(data: Path, name: str) -> list[Row]:
    """The rows of `name` (without `.jsonl` and `.gz`).

    Raises:
        FileNotFoundError: the folder holds no such file.
    """
    found = [path for path in (data / f"{name}.jsonl", data / f"{name}.jsonl.gz") if path.exists()]
    if not found:
        raise FileNotFoundError(
            f"{data} holds no {name}.jsonl or {name}.jsonl.gz; --data names the folder of the data."
        )
    content = found[0].read_bytes()
    text = (gzip.decompress(content) if found[0].suffix == ".gz" else content).decode("utf-8")
    read = [json.loads(line) for line in text.split("\n") if line]
    return [
        Row(
            question=row.get("question", ""),
            reference=row["reference"],
            answer=row["answer"],
            label=row["label"],
            score=float(row["score"]),
            group=f"{name}/{row.get('question_id', '')}",
        )
        for row in read
    ]


def pairs_of(rows: list[Row], source: str) -> list[Pair]:
    """Rows as pairs; rows with a label of no class are left out."""
    return [
        Pair(row.question, row.reference, row.answer, _ALLOWED[row.label], source, row.group)
        for row in rows
        if row.label in _ALLOWED
    ]


def beetle_references(data: Path) -> dict[str, list[str]]:
    """Every BEST and GOOD reference of a Beetle question, by its id."""
    by_question: dict[str, list[str]] = {}
    with (data / "beetle.references.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["category"] in ("BEST", "GOOD"):
                by_question.setdefault(row["question_id"], []).append(row["reference"])
    return by_question


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text of our own pairs: what it is about, and that point's wordings. `half` is the point's `without`, or empty."""

    question: str
    wordings: tuple[str, ...]
    half: str
    text: str
    allowed: tuple[int, ...]
    point: str
    group: str


def own_texts(pairs: Path, bank: Path) -> list[OwnText]:
    """The lines of `pairs`/ID.jsonl with the points of our own bank that they are about. What a candidate is asked is the
    point's probe, or the question's title for a misconception, as at run time."""
    found: list[OwnText] = []
    for path in sorted(pairs.glob("*.jsonl")):
        folder = bank / path.stem
        rubric = tomllib.loads((folder / "rubric.toml").read_text(encoding="utf-8"))
        title = tomllib.loads((folder / "question.toml").read_text(encoding="utf-8"))["title"]
        entries = {entry["id"]: entry for entry in [*rubric["point"], *rubric.get("misconception", ())]}
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            entry = entries[row["point"]]
            found.append(
                OwnText(
                    question=entry.get("probe", title),
                    wordings=(entry["says"], *entry.get("also", ())),
                    half=entry.get("without", ""),
                    text=row["text"],
                    allowed=_ALLOWED[row["label"]],
                    point=row["point"],
                    group=f"own/{path.stem}",
                )
            )
    return found


def held_out(groups: set[str], share: float, seed: int) -> set[str]:
    """The groups that are kept out of training: `share` of them, drawn by `seed`, whatever else is there."""
    return {group for group in sorted(groups) if random.Random(f"{seed}/{group}").random() < share}


def without(pairs: list[Pair], held: set[str]) -> Iterator[Pair]:
    """The pairs of no held-out group."""
    return (pair for pair in pairs if pair.group not in held)
