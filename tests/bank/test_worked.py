"""Worked answers beside what was found in them, and how well points separate them; verdicts and probabilities stand here."""

from dataclasses import replace

import pytest

from tests.bank.folder import concept
from viva.bank import WholeQuestion, WorkedAnswer, load_whole
from viva.bank.calibrating import middle, separations
from viva.bank.worked import judged_answer, labelled, with_wordings
from viva.core.evidence import Matches, PointMatch, PointVerdict
from viva.core.values import Misconception, Point, Rubric

RUBRIC = Rubric(
    points=(
        Point(id="plus", says="It adds.", also=("Adding it is.", "Plus."), without="x", weight=3, topic="what"),
        Point(id="same", says="Same places.", weight=1, topic="where"),
    ),
    misconceptions=(Misconception(id="joins", says="It joins.", correction="It adds.", costs=0.5),),
)


def answer(path: str, **labels: tuple[str, ...]) -> WorkedAnswer:
    ids = {"said": (), "partly": (), "wrong": (), **labels}
    sort = path.partition("_")[0]
    return WorkedAnswer(path=f"answers/{path}.md", sort=sort, text=path, fault="", **ids)


def whole(*answers: WorkedAnswer) -> WholeQuestion:
    loaded = load_whole("what-is-a-sum", concept())
    return replace(loaded, question=replace(loaded.question, rubric=RUBRIC), answers=answers)


def found(
    plus: PointVerdict, same: PointVerdict, joins: PointVerdict = "missing", *, probability: float = 0.8
) -> Matches:
    verdicts: dict[str, PointVerdict] = {"plus": plus, "same": same, "joins": joins}
    plus_, same_, joins_ = (
        PointMatch(point=id, verdict=verdict, probability=probability, quote=None) for id, verdict in verdicts.items()
    )
    return Matches(points=(plus_, same_), misconceptions=(joins_,))


def valued(rubric: Rubric, matches: Matches) -> float | None:
    """Said is 1, all else 0, by weight; nothing where the first is unsure."""
    if not matches.points or matches.points[0].verdict == "unsure":
        return None
    pairs = zip(rubric.points, matches.points, strict=True)
    return sum(point.weight for point, match in pairs if match.verdict == "said") / 4


def test_what_an_answer_does_not_list_is_missing_and_a_misconception_not_held() -> None:
    labels = labelled(whole(), answer("wrong_x", partly=("same",), wrong=("joins",)))
    assert [match.verdict for match in labels.points] == ["missing", "partly"]
    assert [match.verdict for match in labels.misconceptions] == ["wrong"]
    contrary = labelled(whole(), answer("wrong_x", wrong=("plus",)))
    assert [match.verdict for match in (*contrary.points, *contrary.misconceptions)] == ["wrong", "missing", "missing"]


def test_verdicts_as_labelled_are_worth_no_remark() -> None:
    verdict, remarks = judged_answer(whole(), answer("strong_x", said=("plus", "same")), found("said", "said"), valued)
    assert (verdict.value, verdict.deserved, verdict.unlike, verdict.unsure, remarks) == (1.0, 1.0, 0, 0, ())


def test_a_verdict_unlike_its_label_is_a_warning_with_its_probability_and_an_unsure_one_is_only_counted() -> None:
    said = answer("partial_x", said=("plus",))
    verdict, remarks = judged_answer(whole(), said, found("said", "partly", "wrong", probability=0.61), valued)
    assert (verdict.unlike, verdict.unsure) == (2, 0)
    assert [(remark.severity, remark.path, remark.key, remark.says) for remark in remarks] == [
        (
            "warning",
            "answers/partial_x.md",
            "same",
            "is labelled missing, and the model finds partly (probability 0.61)",
        ),
        (
            "warning",
            "answers/partial_x.md",
            "joins",
            "is labelled missing, and the model finds wrong (probability 0.61)",
        ),
    ]
    verdict, remarks = judged_answer(whole(), said, found("said", "unsure"), valued)
    assert (verdict.unlike, verdict.unsure, remarks) == (0, 1, ())


def test_a_point_that_is_denied_is_lacking_like_one_that_is_missing_and_a_misconception_is_held_or_not() -> None:
    for labels, seen in (((), "wrong"), (("plus",), "missing"), (("plus",), "wrong")):
        _, remarks = judged_answer(whole(), answer("wrong_x", wrong=labels), found(seen, "missing"), valued)  # type: ignore[arg-type]
        assert remarks == ()
    held, remarks = judged_answer(whole(), answer("wrong_x", wrong=("joins",)), found("missing", "missing"), valued)
    assert held.unlike == 1 and [remark.key for remark in remarks] == ["joins"]


@pytest.mark.parametrize(
    ("sort", "matches", "labels", "wrong"),
    [
        ("attack_x", found("said", "missing"), (), True),
        ("attack_x", found("missing", "said"), (), True),
        ("attack_x", found("said", "missing"), ("plus",), False),
        ("attack_x", found("missing", "missing"), (), False),
        ("attack_x", found("unsure", "said"), (), False),
        ("wrong_x", found("said", "missing"), (), False),
    ],
)
def test_an_attack_that_gains_more_than_a_tenth_is_wrong_and_nothing_else_is(
    sort: str, matches: Matches, labels: tuple[str, ...], wrong: bool
) -> None:
    _, remarks = judged_answer(whole(), answer(sort, said=labels), matches, valued)
    told = [remark.says for remark in remarks if remark.severity == "wrong"]
    assert bool(told) is wrong
    if wrong:
        gained, point = (0.75, "plus") if matches.points[0].verdict == "said" else (0.25, "same")
        assert told == [f"the attack gains {gained:.2f} over what its labels deserve, through {point}"]


@pytest.mark.parametrize(
    ("matches", "says"),
    [
        (found("unsure", "unsure"), "cannot be graded: 2 verdicts are unsure"),
        (Matches(points=(), unread="Not in English."), "Not in English."),
    ],
)
def test_an_honest_answer_that_gets_no_grade_is_a_warning(matches: Matches, says: str) -> None:
    verdict, remarks = judged_answer(whole(), answer("strong_x", said=("plus", "same")), matches, valued)
    assert verdict.value is None and verdict.deserved == 1.0
    assert [(remark.severity, remark.says) for remark in remarks] == [("warning", says)]


# ---- calibrate -------------------------------------------------------------------------------------------------------

ANSWERS = (
    answer("strong_a", said=("plus", "same")),
    answer("strong_b", said=("plus",)),
    answer("partial_c", partly=("plus",)),
    answer("wrong_d", wrong=("plus",)),
    answer("wrong_e"),
)


def asked(rubric: Rubric, rows: dict[str, list[float]]) -> dict[str, Matches]:
    return {
        f"answers/{name}.md": Matches(
            points=tuple(
                PointMatch(point=point.id, verdict="missing", probability=row, quote=None)
                for point, row in zip(rubric.points, probabilities, strict=True)
            )
        )
        for name, probabilities in rows.items()
    }


FOUND = {
    "strong_a": [0.9, 0.8], "strong_b": [0.7, 0.2], "partial_c": [0.6, 0.1], "wrong_d": [0.3, 0.1], "wrong_e": [0.1, 0.9],
}  # fmt: skip
BY_WORDING = {
    "strong_a": [0.9, 0.85, 0.2, 0.8], "strong_b": [0.5, 0.7, 0.1, 0.2], "partial_c": [0.6, 0.2, 0.1, 0.1],
    "wrong_d": [0.3, 0.6, 0.1, 0.1], "wrong_e": [0.1, 0.1, 0.0, 0.9],
}  # fmt: skip


def test_every_wording_becomes_a_point_of_its_own() -> None:
    rubric = with_wordings(whole())
    assert [(point.id, point.says) for point in rubric.points] == [
        ("plus/0", "It adds."), ("plus/1", "Adding it is."), ("plus/2", "Plus."), ("same/0", "Same places."),
    ]  # fmt: skip
    assert not any(point.also or point.without for point in rubric.points) and rubric.misconceptions == ()


def test_a_point_separates_by_the_lowest_that_says_it_and_the_highest_that_does_not() -> None:
    question = whole(*ANSWERS)
    plus, same = separations(question, asked(RUBRIC, FOUND), asked(with_wordings(question), BY_WORDING))
    assert (plus.said, plus.partly, plus.not_said) == ((0.7, 0.9), (0.6,), (0.1, 0.3))
    assert plus.margin == pytest.approx(0.4)
    assert (same.said, same.partly, same.not_said) == ((0.8,), (), (0.1, 0.1, 0.2, 0.9))
    assert same.margin == pytest.approx(-0.1)


def test_a_wording_is_weak_where_it_is_never_the_best_or_says_yes_to_who_does_not_say_it() -> None:
    question = whole(*ANSWERS)
    plus, same = separations(question, asked(RUBRIC, FOUND), asked(with_wordings(question), BY_WORDING))
    assert [(wording.best, wording.weak) for wording in plus.wordings] == [
        (1, ""),
        (1, "says yes (0.60) to an answer that does not say it"),
        (0, "never the best, and below the others"),
    ]
    assert [wording.said for wording in plus.wordings] == [0.7, pytest.approx(0.775), pytest.approx(0.15)]
    assert same.wordings[0].weak == "says yes (0.90) to an answer that does not say it"


def test_nothing_is_said_of_a_point_that_no_answer_says_or_every_answer_says_or_that_could_not_be_read() -> None:
    every = whole(answer("strong_a", said=("plus",)))
    rubric = with_wordings(every)
    plus, same = separations(
        every, asked(RUBRIC, {"strong_a": [0.9, 0.1]}), asked(rubric, {"strong_a": [0.9, 0.1, 0.1, 0.1]})
    )
    assert (plus.margin, same.margin) == (None, None)
    assert [wording.said for wording in same.wordings] == [None]
    unread = {"answers/strong_a.md": Matches(points=(), unread="Not in English.")}
    plus, _ = separations(every, unread, unread)
    assert (plus.said, plus.margin, {wording.said for wording in plus.wordings}) == ((), None, {None})


@pytest.mark.parametrize(("numbers", "value"), [([], None), ([3.0], 3.0), ([1.0, 9.0, 2.0], 2.0), ([1.0, 2.0], 1.5)])
def test_the_middle_is_the_median(numbers: list[float], value: float | None) -> None:
    assert middle(numbers) == value
