"""How many mutants of a question's solutions its checks notice. Law: nothing here runs code; a `Runner` does, and a
mutant whose run could not be observed is neither killed nor alive.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from viva.bank.equivalents import FILE, Equivalent
from viva.bank.finished import Remark
from viva.bank.mutants import Mutant, lines_of_code, mutants_of
from viva.bank.paths import judged_files
from viva.bank.proving import Runner, Trial
from viva.bank.questions import WholeQuestion
from viva.core.errors import CandidateError
from viva.core.evidence import CheckRun, Ended, NotObserved
from viva.core.values import Budget, Framework, Question, seed_of

LEAST_SHARE = 0.9
"""Of the mutants that are not equivalent, so many must be killed."""

LEAST_MUTANTS = 40
LONG_SOLUTION = 20
"""A solution of more than so many lines of code has at least `LEAST_MUTANTS`, or its checks were hardly tried."""

TIMES_THE_SOLUTION = 10
"""A mutant may take so many times the CPU time of the solution; one that runs on is killed."""

_LEAST_CPU_SECONDS = 0.5  # a limit of less would meet the start of a fork
_SECRET = "11" * 16


@dataclass(frozen=True, slots=True, kw_only=True)
class MutationReport:
    """What the checks of one question noticed of one framework's mutants. `equivalent` are the survivors that the author
    has marked, each with its reason."""

    id: str
    framework: Framework
    mutants: int
    killed: int
    survivors: tuple[Mutant, ...] = ()
    equivalent: tuple[tuple[Mutant, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    unobserved: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Killed mutants among those that are not equivalent, 0..1; 1 where there are none."""
        real = self.killed + len(self.survivors)
        return self.killed / real if real else 1.0

    @property
    def holds(self) -> bool:
        """Whether enough were killed and nothing is wrong with the marks."""
        return self.share >= LEAST_SHARE and not any(remark.severity == "wrong" for remark in self.remarks)


@dataclass(slots=True, kw_only=True)
class _Tally:
    killed: list[Mutant] = field(default_factory=list)
    alive: list[Mutant] = field(default_factory=list)
    unseen: list[Mutant] = field(default_factory=list)
    unobserved: list[str] = field(default_factory=list)


async def mutate(
    whole: WholeQuestion,
    files: Mapping[str, bytes],
    framework: Framework,
    *,
    runner: Runner,
    share: Callable[[CheckRun], float | None],
    done: Callable[[str], None],
) -> MutationReport:
    """Run every mutant of a framework's solution under the question's checks, as many at once as `runner` takes; a mutant
    with full marks is alive. `done` hears of each."""
    path = f"{framework}/solution.py"
    source = files[path].decode("utf-8-sig")
    id = whole.question.id
    try:
        mutants = mutants_of(source)
    except CandidateError as problem:
        remark = Remark(severity="wrong", path=path, says=str(problem), mend="Write plain Python.")
        return MutationReport(id=id, framework=framework, mutants=0, killed=0, remarks=(remark,))
    first = Trial(framework=framework, code=source, which="all", seed=seed_of(_SECRET, id, framework))
    judged = judged_files(files)
    seen = await runner.run(whole.question, judged, first)
    if isinstance(seen, NotObserved):
        return MutationReport(id=id, framework=framework, mutants=len(mutants), killed=0, unobserved=(seen.why,))
    trial = replace(first, budget=_limit(seen, whole.question.budget))
    tally = _Tally()

    async def one(mutant: Mutant) -> None:
        evidence = await _seen(whole.question, judged, replace(trial, code=mutant.code), runner, share)
        if isinstance(evidence, NotObserved) or evidence.ended is Ended.MACHINE_FAILED:
            why = evidence.why if isinstance(evidence, NotObserved) else evidence.says
            tally.unseen.append(mutant)
            tally.unobserved.append(f"{id}/{path}, line {mutant.line}, {mutant.change}: {why}")
        else:
            (tally.alive if share(evidence) == 1 else tally.killed).append(mutant)
        done(f"{id}/{path}")

    await asyncio.gather(*(one(mutant) for mutant in mutants))
    return _report(id, framework, source, tally, [mark for mark in whole.equivalents if mark.framework == framework])


async def _seen(
    question: Question,
    judged: Mapping[str, bytes],
    trial: Trial,
    runner: Runner,
    share: Callable[[CheckRun], float | None],
) -> CheckRun | NotObserved:
    """What the visible checks show, or, if they all pass, what all checks do: most mutants fail the visible ones already."""
    seen = await runner.run(question, judged, replace(trial, which="visible"))
    if isinstance(seen, CheckRun) and share(seen) in (1, None):
        seen = await runner.run(question, judged, trial)
    return seen


def count_of(files: Mapping[str, bytes], framework: Framework) -> int:
    """How many mutants a framework's solution has; 0 where it cannot be read."""
    try:
        return len(mutants_of(files[f"{framework}/solution.py"].decode("utf-8-sig")))
    except CandidateError:
        return 0


def _limit(solution: CheckRun, usual: Budget) -> Budget:
    cpu = min(usual.cpu_seconds, max(_LEAST_CPU_SECONDS, TIMES_THE_SOLUTION * solution.cpu_seconds))
    return replace(usual, cpu_seconds=cpu, wall_seconds=min(usual.wall_seconds, 4 * cpu))


def _report(id: str, framework: Framework, source: str, tally: _Tally, marks: Sequence[Equivalent]) -> MutationReport:
    reasons = {(mark.line, mark.change): mark.reason for mark in marks}
    alive = sorted(tally.alive, key=lambda mutant: mutant.line)
    total = len(tally.killed) + len(alive)
    undecided = (*alive, *tally.unseen)
    remarks = [_useless(mark, tally) for mark in marks if not any(_marks(mark, mutant) for mutant in undecided)]
    code_lines = lines_of_code(source)
    if code_lines > LONG_SOLUTION and total + len(tally.unobserved) < LEAST_MUTANTS:
        says = f"has {code_lines} lines of code but only {total} mutants; {LEAST_MUTANTS} are needed to try its checks"
        mend = "Write the solution in plain statements, or make it shorter."
        remarks.append(Remark(severity="wrong", path=f"{framework}/solution.py", says=says, mend=mend))
    return MutationReport(
        id=id,
        framework=framework,
        mutants=total,
        killed=len(tally.killed),
        survivors=tuple(mutant for mutant in alive if (mutant.text, mutant.change) not in reasons),
        equivalent=tuple((m, reasons[m.text, m.change]) for m in alive if (m.text, m.change) in reasons),
        remarks=tuple(remarks),
        unobserved=tuple(tally.unobserved),
    )


def _marks(mark: Equivalent, mutant: Mutant) -> bool:
    return (mark.line, mark.change) == (mutant.text, mutant.change)


def _useless(mark: Equivalent, tally: _Tally) -> Remark:
    """A mark that says nothing: its mutant is noticed by the checks, or there is none."""
    killed = any(_marks(mark, mutant) for mutant in tally.killed)
    says = "is noticed by the checks, so it is not equivalent" if killed else "is no mutant of the solution"
    mend = "Take the mark away." if killed else "Copy line and change from what `viva bank check --mutants` prints."
    told = f"`{mark.change}` on `{mark.line}` {says}"
    return Remark(severity="wrong", path=FILE, key="equivalent", says=told, mend=mend)
