"""`viva bank check` on `@scaling`: whether the solution's time grows as its author says. Law: measurements that do not decide are
said as such and are no fault; a class is held against the author only where every try found another one.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from viva.bank import Remark
from viva.bank.cases import Case
from viva.cli.speaking import complain, plain
from viva.cli.trying import progress
from viva.core.evidence import Costs, Growth, NotObserved
from viva.core.values import Framework, seed_of
from viva.grading.growth import NEIGHBOURS, Fitted, fitted
from viva.ports import Material
from viva.sandbox.client import Sandbox
from viva.wiring import measured

TRIES = 3
"""Measurements of a solution before its author is told that the growth is another."""

_BROKEN = "the measurement of this question is broken: "


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingReport:
    """The growth of one solution's CPU time: `declared` by its author and `found`, None where the measurements do not decide."""

    id: str
    framework: Framework
    declared: Growth | None = None
    found: Growth | None = None
    remarks: tuple[Remark, ...] = ()
    unobserved: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong; an abstention is not."""
        return not any(remark.severity == "wrong" for remark in self.remarks)

    @property
    def abstains(self) -> bool:
        """Whether it was measured and the data do not decide."""
        return self.declared is not None and self.found is None


async def check_scalings(cases: Sequence[Case], folder: Path) -> list[ScalingReport]:
    """The growth of every solution that the cases try, where the question measures it."""
    tried = [
        (case, framework)
        for case in cases
        for framework in case.run
        if b"@scaling" in case.files.get("checks.py", b"") and f"{framework}/solution.py" in case.files
    ]
    reports: list[ScalingReport] = []
    async with Sandbox(folder=folder, spares=0) as sandbox:
        with progress(len(tried)) as bar:
            for case, framework in tried:
                reports.append(await _report(case, framework, sandbox))
                bar.done(f"{case.id}, growth in {framework}")
    return reports


async def _report(case: Case, framework: Framework, sandbox: Sandbox) -> ScalingReport:
    if case.whole is None:
        return ScalingReport(id=case.id, framework=framework)
    code = case.files[f"{framework}/solution.py"].decode("utf-8-sig")
    material = Material(question=case.whole.question, files=case.files, framework=framework, content=code)
    tries: list[ScalingReport] = []
    for number in range(TRIES):
        costs = await measured(sandbox, material, seed=seed_of("00" * 16, case.id, framework, f"growth {number}"))
        if isinstance(costs, NotObserved):
            return _untried(case.id, framework, costs)
        tries.append(judged_growth(case.id, framework, costs))
        if tries[-1].holds and not tries[-1].abstains:
            break
    return next((report for report in reversed(tries) if report.holds), tries[-1])


def judged_growth(id: str, framework: Framework, costs: Costs) -> ScalingReport:
    """What one measurement of a solution beside itself says. Linear and n log n lie too close to be told apart on a machine: each
    is taken for the other."""
    if costs.stopped:
        says = f"the solution ends early when it is measured: {costs.stopped}"
        return _wrong(id, framework, costs, None, says, "Choose smaller sizes, or mend the solution.")
    found = _grown(costs)
    if found is None:
        says = f"the measurements in {framework} do not decide how the solution's time grows with {costs.name}"
        mend = "Choose sizes further apart, the largest at some milliseconds."
        remark = Remark(severity="warning", path="checks.py", says=says, mend=mend)
        return ScalingReport(id=id, framework=framework, declared=costs.growth, remarks=(remark,))
    if found.growth != costs.growth and {found.growth, costs.growth} != set(NEIGHBOURS):
        says = f"the solution's time in {framework} is {found.growth} in {costs.name}, not {costs.growth}"
        return _wrong(id, framework, costs, found.growth, says, "Mend growth= in @scaling, its sizes, or the solution.")
    return ScalingReport(id=id, framework=framework, declared=costs.growth, found=found.growth)


def _grown(costs: Costs) -> Fitted | None:
    """The growth of both sides together, since both are the solution: of each pair the less."""
    by_size: dict[int, list[float]] = {}
    for one in costs.samples:
        by_size.setdefault(one.size, []).append(min(one.cpu_seconds, one.reference_cpu_seconds))
    return fitted(by_size)


def _wrong(id: str, framework: Framework, costs: Costs, found: Growth | None, says: str, mend: str) -> ScalingReport:
    remark = Remark(severity="wrong", path="checks.py", says=says, mend=mend)
    return ScalingReport(id=id, framework=framework, declared=costs.growth, found=found, remarks=(remark,))


def _untried(id: str, framework: Framework, why: NotObserved) -> ScalingReport:
    if why.why.startswith(_BROKEN):
        says = f"@scaling breaks in {framework}: {why.why.removeprefix(_BROKEN)}"
        remark = Remark(severity="wrong", path="checks.py", says=says, mend="Mend the function, or the solution.")
        return ScalingReport(id=id, framework=framework, remarks=(remark,))
    return ScalingReport(id=id, framework=framework, unobserved=(f"{id}, growth in {framework}: {why.why}",))


def scalings_json(reports: Sequence[ScalingReport]) -> list[dict[str, object]]:
    """The reports for `--json`."""
    return [{**asdict(report), "abstains": report.abstains, "holds": report.holds} for report in reports]


def print_scalings(reports: Sequence[ScalingReport]) -> None:
    """The reports for people: a line for each solution."""
    for report in reports:
        for remark in report.remarks:
            complain(f"{remark.severity}: {report.id}/{remark.path}: {remark.says}", remark.mend)
        for why in report.unobserved:
            complain(f"not tried: {why}")
        if report.found is not None and report.holds:
            click.echo(plain(f"{report.id}: time in {report.framework} grows as said: {report.declared}"))
