"""`python -m training`: from the data folder to the shipped file."""

import dataclasses
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click
import torch
from rich.console import Console
from rich.table import Table

from training.base import new_judge, read_tokenizer, weights_folder
from training.batches import Joiner
from training.calibrate import calibrate
from training.export import export
from training.generated import write_generated
from training.learn import train
from training.official import table
from training.plan import DEVELOPMENT, SEED, read_plan
from training.room import cost, judge_corners, read_corners
from training.sheet import plain, sheet, shown_sheet
from viva.answers import Models
from viva.bank import WholeQuestion, load_whole

_ROOT = Path(__file__).parent.parent
_BANK = _ROOT / "src" / "viva_bank" / "questions"
_SHIPPED = _ROOT / "src" / "viva" / "answers" / "model"
_OPENINGS = _ROOT / "training" / "openings.md"
_SHOW = Console(width=120)

_data = click.option(
    "--data",
    envvar="VIVA_TRAINING_DATA",
    required=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The folder with the graded answers (or VIVA_TRAINING_DATA).",
)


@click.group()
def main() -> None:
    """Train the judge of answers, measure it, and export it."""


@main.command()
@_data
@click.option(
    "--work", default=Path("training-work"), type=click.Path(path_type=Path), help="Where checkpoints are kept."
)
@click.option("--to", default=_SHIPPED, type=click.Path(path_type=Path), help="Where the model's files are written.")
@click.option("--until", default="", help="Stop after this stage.")
@click.option("--threads", default=os.cpu_count() or 1, help="Threads of the training.")
def make(data: Path, work: Path, to: Path, until: str, threads: int) -> None:
    """Train all stages, export, choose the thresholds; goes on where it was cut."""
    torch.set_num_threads(threads)
    _make(data, work, to, until=until, tiny=False)


@main.command()
def smoke() -> None:
    """The whole route on generated data with a tiny model: a minute, no base weights, nothing is kept."""
    with tempfile.TemporaryDirectory() as folder:
        data, to = Path(folder) / "data", Path(folder) / "model"
        write_generated(data)
        _make(data, Path(folder) / "work", to, until="", tiny=True)
        for line in table(data, Models(to)):
            if line.method == "judge" and "all" in line.file and line.weighted < 0.6:
                raise click.ClickException(f"The tiny judge has learnt nothing: {line}.")
        _SHOW.print("The route from data to file holds.")


@main.command()
@_data
@click.option("--why", required=True, help="Why the test files are opened; it is logged.")
def official(data: Path, why: str) -> None:
    """SemEval-2013 task 7, two-way, on the official test files. Every call is logged in training/openings.md."""
    models = Models()
    lines = table(data, models)
    shown = Table("file", "method", "weighted F1", "macro F1", "answers")
    for line in lines:
        shown.add_row(line.file, line.method, f"{line.weighted:.3f}", f"{line.macro:.3f}", str(line.answers))
    _SHOW.print(shown)
    judged = "; ".join(f"{line.file} {line.weighted:.3f}/{line.macro:.3f}" for line in lines if line.method == "judge")
    with _OPENINGS.open("a", encoding="utf-8") as log:
        log.write(
            f"- {datetime.now(UTC):%Y-%m-%d %H:%M}, {models.card.name}, {models.card.sha256[:12]}: {why} {judged}\n"
        )


@main.command()
@click.option(
    "--model",
    default=_SHIPPED,
    type=click.Path(path_type=Path, exists=True, file_okay=False, resolve_path=True),
    help="The folder with the model's files.",
)
@click.option("--only", multiple=True, help="A question's id; may be given several times. All by default.")
@click.option("--jobs", default=os.cpu_count() or 1, help="Processes that grade, a question each.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def room(model: Path, only: tuple[str, ...], jobs: int, as_json: bool) -> None:
    """Our own graded answers, their twins, the bank's worked answers and attacks: every figure beside its goal."""
    corners = judge_corners(read_corners(_ROOT, only), model, jobs)
    lines = sheet(corners, cost(_ROOT, model, [corner.id for corner in corners]))
    if as_json:
        click.echo(json.dumps(plain(lines), indent=2))
    else:
        _SHOW.print(shown_sheet(lines))


def _make(data: Path, work: Path, to: Path, *, until: str, tiny: bool) -> None:
    work.mkdir(parents=True, exist_ok=True)
    to.mkdir(parents=True, exist_ok=True)
    joiner = Joiner(read_tokenizer(_SHIPPED / "tokenizer.json"))
    if tiny:
        torch.set_num_threads(1)
    plan = read_plan(data, _ROOT / "training" / "pairs", _BANK, joiner, small=tiny)
    judge = new_judge(tiny=tiny, seed=SEED)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    for stage, pairs in plan.stages:
        if tiny:
            small = dataclasses.replace(stage, epochs=3, rate=2e-3)
            train(judge, small, lambda epoch, pairs=pairs: pairs(epoch)[:4000], work, device)
        else:
            train(judge, stage, pairs, work, device)
        if stage.name == until:
            return
    held = [pair for name, pairs in plan.held.items() if name != "own" for pair in pairs]
    difference = export(judge, to / "judge.onnx", [joiner.join(pair) for pair in held[:64]])
    if not (to / "tokenizer.json").exists():
        shutil.copy(weights_folder() / "tokenizer.json" if not tiny else _SHIPPED / "tokenizer.json", to)
    reached = calibrate(to, held, [] if tiny else _questions())
    shown = Table("on held-out questions", "reached")
    for name, value in {"int8 differs from the trained logits by": difference, **reached}.items():
        shown.add_row(name, f"{value:.3f}")
    _SHOW.print(shown)


def _questions() -> list[WholeQuestion]:
    return [load_whole(id, _files(_BANK / id)) for id in DEVELOPMENT]


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


if __name__ == "__main__":
    main()
