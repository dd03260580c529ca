"""A track from its file, and what its author is told where it is not as it must be."""

from importlib import resources
from pathlib import Path

import pytest

from tests.bank.folder import TRACK
from viva.bank import FolderBank, load_track, problems_of_track
from viva.core.errors import AuthorError


@pytest.mark.parametrize(
    ("old", "new", "says", "line", "key", "mend"),
    [
        ("minutes = 20", "minutes = 19", "the steps need 20", 3, "minutes", "Raise it"),
        ('allowed = "docs"', 'allowed = "all"', "must be one of none", 5, "allowed", '`allowed = "docs"`'),
        ('question = "adam"', "", "neither `question` nor `pool`", 7, "step.question", "Write `question"),
        ('question = "adam"', 'question = "adam"\npool = ["a"]', "both", 8, "step.question", "Write `question"),
        ('question = "adam"', 'question = "Adam"', "'Adam' is not the id", 8, "step.question", "kebab-case"),
        ('["beam-search", "top-p-sampling"]', "[]", "must not be empty", 12, "step.pool", "Write for example"),
        ("attempts = 3", "attempts = 0", "from 1 to 100", 14, "step.attempts", "`attempts = 5`"),
        ("required = false", "require = false", "not a known key", 15, "step.require", "Did you mean `required`?"),
        ('summary = "S"', "", "is missing", None, "summary", "Add `summary"),
    ],
)
def test_the_author_of_a_track_is_told_the_same(
    old: str, new: str, says: str, line: int | None, key: str, mend: str
) -> None:
    assert TRACK.count(old) == 1
    found = [e for e in problems_of_track("first", TRACK.replace(old, new)) if says in e.says]
    assert [(e.path, e.line, e.key) for e in found] == [("tracks/first.toml", line, key)]
    assert mend in found[0].mend


def test_a_track_without_steps_is_refused() -> None:
    with pytest.raises(AuthorError, match="step: is missing"):
        load_track("first", TRACK.split("[[step]]", maxsplit=1)[0])


def test_a_track_says_its_steps_in_order() -> None:
    track = load_track("first", TRACK)
    assert [(s.questions, s.minutes, s.attempts, s.required) for s in track.steps] == [
        (("adam",), 8.0, None, True),
        (("beam-search", "top-p-sampling"), 12.0, 3, False),
    ]


def test_the_shipped_track_asks_three_questions_in_25_minutes() -> None:
    bank = FolderBank(Path(str(resources.files("viva_bank"))))
    track = bank.track("transformers-first-steps")
    assert len(track.steps) == 3
    assert sum(step.minutes for step in track.steps) == track.minutes == 25
    assert {question for step in track.steps for question in step.questions} <= set(bank.question_ids())


def test_two_tracks_of_ninety_minutes_hold_the_twelve_transformer_questions_and_draw_among_equals() -> None:
    bank = FolderBank(Path(str(resources.files("viva_bank"))))
    tracks = [bank.track(id) for id in ("transformers-from-scratch", "inside-language-models")]
    asked = {question for track in tracks for step in track.steps for question in step.questions}
    assert len(asked) == 12
    for track in tracks:
        assert sum(step.minutes for step in track.steps) == track.minutes == 90
        for step in track.steps:
            questions = [bank.question(id) for id in step.questions]
            assert len({question.level for question in questions}) == 1
            assert all(step.minutes >= question.minutes for question in questions)
            assert all({"numpy", "torch"} <= set(question.frameworks) for question in questions)
