"""`viva bank check --mutants`: faults put into solutions, and what the checks noticed of them."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from viva.bank.cases import Case
from viva.bank.mutants import Mutant
from viva.bank.mutation import LEAST_SHARE, MutationReport, count_of, mutate
from viva.cli.speaking import complain, plain
from viva.cli.trying import Jail, progress
from viva.grading.correctness import share_passed
from viva.sandbox.client import Sandbox


async def mutate_all(cases: Sequence[Case], folder: Path) -> list[MutationReport]:
    """Every framework that the cases try, as many mutants at once as the machine has cores."""
    tried = [
        (case.whole, case.files, framework)
        for case in cases
        for framework in case.run
        if case.whole is not None and case.whole.question.takes_code
    ]
    total = sum(count_of(files, framework) for _, files, framework in tried)
    at_once = os.cpu_count() or 1
    async with Sandbox(folder=folder, spares=at_once) as sandbox:
        with progress(total) as bar:
            jail = Jail(sandbox, at_once)
            return [
                await mutate(whole, files, framework, runner=jail, share=share_passed, done=bar.done)
                for whole, files, framework in tried
            ]


def mutants_json(reports: Sequence[MutationReport]) -> list[dict[str, object]]:
    """The reports for `--json`, without the mutants' code."""
    return [
        {
            "id": report.id,
            "framework": report.framework,
            "mutants": report.mutants,
            "killed": report.killed,
            "survivors": [_mutant_json(mutant) for mutant in report.survivors],
            "equivalent": [{**_mutant_json(mutant), "reason": reason} for mutant, reason in report.equivalent],
            "remarks": [asdict(remark) for remark in report.remarks],
            "unobserved": list(report.unobserved),
            "holds": report.holds,
        }
        for report in reports
    ]


def print_mutants(reports: Sequence[MutationReport]) -> None:
    """The reports for people: a line for each survivor, as it would be written into mutants.toml."""
    for report in reports:
        for mutant in report.survivors:
            place = f"{report.id}/{report.framework}/solution.py, line {mutant.line}"
            click.echo(plain(f"alive: {place}: {mutant.change}   in   {mutant.text}"))
        for remark in report.remarks:
            complain(f"{remark.severity}: {report.id}/{remark.path}: {remark.says}", remark.mend)
        for why in report.unobserved:
            complain(f"not tried: {why}")
        marked = f", besides {len(report.equivalent)} equivalent ones" if report.equivalent else ""
        real = report.killed + len(report.survivors)
        head = f"{report.id} {report.framework}: {report.killed} of {real} mutants are noticed ({report.share:.0%}){marked}"
        too_few = "" if report.share >= LEAST_SHARE else f"; at least {LEAST_SHARE:.0%} must be"
        click.echo(plain(head + too_few))
    if any(report.survivors for report in reports):
        click.echo(
            "For each survivor: add what the contract asks to the checks, or mark it in mutants.toml:\n"
            "  [[equivalent]] with framework, line, change (as printed) and reason."
        )


def _mutant_json(mutant: Mutant) -> dict[str, object]:
    return {"line": mutant.line, "text": mutant.text, "change": mutant.change}
