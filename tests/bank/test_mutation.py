"""How many mutants the checks notice: survivors are told, marks are believed only where they say something."""

import asyncio
from collections.abc import Mapping

import pytest

from tests.bank.folder import coding
from tests.bank.test_proving import Told, ran
from viva.bank import load_whole, problems_of
from viva.bank.mutation import MutationReport, count_of, mutate
from viva.core.evidence import CheckRun, Ended, NotObserved
from viva.grading.correctness import share_passed

RIGHT = b"def add(a, b):\n    c = a + b\n    return c * 1\n"
SEEN: dict[str, CheckRun | NotObserved] = {
    "a - b": ran("vectors"),
    "= a\n": ran("vectors", ended=Ended.CRASHED),
    "c / 1": ran(),
    "c * 2": ran("vectors"),
    "c * 0": ran("vectors"),
    "": ran(),
}
MARK = b"""[[equivalent]]
framework = "numpy"
line = "return c * 1"
change = "* -> /"
reason = "dividing by one changes nothing"
"""


def tried(
    seen: Mapping[str, CheckRun | NotObserved] = SEEN, marks: bytes = b""
) -> tuple[MutationReport, Told, list[str]]:
    files = coding() | {"numpy/solution.py": RIGHT} | ({"mutants.toml": marks} if marks else {})
    runner, heard = Told(seen), list[str]()
    whole = load_whole("add-arrays", files)
    report = asyncio.run(mutate(whole, files, "numpy", runner=runner, share=share_passed, done=heard.append))
    assert len(heard) == count_of(files, "numpy") == 6
    return report, runner, heard


def test_a_mutant_with_full_marks_is_alive_and_any_other_is_killed() -> None:
    report, _, _ = tried()
    assert (report.mutants, report.killed) == (6, 4)
    assert [(m.line, m.change) for m in report.survivors] == [(3, "* -> /"), (3, "without * 1")]
    assert report.share == pytest.approx(4 / 6)
    assert not report.holds


def test_a_survivor_that_the_author_has_marked_counts_neither_way() -> None:
    marks = MARK + MARK.replace(b"* -> /", b"without * 1")
    report, _, _ = tried(marks=marks)
    assert report.survivors == ()
    assert [reason for _, reason in report.equivalent] == ["dividing by one changes nothing"] * 2
    assert (report.share, report.holds) == (1, True)


@pytest.mark.parametrize(
    ("change", "says"), [(b"1 -> 2", "is noticed by the checks"), (b"1 -> 7", "is no mutant of the solution")]
)
def test_a_mark_that_says_nothing_is_told_and_the_question_does_not_hold(change: bytes, says: str) -> None:
    marks = MARK + MARK.replace(b"* -> /", b"without * 1") + MARK.replace(b"* -> /", change)
    report, _, _ = tried(marks=marks)
    (remark,) = report.remarks
    assert says in remark.says
    assert not report.holds


def test_what_the_machine_could_not_run_is_neither_killed_nor_alive() -> None:
    report, _, _ = tried({**SEEN, "a - b": NotObserved(whose="machine", why="no room")})
    assert (report.mutants, report.killed, len(report.survivors)) == (5, 3, 2)
    assert report.unobserved == ("add-arrays/numpy/solution.py, line 2, + -> -: no room",)


def test_a_mark_whose_mutant_the_machine_could_not_run_is_not_held_against_the_author() -> None:
    marks = MARK + MARK.replace(b"* -> /", b"without * 1")
    report, _, _ = tried({**SEEN, "c / 1": NotObserved(whose="machine", why="no room")}, marks=marks)
    assert (len(report.unobserved), report.remarks, report.holds) == (1, (), True)


def test_a_mutant_may_take_ten_times_the_solutions_cpu_and_no_more() -> None:
    slow = CheckRun(
        ended=Ended.FINISHED, says="", line=None, checks=ran().checks, prints="", prints_cut=False,
        cpu_seconds=0.06, memory_mib=0.0, environment="",
    )  # fmt: skip
    _, runner, _ = tried({"a + b\n    return c * 1": slow} | SEEN)
    first, *mutants = [trial for _, trial in runner.asked]
    assert first.budget is None
    budgets = {trial.budget for trial in mutants}
    (budget,) = budgets
    assert budget is not None
    assert budget.cpu_seconds == pytest.approx(0.6)


def test_a_mutant_that_fails_a_visible_check_is_not_tried_further() -> None:
    _, runner, _ = tried()
    asked = {piece: [trial.which for _, trial in runner.asked if piece in trial.code] for piece in ("a - b", "c / 1")}
    assert asked == {"a - b": ["visible"], "c / 1": ["visible", "all"]}


def test_a_long_solution_with_few_mutants_was_hardly_tried() -> None:
    files = coding() | {"numpy/solution.py": b"def add(a, b):\n" + b"    a = b\n" * 20 + b"    return a + b\n"}
    whole = load_whole("add-arrays", files)
    seen = {"-": ran("vectors"), "return a\n": ran("vectors"), "": ran()}
    report = asyncio.run(mutate(whole, files, "numpy", runner=Told(seen), share=share_passed, done=lambda _path: None))
    assert (report.share, report.holds) == (1, False)
    assert "22 lines of code but only 2 mutants" in report.remarks[0].says


def test_a_mark_without_a_reason_or_for_another_framework_is_refused() -> None:
    files = coding() | {"mutants.toml": MARK.replace(b"reason", b"because").replace(b'"numpy"', b'"torch"')}
    told = {(problem.line, problem.says.split(": ", 1)[1][:30]) for problem in problems_of("add-arrays", files)}
    assert {line for line, _ in told} == {1, 2, 5}
