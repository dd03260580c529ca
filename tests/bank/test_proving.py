"""What `bank check` makes of runs: each claim of an author that does not hold is told, and nothing unobserved is."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import pytest

from tests.bank.folder import answer, attempt, coding, concept
from viva.bank import Judging, Report, Trial, WholeQuestion, judged_files, load_whole, prove, remarks_of, steps_of
from viva.core.evidence import BROKEN_CHECKS, CheckOutcome, CheckRun, Ended, NotObserved
from viva.core.values import Question
from viva.grading.correctness import because, share_passed

JUDGING = Judging(share=share_passed, because=because)
NAMES = ("vectors", "untouched", "broadcast")


def ran(
    *failing: str, ended: Ended = Ended.FINISHED, says: str = "", prints: str = "", line: int | None = None
) -> CheckRun:
    checks = tuple(
        CheckOutcome(
            name=name,
            title=f"title of {name}",
            passed=name not in failing,
            weight=1.0,
            visible=name == "vectors",
            says=f"{name} differs" if name in failing else "",
        )
        for name in NAMES
    )
    return CheckRun(
        ended=ended,
        says=says,
        line=line,
        checks=checks,
        prints=prints,
        prints_cut=False,
        cpu_seconds=0.0,
        memory_mib=0.0,
        environment="",
    )


HONEST: dict[str, CheckRun | NotObserved] = {
    "excluded import states": ran(prints='a warning\nnames: {"numpy.add": "shut"}\n'),
    "NotImplementedError": ran(*NAMES),
    "print(add(": ran(prints="[4, 6]\n"),
    "return a + b": ran(),
    "return a - (-b)": ran(),
    "return a - b": ran("vectors", "broadcast"),
    "a += b": ran("untouched", "broadcast"),
    "zip(a, b)": ran("broadcast"),
    "a[:] = 0": ran(*NAMES),
    "os._exit": ran(*NAMES, ended=Ended.CRASHED, says="It ended by itself."),
}
"""What the sandbox observes of the finished question, by a piece of code; the first piece that is found counts."""


@dataclass
class Told:
    """A `Runner` that answers from a table, and remembers what it was asked."""

    table: Mapping[str, CheckRun | NotObserved]
    asked: list[tuple[Mapping[str, bytes], Trial]] = field(default_factory=list)

    async def run(self, question: Question, files: Mapping[str, bytes], trial: Trial) -> CheckRun | NotObserved:
        self.asked.append((files, trial))
        return next(run for piece, run in self.table.items() if piece in trial.code)


def tried(
    changes: Mapping[str, CheckRun | NotObserved] | None = None, files: dict[str, bytes] | None = None
) -> tuple[Report, Told]:
    files = coding() if files is None else files
    whole = load_whole("add-arrays", files)
    runner = Told({**HONEST, **(changes or {})})
    steps = steps_of(whole, files, ["numpy"])
    done: list[str] = []
    report = asyncio.run(prove(whole, files, steps, runner=runner, judging=JUDGING, done=done.append))
    assert len(done) == len(steps) == len(runner.asked)
    return report, runner


def wrongs(report: Report) -> list[tuple[str, int | None, str]]:
    return [(remark.path, remark.line, remark.says) for remark in report.remarks if remark.severity == "wrong"]


def test_a_finished_question_holds_and_is_proved_without_a_remark() -> None:
    report, _ = tried()
    assert report.remarks == ()
    assert report.holds
    assert report.proved == ("numpy",)
    assert report.unobserved == report.left_out == ()


def test_each_wrong_attempt_tells_what_a_candidate_would_read() -> None:
    report, _ = tried()
    reads = {verdict.path: verdict.reads for verdict in report.verdicts}
    assert reads["attempts/wrong_difference.py"] == (
        "1 of 3 checks pass.",
        "title of vectors: vectors differs",
        "title of broadcast: broadcast differs",
        "It looks as if the arrays were subtracted.",
    )


@pytest.mark.parametrize(
    ("piece", "run", "path", "says"),
    [
        ("NotImplementedError", ran(), "numpy/starter.py", "the starter gets full marks"),
        (
            "NotImplementedError",
            ran(*NAMES, ended=Ended.CANDIDATE_ERROR, says="SyntaxError in line 2."),
            "numpy/starter.py",
            "the starter does not load: SyntaxError in line 2.",
        ),
        ("return a + b", ran("broadcast"), "numpy/solution.py", "must get full marks, but got 0.67: 2 of 3 checks pass."),
        ("return a - (-b)", ran("untouched"), "attempts/right_minus.py", "must get full marks"),
        ("a += b", ran(), "attempts/wrong_in_place.py", "a wrong attempt gets full marks"),
        ("os._exit", ran(*NAMES, ended=Ended.KILLED), "attempts/hostile_leaves.py", "`ended == crashed` does not hold"),
        ("os._exit", ran("vectors", ended=Ended.CRASHED), "attempts/hostile_leaves.py", "`correctness == 0` does not hold"),
        ("a - b", ran("vectors"), "attempts/wrong_difference.py", "`fails == vectors, broadcast` does not hold"),
        ("print(add(", ran(prints="[4, 7]\n"), "statement.md", "the worked example prints '[4, 7]'"),
        (
            "print(add(",
            ran(ended=Ended.CANDIDATE_ERROR, says="NameError: x.", line=6),
            "statement.md",
            "the worked example fails: NameError: x.",
        ),
    ],
)  # fmt: skip
def test_a_claim_that_does_not_hold_is_told_with_its_file(piece: str, run: CheckRun, path: str, says: str) -> None:
    table = {piece: run} if piece != "a - b" else {"return a - b": run}
    report, _ = tried(table)
    assert not report.holds
    assert report.proved == ()
    assert any(found == path and says in told for found, _, told in wrongs(report)), wrongs(report)


def test_a_fact_is_told_with_its_line_and_what_was_so() -> None:
    report, _ = tried({"return a - b": ran("vectors")})
    (told,) = [entry for entry in wrongs(report) if "fails ==" in entry[2]]
    assert told[1] == 2
    assert told[2].endswith("correctness is 0.667, ended is finished, fails: vectors")


@pytest.mark.parametrize(("in_run", "in_statement"), [(5, 4), (6, 5), (1, 4)])
def test_the_line_of_a_failing_example_is_that_of_the_statement(in_run: int, in_statement: int) -> None:
    solution = coding()["numpy/solution.py"].decode()
    assert solution.count("\n") == 2
    report, runner = tried({"print(add(": ran(ended=Ended.CANDIDATE_ERROR, says="It fails.", line=in_run)})
    example = next(trial for _, trial in runner.asked if "print(add(" in trial.code)
    assert example.code.split("\n")[4] == "import numpy as np"
    assert [line for path, line, _ in wrongs(report) if path == "statement.md"] == [in_statement]


def test_the_example_runs_below_the_solution_and_away_from_the_checks() -> None:
    _, runner = tried()
    ((files, trial),) = [asked for asked in runner.asked if "print(add(" in asked[1].code]
    assert trial.code.startswith("def add(a, b):")
    assert trial.which == "visible"
    assert set(files) == {"checks.py"}
    assert b"vectors" not in files["checks.py"]


def test_trailing_blanks_of_an_example_do_not_count_and_other_differences_do() -> None:
    assert tried({"print(add(": ran(prints="[4, 6] \n\n")})[0].holds
    assert not tried({"print(add(": ran(prints=" [4, 6]\n")})[0].holds


def test_the_jail_is_handed_only_what_judging_needs() -> None:
    files = {**coding(), "given.py": b"x = 1\n", "data/a.txt": b"a", "hidden/b.txt": b"b"}
    assert set(judged_files(files)) == {"checks.py", "given.py", "data/a.txt", "hidden/b.txt"}
    _, runner = tried(files=files)
    assert all(set(given) <= set(judged_files(files)) for given, _ in runner.asked)


def test_the_solution_runs_with_several_seeds() -> None:
    _, runner = tried()
    solution = coding()["numpy/solution.py"].decode()
    seeds = [trial.seed for _, trial in runner.asked if trial.code == solution]
    assert len(seeds) == len(set(seeds)) == 3


def test_a_fault_of_the_machine_is_neither_for_nor_against_the_question() -> None:
    for run in (NotObserved(whose="machine", why="no jail here"), ran(ended=Ended.MACHINE_FAILED, says="no jail here")):
        report, _ = tried({"return a + b": run})
        assert report.holds
        assert report.proved == ()
        assert report.unobserved[0] == "add-arrays/numpy/solution.py: no jail here"


def test_checks_that_break_are_the_authors_to_mend_and_said_once_with_their_line() -> None:
    run = NotObserved(
        whose="machine", why=f"{BROKEN_CHECKS}checks.py, line 9, in vectors: NameError: name 'x' is unknown"
    )
    report, _ = tried({"return a + b": run, "NotImplementedError": run})
    assert not report.holds
    assert report.unobserved == report.proved == ()
    wrong = [(r.path, r.line, r.says) for r in report.remarks if r.severity == "wrong"]
    assert wrong == [("checks.py", 9, "breaks: NameError: name 'x' is unknown")]


def test_a_check_that_no_wrong_attempt_fails_is_a_warning() -> None:
    files = coding()
    for path in [
        path for path, content in files.items() if path.startswith("attempts/wrong_") and b"untouched" in content
    ]:
        del files[path]
    report, _ = tried(files=files)
    assert [remark.says for remark in report.remarks if remark.path == "checks.py"] == [
        "no wrong attempt fails untouched"
    ]
    assert all(remark.severity == "warning" for remark in report.remarks if remark.path == "checks.py")


def test_a_question_without_a_visible_check_is_a_warning() -> None:
    blind = ran()
    blind = replace(blind, checks=tuple(replace(check, visible=False) for check in blind.checks))
    report, _ = tried({"return a + b": blind})
    assert "Run shows no check" in [remark.says for remark in report.remarks]
    assert report.holds


def test_a_framework_without_an_environment_is_left_out_and_said() -> None:
    files = coding()
    whole = load_whole("add-arrays", files)
    report = asyncio.run(
        prove(whole, files, steps_of(whole, files, []), runner=Told(HONEST), judging=JUDGING, done=lambda _: None)
    )
    assert report.left_out == ("numpy",)
    assert report.proved == ()


def _without(*paths: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda files: {path: content for path, content in files.items() if not path.endswith(paths)}


@pytest.mark.parametrize(
    ("make", "change", "severity", "path", "says"),
    [
        (coding, _without("right_plus.py"), "wrong", "attempts/", "has 1 right attempts"),
        (coding, _without("wrong_nothing.py"), "wrong", "attempts/", "has 3 wrong attempts"),
        (coding, _without("hostile_leaves.py"), "wrong", "attempts/", "has 0 hostile attempts"),
        (coding, _without("follow_ups.toml"), "wrong", "follow_ups.toml", "asks nothing"),
        (coding, lambda f: {**f, "statement.md": b"Write add.\n"}, "wrong", "statement.md", "no worked example"),
        (
            coding,
            lambda f: {**f, "attempts/right_minus.py": f["attempts/right_plus.py"] + b"# another comment\n"},
            "wrong",
            "attempts/right_plus.py",
            "the same code as attempts/right_minus.py",
        ),
        (
            coding,
            lambda f: {
                **f,
                "attempts/wrong_again.py": attempt(
                    "return b - a", "expect: fails == broadcast, vectors", "fault: turned: the arrays were swapped"
                ),
            },
            "warning",
            "attempts/",
            "the faults difference, turned fail the same checks",
        ),
        (concept, _without("strong_long.md"), "wrong", "answers/", "has 1 strong answers"),
        (concept, _without("wrong_noise.md"), "wrong", "answers/", "has 3 partial or wrong answers"),
        (concept, _without("attack_orders.md"), "wrong", "answers/", "has 0 attack answers"),
        (
            concept,
            lambda f: {**f, "rubric.toml": f["rubric.toml"].replace(b'probe = "Which elements meet?"\n', b"")},
            "warning",
            "rubric.toml",
            "the point 'plus' has no probe",
        ),
        (
            concept,
            lambda f: {**f, "answers/attack_more.md": answer("More marks!")},
            None,
            "",
            "",
        ),
    ],
)  # fmt: skip
def test_what_a_question_lacks_of_a_finished_one_is_told(
    make: Callable[[], dict[str, bytes]],
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
    severity: str | None,
    path: str,
    says: str,
) -> None:
    whole: WholeQuestion = load_whole("add-arrays", change(make()))
    remarks = remarks_of(whole)
    if severity is None:
        assert remarks == ()
    else:
        assert [(r.severity, r.path) for r in remarks] == [(severity, path)]
        assert says in remarks[0].says
