"""Proving a question: what its author claims is tried in the sandbox. Law: nothing here runs code; a `Runner` does, and a
run that could not be observed proves nothing, neither for nor against.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol, assert_never

from viva.bank.attempts import WorkedAttempt
from viva.bank.excluded import Looked, probe_of
from viva.bank.finished import Remark, remarks_of
from viva.bank.paths import judged_files
from viva.bank.questions import WholeQuestion
from viva.bank.texts import Example, example_of
from viva.core.evidence import BROKEN_CHECKS, CheckRun, Ended, NotObserved
from viva.core.values import Budget, Framework, Question, Which, seed_of

SOLUTION_RUNS = 3
"""Runs of each solution, each with its own seed: a check that a right answer passes only sometimes shows itself."""

_NO_SECRET = "00" * 16
_LOOKING = Budget(cpu_seconds=60, wall_seconds=120, memory_mib=2048)
"""For looking names up: the modules that hold them are imported, whatever the question's own limits."""

_EXAMPLE_CHECK = b"""from viva_check import check


@check("the worked example", visible=True)
def worked_example(sut, rng):
    pass
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One run to be made: code of `framework` under the question's checks, with a seed (128 bits, hexadecimal), within the
    question's budget where no other is given."""

    framework: Framework
    code: str
    which: Which
    seed: str
    budget: Budget | None = None


class Runner(Protocol):
    """Runs trials; the command line adapts the sandbox to it."""

    async def run(self, question: Question, files: Mapping[str, bytes], trial: Trial) -> CheckRun | NotObserved:
        """What was observed, or why nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """What grading makes of a run: its correctness (0..1, None where it cannot be scored), and the sentences that a
    candidate reads of it."""

    share: Callable[[CheckRun], float | None]
    because: Callable[[CheckRun, Question], tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one attempt was judged. `reads` are the sentences that a candidate would read."""

    path: str
    framework: Framework
    correctness: float
    ended: Ended
    failing: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What trying a question showed. `proved` are frameworks that ran whole and have nothing wrong; `left_out` are those
    without an environment; `unobserved` says what the machine could not do."""

    id: str
    remarks: tuple[Remark, ...]
    verdicts: tuple[Verdict, ...] = ()
    proved: tuple[Framework, ...] = ()
    left_out: tuple[Framework, ...] = ()
    unobserved: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return not any(remark.severity == "wrong" for remark in self.remarks)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One run with what it is for."""

    sort: Literal["names", "starter", "solution", "example", "attempt"]
    path: str
    trial: Trial
    attempt: WorkedAttempt | None = None
    example: Example | None = None
    first_line: int = 0


def steps_of(whole: WholeQuestion, files: Mapping[str, bytes], frameworks: Sequence[Framework]) -> tuple[_Step, ...]:
    """Every run that proves the question in these frameworks, in order."""
    question = whole.question
    steps: list[_Step] = []
    for framework in (name for name in question.frameworks if name in frameworks):
        starter, solution = f"{framework}/starter.py", f"{framework}/solution.py"
        code = _text(files[solution])
        if question.forbid:
            probe = _step("names", "question.toml", question, framework, probe_of(question.forbid))
            steps.append(replace(probe, trial=replace(probe.trial, budget=_LOOKING)))
        steps.append(_step("starter", starter, question, framework, question.starter(framework)))
        steps += [_step("solution", solution, question, framework, code, n) for n in range(SOLUTION_RUNS)]
        example = example_of(question.statement) if framework == question.frameworks[0] else None
        if example is not None:
            steps.append(_example_step(question, framework, code, example))
        for attempt in (attempt for attempt in whole.attempts if attempt.framework == framework):
            trial = _trial(question, framework, attempt.code, attempt.path)
            steps.append(_Step(sort="attempt", path=attempt.path, trial=trial, attempt=attempt))
    return tuple(steps)


async def prove(
    whole: WholeQuestion,
    files: Mapping[str, bytes],
    steps: Sequence[_Step],
    *,
    runner: Runner,
    judging: Judging,
    done: Callable[[str], None],
) -> Report:
    """Run `steps` one after the other and say what of the author's claims does not hold; `done` hears of each step."""
    book = _Book(whole.question, judging)
    judged = judged_files(files)
    for step in steps:
        question_files = {"checks.py": _EXAMPLE_CHECK} if step.sort in ("example", "names") else judged
        seen = await runner.run(
            replace(whole.question, forbid=()) if step.sort == "names" else whole.question, question_files, step.trial
        )
        book.enter(step, seen)
        done(step.path)
    ran = tuple(dict.fromkeys(step.trial.framework for step in steps))
    wrong = {attempt.framework for attempt in whole.attempts if attempt.sort == "wrong"}
    return book.report(remarks_of(whole), ran, every_wrong_one=wrong <= {*ran})


class _Book:
    """What the runs of one question showed so far."""

    def __init__(self, question: Question, judging: Judging) -> None:
        self._question = question
        self._judging = judging
        self._remarks: list[tuple[Framework, Remark]] = []
        self._verdicts: list[Verdict] = []
        self._unobserved: list[tuple[Framework, str]] = []
        self._checks: dict[str, bool] = {}
        self._failed: set[str] = set()
        self._looked = Looked()

    def enter(self, step: _Step, seen: CheckRun | NotObserved) -> None:
        """Take one run into account."""
        if isinstance(seen, NotObserved) or seen.ended is Ended.MACHINE_FAILED:
            why = seen.why if isinstance(seen, NotObserved) else seen.says
            if why.startswith(BROKEN_CHECKS):
                self._broken_checks(step, why.removeprefix(BROKEN_CHECKS))
                return
            self._unobserved.append((step.trial.framework, f"{self._question.id}/{step.path}: {why}"))
            return
        marks = self._judging.share(seen)
        if marks is None:
            says = f"{self._question.id}/{step.path}: its run could not be scored"
            self._unobserved.append((step.trial.framework, says))
            return
        match step.sort:
            case "names":
                if not self._looked.enter(step.trial.framework, seen.prints):
                    says = f"{self._question.id}/{step.path}: the names in forbid could not be looked up: {seen.says}"
                    self._unobserved.append((step.trial.framework, says))
            case "starter":
                self._starter(step, seen, marks)
            case "solution":
                self._checks.update({check.name: check.visible for check in seen.checks})
                self._full_marks(step, seen, marks)
            case "example":
                self._example(step, seen)
            case "attempt":
                self._attempt(step, seen, marks)
            case _:
                assert_never(step.sort)

    def report(self, static: tuple[Remark, ...], ran: tuple[Framework, ...], *, every_wrong_one: bool) -> Report:
        """Everything that was found; `every_wrong_one`: no wrong attempt was left out."""
        spoiled = {framework for framework, remark in self._remarks if remark.severity == "wrong"}
        spoiled |= {framework for framework, _ in self._unobserved}
        left_out = tuple(name for name in self._question.frameworks if name not in ran)
        names = tuple(self._looked.remarks(self._question.forbid, left_out))
        sound = not any(remark.severity == "wrong" for remark in (*static, *names))
        return Report(
            id=self._question.id,
            remarks=(*static, *names, *(remark for _, remark in self._remarks), *self._coverage(every_wrong_one)),
            verdicts=tuple(self._verdicts),
            proved=tuple(name for name in ran if sound and name not in spoiled),
            left_out=left_out,
            unobserved=tuple(why for _, why in self._unobserved),
        )

    def _wrong(self, step: _Step, says: str, mend: str, line: int | None = None) -> None:
        remark = Remark(severity="wrong", path=step.path, line=line, says=says, mend=mend)
        if (step.trial.framework, remark) not in self._remarks:
            self._remarks.append((step.trial.framework, remark))

    def _broken_checks(self, step: _Step, says: str) -> None:
        place = re.match(r"checks\.py, line (\d+)(?:, in [^:]*)?: ", says)
        line = int(place[1]) if place else None
        told = f"breaks: {says[place.end() :] if place else says}"
        mend = "Mend it: what is wrong with an attempt, say with `close`, `fail` and the others of viva_check."
        self._wrong(replace(step, path="checks.py"), told, mend, line)

    def _starter(self, step: _Step, run: CheckRun, marks: float) -> None:
        if run.ended is Ended.CANDIDATE_ERROR:
            says = f"the starter does not load: {run.says}"
            self._wrong(step, says, "Let it define every name, and raise NotImplementedError when called.", run.line)
        if marks >= 1:
            self._wrong(step, "the starter gets full marks", "Make the checks ask for something.")

    def _full_marks(self, step: _Step, run: CheckRun, marks: float) -> None:
        if marks < 1:
            told = " ".join(self._judging.because(run, self._question))
            self._wrong(step, f"must get full marks, but got {marks:.2f}: {told}", "Mend it, or the check.", run.line)

    def _example(self, step: _Step, run: CheckRun) -> None:
        example = step.example
        if example is None:
            return
        if run.ended is not Ended.FINISHED:
            inside = run.line is not None and run.line >= step.first_line
            line = run.line - step.first_line + example.line if run.line is not None and inside else example.line
            self._wrong(step, f"the worked example fails: {run.says}", "Mend the example or the solution.", line)
        elif example.prints is not None and _lines(run.prints) != _lines(example.prints):
            says = f"the worked example prints {run.prints.strip()!r}, not what the statement says"
            self._wrong(step, says, "Copy what was printed into the ```text block.", example.line)

    def _attempt(self, step: _Step, run: CheckRun, marks: float) -> None:
        attempt = step.attempt
        if attempt is None:
            return
        failing = frozenset(check.name for check in run.checks if not check.passed)
        self._verdicts.append(
            Verdict(
                path=attempt.path,
                framework=attempt.framework,
                correctness=marks,
                ended=run.ended,
                failing=tuple(check.name for check in run.checks if not check.passed),
                reads=self._judging.because(run, self._question),
            )
        )
        for fact in attempt.facts:
            if not fact.holds(marks, str(run.ended), failing):
                was = f"correctness is {marks:.3g}, ended is {run.ended}, fails: {', '.join(sorted(failing)) or 'nothing'}"
                self._wrong(step, f"`{fact.text}` does not hold: {was}", "Mend the line or the checks.", fact.line)
        if attempt.sort == "right":
            self._full_marks(step, run, marks)
        elif attempt.sort == "wrong":
            self._failed |= failing
            if marks >= 1:
                self._wrong(step, "a wrong attempt gets full marks", "Add a check that fails it.")

    def _coverage(self, every_wrong_one: bool) -> list[Remark]:
        """Warnings about checks that no wrong attempt fails, if all were tried, and about a question without a visible check."""
        idle = sorted(set(self._checks) - self._failed)
        remarks: list[Remark] = []
        if idle and every_wrong_one and not self._unobserved:
            says = f"no wrong attempt fails {', '.join(idle)}"
            mend = "Add wrong attempts that do, or take the checks away."
            remarks.append(Remark(severity="warning", path="checks.py", says=says, mend=mend))
        if self._checks and not any(self._checks.values()):
            mend = "Mark the check of the statement's example with visible=True."
            remarks.append(Remark(severity="warning", path="checks.py", says="Run shows no check", mend=mend))
        return remarks


def _step(
    sort: Literal["names", "starter", "solution"],
    path: str,
    question: Question,
    framework: Framework,
    code: str,
    n: int = 0,
) -> _Step:
    return _Step(sort=sort, path=path, trial=_trial(question, framework, code, f"{path} {n}"))


def _example_step(question: Question, framework: Framework, solution: str, example: Example) -> _Step:
    """The example below the solution, so that it has the solution's names."""
    above = solution.rstrip("\n") + "\n\n\n"
    trial = _trial(question, framework, above + example.code, "example", which="visible")
    first_line = above.count("\n") + 1
    return _Step(sort="example", path="statement.md", trial=trial, example=example, first_line=first_line)


def _trial(question: Question, framework: Framework, code: str, what: str, which: Which = "all") -> Trial:
    return Trial(framework=framework, code=code, which=which, seed=seed_of(_NO_SECRET, question.id, framework, what))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]
