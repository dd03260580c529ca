"""Rules about training scripts: rates, sizes, workers, epochs."""

import ast
import re
from collections.abc import Iterator

from .code import Code, argument, below, called, constant, has_stars, last_name, meant, method
from .evaluation import is_held_out
from .rule import Hit, Rule
from .torches import is_backward, is_optimizer_step

_ADAPTIVE = {"adam", "adamw", "nadam", "radam", "adamax", "rmsprop", "lion"}
_ADAPTIVE_MOST, _PLAIN_MOST, _LEAST = 0.1, 30.0, 1e-8


def _learning_rate(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        name = called(code, node)
        if not isinstance(node, ast.Call) or not name.startswith(
            ("torch.optim.", "optax.", "tensorflow.keras.", "keras.")
        ):
            continue
        kind = name.rpartition(".")[2].lower()
        if kind not in _ADAPTIVE and kind != "sgd":
            continue
        rate = constant(code, argument(node, 1 if name.startswith("torch.") else 0, "lr", "learning_rate"))
        most = _ADAPTIVE_MOST if kind in _ADAPTIVE else _PLAIN_MOST
        if rate is not None and rate > most:
            yield Hit(
                at=node,
                says=f"A learning rate of {rate:g} is far above what {kind} can use; the loss will jump or diverge.",
            )
        elif rate is not None and rate < _LEAST:
            yield Hit(at=node, says=f"With a learning rate of {rate:g} nothing is learned.")


_LOADER = "torch.utils.data.DataLoader"


def _loaders(code: Code) -> Iterator[ast.Call]:
    for node in code.nodes:
        if isinstance(node, ast.Call) and called(code, node) == _LOADER and node.args and not has_stars(node):
            yield node


def _batch_of_one(code: Code) -> Iterator[Hit]:
    for node in _loaders(code):
        size = argument(node, 1, "batch_size")
        other = argument(node, -1, "batch_sampler")
        parent = code.parents.get(node)
        held_out = is_held_out(node.args[0]) or any(is_held_out(one) for one in getattr(parent, "targets", ()))
        if other is None and not held_out and (size is None or constant(code, size) == 1):
            how = "does not say its batch size, which is then 1" if size is None else "has a batch size of 1"
            yield Hit(at=node, says=f"This loader {how}: each step learns from one example and the hardware waits.")


_MOST_WORKERS = 16


def _workers(code: Code) -> Iterator[Hit]:
    gpu = any(_speaks_of_gpu(code, one) for one in code.nodes)
    for node in _loaders(code):
        given = argument(node, -1, "num_workers")
        workers = 0.0 if given is None else constant(code, given)
        if workers is not None and workers > _MOST_WORKERS:
            yield Hit(
                at=node, says=f"{workers:g} workers are more than most machines have cores for, and each holds a copy."
            )
        elif workers == 0 and gpu and last_name(getattr(meant(code, node.args[0]), "func", node)) != "TensorDataset":
            yield Hit(at=node, says="Without workers the accelerator waits while each batch is loaded.")


def _speaks_of_gpu(code: Code, node: ast.AST) -> bool:
    text = isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("cuda")
    return text or method(code, node) == "cuda" or called(code, node).startswith("torch.cuda.")


_EPOCH = re.compile(r"epoch", re.IGNORECASE)
_MANY = 1_000


def _epochs(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        count = _epochs_of_loop(code, node) if isinstance(node, ast.For) else _epochs_of_fit(code, node)
        if count == 1:
            yield Hit(at=node, says="One pass over the data is seldom enough to tell what a model can learn.")
        elif count is not None and count >= _MANY:
            yield Hit(
                at=node,
                says=f"{count:g} passes without a look at held-out data will overfit, or waste most of their time.",
            )


def _epochs_of_loop(code: Code, node: ast.For) -> float | None:
    of = node.iter
    if (
        not isinstance(of, ast.Call)
        or last_name(of.func) != "range"
        or not of.args
        or not any(_EPOCH.search(last_name(one)) for one in (node.target, of.args[-1]))
    ):
        return None
    inside = list(below(node))
    trains = any(is_backward(code, one) or is_optimizer_step(code, one) for one in inside)
    if not trains or any(isinstance(one, ast.Break | ast.Return) for one in inside):
        return None
    ends = [constant(code, one) for one in of.args[:2]]
    if any(one is None for one in ends):
        return None
    return (ends[1] or 0) - (ends[0] or 0) if len(ends) == 2 else ends[0]


def _epochs_of_fit(code: Code, node: ast.AST) -> float | None:
    if method(code, node) != "fit" or not isinstance(node, ast.Call) or argument(node, -1, "callbacks") is not None:
        return None
    return constant(code, argument(node, -1, "epochs"))


SCRIPTS = (
    Rule(
        id="V025",
        title="learning rate out of range",
        severity="warning",
        mend="Begin near 3e-4 for Adam and 0.1 for SGD, and search by factors of three.",
        check=_learning_rate,
    ),
    Rule(
        id="V026",
        title="batch of one",
        severity="note",
        mend="Name a batch size, as large as memory and the noise you want allow.",
        check=_batch_of_one,
    ),
    Rule(
        id="V027",
        title="workers of the loader",
        severity="note",
        mend="Begin with two to eight workers and measure.",
        check=_workers,
    ),
    Rule(
        id="V029",
        title="number of epochs",
        severity="note",
        mend="Watch a held-out loss and stop when it no longer falls.",
        check=_epochs,
    ),
)
