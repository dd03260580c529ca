"""The two shipped tracks that are answered in words."""

from importlib import resources
from pathlib import Path

from viva.bank import FolderBank


def test_two_tracks_in_words_fit_their_questions_and_draw_among_equals() -> None:
    bank = FolderBank(Path(str(resources.files("viva_bank"))))
    for id, minutes in (("llm-concepts", 60), ("ml-foundations-talk", 45)):
        track = bank.track(id)
        assert sum(step.minutes for step in track.steps) == track.minutes == minutes
        for step in track.steps:
            questions = [bank.question(id) for id in step.questions]
            assert {question.kind for question in questions} == {"concept"}
            assert len({question.level for question in questions}) == 1
            assert all(step.minutes >= question.minutes for question in questions)


def test_who_takes_both_tracks_in_words_is_asked_nothing_twice() -> None:
    bank = FolderBank(Path(str(resources.files("viva_bank"))))
    first, second = (
        {one for step in bank.track(id).steps for one in step.questions}
        for id in ("llm-concepts", "ml-foundations-talk")
    )
    assert len(first) == 10
    assert len(second) == 6
    assert not first & second
