"""`viva bank`: for authors. `list` and `show` read; `check` loads every folder and tries its claims in the sandbox.

Law: what cannot be tried here is said, and is neither a pass nor a failure.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypedDict, Unpack, cast

import click

from viva import settings as all_settings
from viva.answers import AnswerReader
from viva.bank import FolderBank, Judging, Report, WholeQuestion, known_banks, merge, prove, view
from viva.bank.cases import (
    Again,
    Case,
    Chosen,
    all_again,
    case_of,
    choose,
    completed,
    keep_proofs,
    none_again,
    one_in_ten,
    track_report,
)
from viva.bank.mutation import MutationReport
from viva.bank.proofs import FILE as PROOFS
from viva.bank.proving import steps_of
from viva.bank.worked import AnswersReport
from viva.cli.mutating import mutants_json, mutate_all, print_mutants
from viva.cli.options import bank_option, json_option
from viva.cli.scalings import ScalingReport, check_scalings, print_scalings, scalings_json
from viva.cli.speaking import Exit, complain, emit_json, plain
from viva.cli.trying import Jail, progress
from viva.cli.worked import answers_json, calibrate, check_answers, print_answers
from viva.core.errors import AuthorError, NotFound
from viva.core.values import FRAMEWORKS, Digest, Framework, Question
from viva.grading.correctness import because, share_passed
from viva.ports import Track
from viva.sandbox import environments
from viva.sandbox.client import Sandbox


@click.group()
def command() -> None:
    """For authors: list, show and check questions.

    \b
    Examples:
      viva bank list
      viva bank check --bank ~/my-questions
    """


# ---- list and show ---------------------------------------------------------------------------------------------------


@command.command("list")
@bank_option
@json_option
def list_(bank: tuple[Path, ...], *, as_json: bool) -> Exit:
    """List every question and track.

    \b
    Example:
      viva bank list --json
    """
    every = merge(known_banks(all_settings.load({"bank": bank}).bank))
    questions: list[Question] = []
    tracks: list[Track] = []
    broken: list[AuthorError] = []
    for id in every.question_ids():
        try:
            questions.append(every.question(id))
        except AuthorError as error:
            broken.append(error)
    for id in every.track_ids():
        try:
            tracks.append(every.track(id))
        except AuthorError as error:
            broken.append(error)
    if as_json:
        emit_json(
            {"questions": [_row(question) for question in questions], "tracks": [asdict(track) for track in tracks]}
        )
    else:
        _print_list(questions, tracks)
    for problem in broken:
        complain(problem.says, problem.mend)
    return Exit.NOT_SO if broken else Exit.DONE


def _row(question: Question) -> dict[str, object]:
    names = ("id", "digest", "title", "kind", "level", "minutes", "topics", "roles", "frameworks", "open", "reviewed")
    return {name: getattr(question, name) for name in names}


def _print_list(questions: Sequence[Question], tracks: Sequence[Track]) -> None:
    width = max(map(len, [*(question.id for question in questions), *(track.id for track in tracks)]), default=0)
    for question in questions:
        about = f"{question.kind}, level {question.level}, {question.minutes:g} min"
        where = f" [{', '.join(question.frameworks)}]" if question.frameworks else ""
        click.echo(plain(f"{question.id:{width}}  {question.title} ({about}){where}"))
    if tracks:
        click.echo("\nTracks")
    for track in tracks:
        click.echo(plain(f"{track.id:{width}}  {track.title} ({len(track.steps)} questions, {track.minutes:g} min)"))


@command.command()
@click.argument("id")
@click.option("--author", is_flag=True, help="Print what only authors and interviewers see as well.")
@bank_option
@json_option
def show(id: str, bank: tuple[Path, ...], *, author: bool, as_json: bool) -> None:
    """Print what a candidate sees of the question ID.

    \b
    Examples:
      viva bank show adam
      viva bank show adam --author
    """
    banks = known_banks(all_settings.load({"bank": bank}).bank)
    owner = _owner(banks, id)
    whole = owner.whole(id)
    if as_json:
        hidden = {"author": _author_json(whole)} if author else {}
        emit_json({"view": asdict(view(whole.question)), **hidden})
        return
    _print_view(whole.question)
    if author:
        _print_author(whole, tuple(owner.files(id)))


def _owner(banks: Sequence[FolderBank], id: str) -> FolderBank:
    for bank in banks:
        if id in bank.question_ids():
            return bank
    raise NotFound(f"There is no question {id[:80]!r}.", mend="`viva bank list` shows every question.")


def _author_json(whole: WholeQuestion) -> Mapping[str, object]:
    content = {"question": asdict(whole.question), "attempts": [asdict(a) for a in whole.attempts]}
    content["answers"] = [asdict(answer) for answer in whole.answers]
    plain_json: dict[str, object] = json.loads(json.dumps(content, default=sorted))
    return plain_json


def _print_view(question: Question) -> None:
    seen = view(question)
    _section(f"{seen.title}  ({seen.id}, {seen.kind}, level {seen.level}, {seen.minutes:g} min)", seen.statement)
    for framework, starter in seen.starters:
        _section(f"{framework}/starter.py", starter)
    if seen.given:
        _section("given.py", seen.given)
    if seen.forbid:
        _section("Not allowed", "\n".join(seen.forbid))
    click.echo(f"{seen.hints} hints can be asked for.")


def _print_author(whole: WholeQuestion, paths: Sequence[str]) -> None:
    question = whole.question
    _section("In simpler words", question.simple)
    for number, hint in enumerate(question.hints, start=1):
        _section(f"Hint {number}", hint)
    _section("For the interviewer", question.notes)
    for point in question.rubric.points:
        _section(f"Point {point.id}, weight {point.weight:g}", point.says)
    for known in question.rubric.misconceptions:
        _section(f"Misconception {known.id}, costs {known.costs:g}", f"{known.says}\n{known.correction}")
    for follow_up in question.follow_ups:
        _section(f"Follow-up {follow_up.id}", follow_up.asks)
    for fault in question.faults:
        _section(f"Known fault {fault.id}", f"as if {fault.says}; fails {', '.join(sorted(fault.checks))}")
    _section("Sources", "\n".join(question.sources))
    _section(f"Files ({question.digest})", "\n".join(sorted(paths)))


def _section(title: str, text: str) -> None:
    click.echo(plain(f"{title}\n{'-' * len(title)}\n{text.rstrip()}\n"))


command.add_command(calibrate)


# ---- check -----------------------------------------------------------------------------------------------------------


class _Extent(TypedDict):
    """How much is tried: `proving`, `again` as the options say, and nothing but the frameworks in `only` where it names some."""

    proving: bool
    again: str | None
    only: tuple[Framework, ...]


@command.command()
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--prove", "proving", is_flag=True, help=f"Skip what {PROOFS} proves, and write there what holds.")
@click.option("--again", metavar="all|SEED", help="With --prove: try what is proved too; all, or a tenth by SEED.")
@click.option(
    "--framework", "only", multiple=True, type=click.Choice(FRAMEWORKS), help="Try this one only; repeatable."
)
@click.option("--mutants", is_flag=True, help="Put faults into the solutions and see that the checks notice them.")
@bank_option
@json_option
def check(
    ids: tuple[str, ...],
    bank: tuple[Path, ...],
    *,
    mutants: bool,
    as_json: bool,
    **extent: Unpack[_Extent],
) -> Exit:
    """Load questions and tracks, and try what their authors claim in the sandbox.

    Without an ID all are checked; with --bank and without an ID, those of its folders.

    \b
    Examples:
      viva bank check adam --mutants
      viva bank check stable-softmax --mutants --framework jax
      viva bank check --bank ~/my-questions --json
    """
    settings = all_settings.load({"bank": bank})
    banks = known_banks(settings.bank)
    chosen = choose(banks[: len(settings.bank)] if bank and not ids else banks, ids)
    installed = _installed(settings.environments)
    cases = _cases(chosen, installed, extent)
    folder = settings.environments
    reports, scalings = asyncio.run(_prove_all(cases, folder)), asyncio.run(check_scalings(cases, folder))
    mutated = asyncio.run(mutate_all(cases, folder)) if mutants else []
    answers = check_answers(cases, AnswerReader())
    others = _others(banks, chosen)
    if extent["proving"]:
        keep_proofs(cases, reports, installed)
    if as_json:
        told = {"answers": answers_json(answers), "scalings": scalings_json(scalings)}
        told |= {"mutants": mutants_json(mutated)} if mutants else {}
        emit_json({"questions": _all_json(reports), "tracks": _all_json(others)} | told)
    else:
        _print_all((*reports, *others))
        print_scalings(scalings)
        print_answers(answers)
        print_mutants(mutated)
    return _exit((*reports, *others, *mutated, *answers, *scalings))


def _cases(chosen: Chosen, installed: Mapping[Framework, Digest], extent: _Extent) -> list[Case]:
    """The chosen questions; if frameworks were named, without those whose code is not asked for in any of them."""
    if extent["again"] is not None and not extent["proving"]:
        raise click.UsageError("--again only says something together with --prove.")
    retried, only = _retried(extent["again"]) if extent["proving"] else all_again, extent["only"]
    every = [case_of(owner, id, installed, again=retried, only=only) for owner, id in chosen.questions]
    offered = [one for one in every if one.whole is None or one.asked or not one.whole.question.takes_code or not only]
    if every and not offered:
        raise click.UsageError(f"None of these questions is offered in {' or '.join(only)}.")
    return offered


def _retried(again: str | None) -> Again:
    """What of the proved is tried again, as `--again` says."""
    if again is None:
        return none_again
    return all_again if again == "all" else one_in_ten(again)


def _others(banks: Sequence[FolderBank], chosen: Chosen) -> list[Report]:
    """What is wrong with the chosen tracks, and with what lies in a bank and can be neither question nor track."""
    question_ids = merge(banks).question_ids()
    tracks = [track_report(owner, id, question_ids) for owner, id in chosen.tracks]
    return [*tracks, *([Report(id="", remarks=chosen.misnamed)] if chosen.misnamed else [])]


def _installed(folder: Path) -> dict[Framework, Digest]:
    """The installed environments, each with the digest of its lock."""
    found: dict[Framework, Digest] = {}
    for name in environments.known():
        try:
            found[cast(Framework, name)] = Digest(environments.find(folder, name).digest)
        except environments.NotInstalled:
            continue
    return found


async def _prove_all(cases: Sequence[Case], folder: Path) -> list[Report]:
    steps = {case.id: steps_of(case.whole, case.files, case.run) if case.whole else () for case in cases}
    reports: list[Report] = []
    async with Sandbox(folder=folder, spares=0) as sandbox:
        with progress(sum(map(len, steps.values()))) as bar:
            for case in cases:
                if case.whole is None:
                    reports.append(Report(id=case.id, remarks=case.remarks))
                    continue
                judging = Judging(share=share_passed, because=because)
                report = await prove(
                    case.whole, case.files, steps[case.id], runner=Jail(sandbox), judging=judging, done=bar.done
                )
                reports.append(completed(report, case))
    return reports


def _all_json(reports: Sequence[Report]) -> list[dict[str, object]]:
    return [_json(report) for report in reports]


def _json(report: Report) -> dict[str, object]:
    return {**asdict(report), "holds": report.holds}


def _print_all(reports: Sequence[Report]) -> None:
    for report in reports:
        _print(report)


def _print(report: Report) -> None:
    for verdict in report.verdicts:
        failing = f"  fails: {', '.join(verdict.failing)}" if verdict.failing else ""
        head = f"{report.id}/{verdict.path}  {verdict.framework}  {verdict.correctness:.2f}  {verdict.ended}{failing}"
        click.echo(plain(head))
        if "/wrong_" in verdict.path:
            for sentence in verdict.reads:
                click.echo(plain(f"    {sentence}"))
    for remark in report.remarks:
        path = remark.path if remark.path.startswith((f"{report.id}/", "tracks/")) else f"{report.id}/{remark.path}"
        place = ", ".join(
            (path, *([f"line {remark.line}"] if remark.line else []), *([remark.key] if remark.key else []))
        )
        complain(f"{remark.severity}: {place}: {remark.says}", remark.mend)
    for why in report.unobserved:
        complain(f"not tried: {why}")
    for framework in report.left_out:
        click.echo(f"{report.id}: not tried in {framework}, whose environment is not installed")
    if report.id:
        in_words = f" in {', '.join(report.proved)}" if report.proved else ""
        undecided = " as far as it was tried" if report.unobserved else in_words
        click.echo(f"{report.id}: {f'holds{undecided}' if report.holds else 'does not hold'}")


def _exit(reports: Sequence[Report | MutationReport | AnswersReport | ScalingReport]) -> Exit:
    if not all(report.holds for report in reports):
        return Exit.NOT_SO
    return Exit.MACHINE if any(report.unobserved for report in reports) else Exit.DONE
