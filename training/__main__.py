"""`python -m training`: from data to the shipped file."""

import os
from pathlib import Path

import click
import torch

from training.base import new_judge, read_tokenizer
from training.batches import Joiner
from training.learn import train
from training.plan import SEED, read_plan

_ROOT = Path(__file__).parent.parent


@click.group()
def main() -> None:
    """Train the judge of answers, measure it, and export it."""


@main.command()
@click.option("--data", envvar="VIVA_TRAINING_DATA", required=True, type=click.Path(path_type=Path, exists=True))
@click.option(
    "--work", default=Path("training-work"), type=click.Path(path_type=Path), help="where checkpoints are kept"
)
@click.option("--until", default="", help="stop after this stage")
@click.option("--threads", default=os.cpu_count() or 1)
def fit(data: Path, work: Path, until: str, threads: int) -> None:
    """Train all stages; goes on where it was cut."""
    torch.set_num_threads(threads)
    work.mkdir(parents=True, exist_ok=True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    plan = read_plan(
        data, _ROOT / "training" / "pairs", _ROOT / "src" / "viva_bank" / "questions", Joiner(read_tokenizer())
    )
    judge = new_judge(tiny=False, seed=SEED)
    for stage, pairs in plan.stages:
        train(judge, stage, pairs, work, device)
        if stage.name == until:
            return


main()
