"""Data made by a small grammar, in the files and the format of the real data: for trying the whole route in a minute."""

import json
import random
from pathlib import Path

from training.plan import ENTAILMENT, GRADED

_NOUNS = "lamp motor pump sensor filter server router cable valve fan".split()
_VERBS = (("heats", "warms"), ("cools", "chills"), ("drives", "moves"), ("feeds", "supplies"), ("stops", "halts"))
_ROWS = 240


def write_generated(folder: Path, seed: int = 7) -> None:
    """Write every file that training and `official` read, each with `_ROWS` rows, into `folder`."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for name in ENTAILMENT:
        _write(
            folder, name, [_row(chance, number, "entailment neutral contradiction".split()) for number in range(_ROWS)]
        )
    tests = [f"beetle.test-unseen-{what}" for what in ("answers", "questions")]
    tests += [f"scientsbank.test-unseen-{what}" for what in ("answers", "questions", "domains")]
    for name in (*GRADED, *tests):
        _write(
            folder, name, [_row(chance, number, "correct incorrect contradictory".split()) for number in range(_ROWS)]
        )
    references = [
        {"question_id": f"q{number}", "category": "BEST", "reference": f"The {noun} works."}
        for number, noun in enumerate(_NOUNS)
    ]
    _write(folder, "beetle.references", references)


def _row(chance: random.Random, number: int, labels: list[str]) -> dict[str, object]:
    """What is said of two things: the same in other words, something else, or the contrary."""
    one, other, third = chance.sample(_NOUNS, 3)
    (verb, like), (else_, _) = chance.sample(_VERBS, 2)
    kind = chance.randrange(3)
    answer = (
        f"the {other} is {like.removesuffix('s')}ed by the {one}"
        if chance.random() < 0.5
        else f"The {one} {like} the {other}.",
        f"The {third} {else_} the {one}.",
        f"The {one} does not {like.removesuffix('s')} the {other}.",
    )[kind]
    return {
        "question": f"What does the {one} do?", "reference": f"The {one} {verb} the {other}.", "answer": answer,
        "question_id": f"q{number % 30}", "label": labels[kind], "score": float(kind == 0),
    }  # fmt: skip


def _write(folder: Path, name: str, rows: list[dict[str, object]] | list[dict[str, str]]) -> None:
    (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
