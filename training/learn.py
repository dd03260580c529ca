"""The training loop: one stage after another, each from the weights that the one before left, resumable after a cut."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from torch import Tensor, nn

from training.base import Judge
from training.batches import Encoded, batches_of, tensors_of

_SAVE_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one stage of training does. `epochs` asks for the pairs of an epoch, so each can be drawn anew; `tokens` is the
    size of a batch; `rate` the highest learning rate, reached after a twentieth of the steps, falling linearly to 0."""

    name: str
    epochs: int
    rate: float
    tokens: int = 1536
    smoothing: float = 0.05
    seed: int = 20261125


def loss_of(logits: Tensor, allowed: Tensor, smoothing: float) -> Tensor:
    """Mean negative log probability of the set of allowed classes, `(B, 3)` each; `smoothing` of the weight asks for equal
    probabilities (label smoothing, Szegedy et al. 2016)."""
    log = torch.log_softmax(logits.float(), dim=-1)
    right = torch.logsumexp(log.masked_fill(~allowed, -math.inf), dim=-1)
    return -((1 - smoothing) * right + smoothing * log.mean(dim=-1)).mean()


def train(judge: Judge, stage: Stage, pairs: Callable[[int], Sequence[Encoded]], folder: Path, device: str) -> None:
    """Train in place. What was reached is kept in `folder`/NAME.part every two minutes and taken up again from there; a
    finished stage lies in `folder`/NAME.pt and is only read."""
    done, part = folder / f"{stage.name}.pt", folder / f"{stage.name}.part"
    judge.to(device)
    if done.exists():
        judge.load_state_dict(torch.load(done, map_location=device))
        return
    epochs = [list(batches_of(pairs(epoch), stage.tokens, stage.seed + epoch)) for epoch in range(stage.epochs)]
    steps = [batch for epoch in epochs for batch in epoch]
    optimizer = torch.optim.AdamW(_groups(judge), lr=stage.rate, betas=(0.9, 0.98), eps=1e-6)
    begun = _take_up(part, stage, judge, optimizer)
    _run(judge, optimizer, stage, steps, begun, part)
    _keep(done, judge.state_dict())
    part.unlink(missing_ok=True)


def _groups(judge: Judge) -> list[dict[str, Any]]:
    """Weights decay; biases and norms do not."""
    named = [(name, weight) for name, weight in judge.named_parameters() if weight.requires_grad]
    decayed = [weight for name, weight in named if weight.ndim > 1]
    kept = [weight for name, weight in named if weight.ndim <= 1]
    return [{"params": decayed, "weight_decay": 0.01}, {"params": kept, "weight_decay": 0.0}]


def _take_up(part: Path, stage: Stage, judge: Judge, optimizer: torch.optim.Optimizer) -> int:
    """The step to go on with; 0 where nothing was kept, or it was kept by another plan."""
    if not part.exists():
        return 0
    kept = torch.load(part, map_location="cpu", weights_only=False)
    if kept["stage"] != asdict(stage):
        return 0
    judge.load_state_dict(kept["judge"])
    optimizer.load_state_dict(kept["optimizer"])
    torch.set_rng_state(kept["chance"])
    return int(kept["step"])


def _keep(path: Path, what: dict[str, Any]) -> None:
    beside = path.with_suffix(path.suffix + ".new")
    torch.save(what, beside)
    beside.replace(path)


def _run(
    judge: Judge,
    optimizer: torch.optim.Optimizer,
    stage: Stage,
    steps: list[list[Encoded]],
    begun: int,
    part: Path,
) -> None:
    device = next(judge.parameters()).device.type
    judge.train()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns) as bar:
        task = bar.add_task(stage.name, total=len(steps), completed=begun)
        saved, mean = time.monotonic(), 0.0
        for number in range(begun, len(steps)):
            rate = _rate(number, len(steps)) * stage.rate
            for group in optimizer.param_groups:
                group["lr"] = rate
            ids, mask, kinds, allowed = (tensor.to(device) for tensor in tensors_of(steps[number]))
            with torch.autocast(device, torch.bfloat16):
                logits = judge(ids, mask, kinds)
            loss = loss_of(logits, allowed, stage.smoothing)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimizer.step()
            mean += (loss.item() - mean) / min(number - begun + 1, 100)
            bar.update(task, advance=1, description=f"{stage.name}, loss {mean:.3f}")
            if time.monotonic() - saved > _SAVE_SECONDS:
                _keep(part, {
                    "stage": asdict(stage), "step": number + 1, "judge": judge.state_dict(),
                    "optimizer": optimizer.state_dict(), "chance": torch.get_rng_state(),
                })  # fmt: skip
                saved = time.monotonic()
                print(f"{stage.name}: step {number + 1} of {len(steps)}, loss {mean:.3f}", flush=True)  # noqa: T201


def _rate(step: int, steps: int) -> float:
    warm = max(steps // 20, 1)
    return min((step + 1) / warm, (steps - step) / max(steps - warm, 1))
