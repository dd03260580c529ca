"""`viva bank check` on worked answers, and `viva bank calibrate`: what the model finds in what authors wrote. Law: a machine
without the model says so, and that is neither a pass nor a failure.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import click

from viva import settings as all_settings
from viva.answers import AnswerReader
from viva.bank import Remark, WholeQuestion, known_banks
from viva.bank.calibrating import Separation, Wording, separations
from viva.bank.cases import Case
from viva.bank.worked import AnswersReport, AnswerVerdict, judged_answer, with_wordings
from viva.cli.options import bank_option, json_option
from viva.cli.speaking import Exit, complain, emit_json, plain
from viva.cli.trying import Bar, progress
from viva.core.errors import CandidateError, NotFound, OperatorError
from viva.core.evidence import Matches
from viva.core.values import Rubric
from viva.grading.rubric import doubt_of, value_of

# ---- check -----------------------------------------------------------------------------------------------------------


def check_answers(cases: Sequence[Case], reader: AnswerReader) -> list[AnswersReport]:
    """What the worked answers of every case that is answered in words show."""
    wholes = [case.whole for case in cases if case.whole is not None and not case.whole.question.takes_code]
    reports: list[AnswersReport] = []
    with progress(sum(len(whole.answers) for whole in wholes)) as bar:
        for whole in wholes:
            try:
                reports.append(_report(whole, reader, bar))
            except OperatorError as missing:
                untried = f"{missing.says} {missing.mend}".strip()
                reports.append(AnswersReport(id=whole.question.id, untried=untried))
    return reports


def _report(whole: WholeQuestion, reader: AnswerReader, bar: Bar) -> AnswersReport:
    verdicts: list[AnswerVerdict] = []
    remarks: list[Remark] = []
    for answer in whole.answers:
        found = reader.match(whole.question, answer.text)
        verdict, said = judged_answer(whole, answer, found, _valued)
        verdicts.append(verdict)
        remarks += said
        bar.done(answer.path)
    return AnswersReport(id=whole.question.id, remarks=tuple(remarks), verdicts=tuple(verdicts))


def _valued(rubric: Rubric, matches: Matches) -> float | None:
    return None if doubt_of(rubric, matches) else value_of(rubric, matches)


def answers_json(reports: Sequence[AnswersReport]) -> list[dict[str, object]]:
    """The reports for `--json`."""
    return [{**asdict(report), "holds": report.holds} for report in reports]


def print_answers(reports: Sequence[AnswersReport]) -> None:
    """The reports for people: a line for each answer, then what is to be looked at."""
    for report in reports:
        for verdict in report.verdicts:
            value = "unscored" if verdict.value is None else f"{verdict.value:.2f}"
            doubt = f", {verdict.unsure} unsure" if verdict.unsure else ""
            says = f"{value}  deserves {verdict.deserved:.2f}  {verdict.unlike} unlike their labels{doubt}"
            click.echo(plain(f"{report.id}/{verdict.path}  {says}"))
        for remark in report.remarks:
            key = f", {remark.key}" if remark.key else ""
            complain(f"{remark.severity}: {report.id}/{remark.path}{key}: {remark.says}", remark.mend)
        if report.untried:
            complain(f"not tried: the worked answers of {report.id}: {report.untried}")


# ---- calibrate -------------------------------------------------------------------------------------------------------


@click.command()
@click.argument("id", metavar="ID")
@bank_option
@json_option
def calibrate(id: str, bank: tuple[Path, ...], *, as_json: bool) -> Exit:
    """Show how well each point of question ID separates its worked answers, and which wordings are weak.

    \b
    Examples:
      viva bank calibrate explain-attention
      viva bank calibrate explain-attention --json
    """
    whole = _whole(id, bank)
    reader = AnswerReader()
    by_wording = replace(whole.question, rubric=with_wordings(whole))
    found: dict[str, Matches] = {}
    wordings: dict[str, Matches] = {}
    with progress(len(whole.answers)) as bar:
        for answer in whole.answers:
            found[answer.path] = reader.match(whole.question, answer.text)
            wordings[answer.path] = reader.match(by_wording, answer.text)
            bar.done(answer.path)
    points = separations(whole, found, wordings)
    if as_json:
        model = next((matches.model for matches in found.values()), "")
        emit_json({"question": id, "model": model, "points": [asdict(point) for point in points]})
    else:
        _print(points)
    return Exit.DONE


def _whole(id: str, bank: tuple[Path, ...]) -> WholeQuestion:
    for owner in known_banks(all_settings.load({"bank": bank}).bank):
        if id in owner.question_ids():
            whole = owner.whole(id)
            if whole.question.takes_code:
                raise CandidateError(f"{id!r} is answered in code.", mend="`viva bank check` tries its attempts.")
            return whole
    raise NotFound(f"There is no question {id[:80]!r}.", mend="`viva bank list` shows every question.")


def _print(points: Sequence[Separation]) -> None:
    width = max((len(point.point) for point in points), default=0)
    head = f"{'point':{width}}  {'weight':>6}  {'said':>16}  {'in part':>16}  {'not said':>16}  margin"
    click.echo(head)
    for point in points:
        groups = "  ".join(f"{_range(group):>16}" for group in (point.said, point.partly, point.not_said))
        margin = "–" if point.margin is None else f"{point.margin:+.2f}" + ("" if point.margin > 0 else "  they mix")
        click.echo(plain(f"{point.point:{width}}  {point.weight:6g}  {groups}  {margin}"))
    weak = [(point, wording) for point in points for wording in point.wordings if wording.weak]
    if weak:
        click.echo("\nWeak wordings")
    for point, wording in weak:
        click.echo(plain(f"  {point.point}: “{wording.text}”: {wording.weak}{_figures(wording)}"))
    click.echo(
        "\nProbabilities of the worked answers, lowest to highest (how many). The margin is from the lowest that says a point"
        "\nto the highest that does not; above 0 the point separates them."
    )


def _range(group: Sequence[float]) -> str:
    return f"{group[0]:.2f}–{group[-1]:.2f} ({len(group)})" if group else "none"


def _figures(wording: Wording) -> str:
    return "" if wording.said is None else f" (middle {wording.said:.2f} where it is said)"
