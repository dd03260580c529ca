"""Rules about the training step: what must come before what, and what must not be kept."""

import ast
from collections.abc import Iterator

from .code import (
    Code,
    Function,
    below,
    called,
    constant,
    dotted,
    function_of,
    last_name,
    loop_of,
    method,
    names_in,
    parameters,
    place_of,
    receiver,
    value_before,
)
from .rule import Hit, Rule
from .torches import (
    called_here,
    clears_gradients,
    is_backward,
    is_optimizer_step,
    is_scheduler_step,
    region_of,
    turns_off_gradients,
)


def _never_cleared(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if not is_optimizer_step(code, node):
            continue
        region = region_of(code, node)
        inside = list(below(region))
        if region is code.tree or not any(is_backward(code, one) for one in inside):
            continue
        if isinstance(region, Function):  # its caller may clear, and surely does where the loss was made there
            given = {one.arg for one in parameters(region)}
            starts = {name for one in inside if is_backward(code, one) for name in names_in(receiver(one) or one)}
            cleared = bool(given & starts) or any(clears_gradients(code, one) for one in code.nodes)
        else:
            helpers = [one for helper in called_here(code, region) for one in below(helper)]
            cleared = any(clears_gradients(code, one) for one in (*inside, *helpers))
        if not cleared:
            yield Hit(
                at=node, says="Gradients are never cleared between steps, so each step uses the sum of all before."
            )


def _kept_graphs(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        kept = _kept(code, node)
        loop = loop_of(code, node)
        if kept is None or (loop is None and "." not in kept[0]):
            continue  # without a loop here only an attribute outlives the call
        target, value = kept
        backwards = [one for one in below(function_of(code, node) or code.tree) if is_backward(code, one)]
        if any(_goes_backward(one, target) for one in backwards):
            continue
        for name in _plain_names(value):
            here = [one for one in backwards if loop_of(code, one) is loop]
            if name.id != target and any(_goes_backward(one, name.id) for one in here) and not _is_detached(code, name):
                yield Hit(at=node, says=f"{name.id} is kept with its graph, so the memory of every step stays in use.")


def _kept(code: Code, node: ast.AST) -> tuple[str, ast.expr] | None:
    """`(where, what)` of `total += x`, `total = total + x` and `losses.append(x)`."""
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
        return dotted(node.target) or "", node.value
    if isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp) and isinstance(node.value.op, ast.Add):
        target, left, right = (dotted(one) for one in (node.targets[0], node.value.left, node.value.right))
        if target is not None and target in (left, right):
            return target, node.value.right if left == target else node.value.left
    if method(code, node) == "append" and isinstance(node, ast.Call) and len(node.args) == 1:
        of = receiver(node)
        return (dotted(of) if of is not None else None) or "", node.args[0]
    return None


def _plain_names(value: ast.expr) -> Iterator[ast.Name]:
    """Names that an expression holds as they are, scaled or added, not through a call."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, ast.Name):
            yield one
        elif isinstance(one, ast.BinOp):
            todo += [one.left, one.right]
        elif isinstance(one, ast.List | ast.Tuple):
            todo += one.elts
        elif isinstance(one, ast.Dict):
            todo += one.values


def _goes_backward(call: ast.AST, name: str) -> bool:
    """Whether a backward call starts from a variable: `x.backward()`, `(x / n).backward()`, `scaler.scale(x).backward()`."""
    of = receiver(call)
    starts = [of, *(call.args if isinstance(call, ast.Call) else ())]
    return any(dotted(one) == name for start in starts if start is not None for one in (start, *below(start)))


def _is_detached(code: Code, name: ast.Name) -> bool:
    value = value_before(code, name)
    if value is None:
        return False
    return method(code, value) in {"item", "detach", "numpy", "tolist"} or (
        isinstance(value, ast.Call) and last_name(value.func) == "float"
    )


def _scheduler_first(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if is_scheduler_step(code, node):
            steps = [one for one in below(region_of(code, node)) if is_optimizer_step(code, one)]
            if steps and all(place_of(one) > place_of(node) for one in steps):
                says = "The scheduler steps before the optimizer, so the first value of the schedule is never used."
                yield Hit(at=node, says=says)


_CLIPS = {
    "torch.nn.utils.clip_grad_norm_",
    "torch.nn.utils.clip_grad_value_",
    "torch.nn.utils.clip_grad.clip_grad_norm_",
}


def _clipping(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if called(code, node) in _CLIPS:
            says = _misplaced(code, node)
            if says:
                yield Hit(at=node, says=says)


def _misplaced(code: Code, clip: ast.AST) -> str:
    """What is wrong with where a clipping stands; empty where nothing is."""
    inside = list(below(region_of(code, clip)))
    backwards = [one for one in inside if is_backward(code, one)]
    before = [one for one in inside if place_of(one) < place_of(clip)]
    events = [one for one in before if is_backward(code, one) or is_optimizer_step(code, one)]
    last = max(events, key=place_of, default=None)
    if last is not None and not is_backward(code, last):
        return "Gradients are clipped after the step that used them, which does nothing."
    if last is None and backwards:
        return "Gradients are clipped before backward() has made them."
    scaled = any("scaler" in last_name(receiver(one) or one).lower() for one in inside if method(code, one) == "scale")
    if scaled and not any(method(code, one) == "unscale_" for one in before):
        return (
            "Gradients are clipped while they are still multiplied by the scaler's factor, so the limit means nothing."
        )
    return ""


_NORMS = ("Norm", "Norm1d", "Norm2d", "Norm3d", "Embedding")


def _decay_of_everything(code: Code) -> Iterator[Hit]:
    built = {called(code, one).rpartition(".")[2] for one in code.nodes if called(code, one).startswith("torch.nn.")}
    if built and not any(name.endswith(_NORMS) for name in built):
        return  # all that is built here is seen, and none of it suffers
    for node in code.nodes:
        if not isinstance(node, ast.Call) or not called(code, node).startswith("torch.optim.") or not node.args:
            continue
        decay = next((constant(code, one.value) for one in node.keywords if one.arg == "weight_decay"), None)
        if decay and _is_whole_model(code, node.args[0]):
            yield Hit(
                at=node, says="Weight decay pulls on all parameters, the gains of norms and the biases among them."
            )


def _is_whole_model(code: Code, expr: ast.expr) -> bool:
    """`model.parameters()`, also listed or filtered for what trains."""
    if (
        isinstance(expr, ast.Call)
        and isinstance(expr.func, ast.Name)
        and expr.func.id in {"list", "filter"}
        and expr.args
    ):
        return _is_whole_model(code, expr.args[-1])
    return method(code, expr) == "parameters"


def without_graph(code: Code, function: Function) -> bool:
    """Whether a function is decorated to build no graph."""
    return any(turns_off_gradients(code, one) for one in function.decorator_list)


TRAINING = (
    Rule(
        id="V005",
        title="gradients never cleared",
        severity="fault",
        mend="Call optimizer.zero_grad() once before each backward pass, or after each step.",
        check=_never_cleared,
    ),
    Rule(
        id="V006",
        title="losses kept with their graphs",
        severity="warning",
        mend="Keep loss.item(), or loss.detach() where it should stay on the device.",
        check=_kept_graphs,
    ),
    Rule(
        id="V015",
        title="scheduler before optimizer",
        severity="warning",
        mend="Call scheduler.step() after optimizer.step().",
        check=_scheduler_first,
    ),
    Rule(
        id="V016",
        title="clipping in the wrong place",
        severity="fault",
        mend="Clip after backward() (and scaler.unscale_(optimizer)) and before the step.",
        check=_clipping,
    ),
    Rule(
        id="V017",
        title="weight decay on norms and biases",
        severity="note",
        mend="Make two groups: parameters with two or more axes decay, the others do not.",
        check=_decay_of_everything,
    ),
)
