"""Rules about data: what may be learned from what, and where chance comes from."""

import ast
import re
from collections.abc import Container, Iterator

from .code import (
    Code,
    argument,
    below,
    called,
    constructors,
    function_of,
    has_stars,
    last_name,
    meant,
    method,
    names_in,
    operand,
    parameters,
    place_of,
    receiver,
    scope_of,
)
from .rule import Hit, Rule

_LEARNERS = re.compile(
    r"^sklearn\.(preprocessing|decomposition|feature_selection|impute|feature_extraction|manifold|random_projection)\."
)
_HARMLESS = re.compile(
    r"(LabelEncoder|LabelBinarizer|Normalizer|Binarizer|FunctionTransformer|PolynomialFeatures|Hashing\w*)$"
)
_LEARNER_NAME = re.compile(r"scaler|imputer|selector|pca|vectori[sz]er|whiten", re.IGNORECASE)
_SPLITS = {"train_test_split", "cross_val_score", "cross_validate", "cross_val_predict", "random_split"}
_PART = re.compile(r"(^|_)(train|test|val|valid|validation|holdout)(_|$|\d)", re.IGNORECASE)
_HELD_OUT = re.compile(r"(^|_)x?(test|val|valid|validation|holdout)(_|$|\d)|^x_?(te|va)$", re.IGNORECASE)
_TRAIN = re.compile(r"(^|_)x?(train|training)(_|$|\d)|^x_?tr$", re.IGNORECASE)


def _learns(code: Code, call: ast.AST) -> bool:
    """Whether a call is `fit` or `fit_transform` of something that learns from the values it is given."""
    of = receiver(call)
    if of is None or method(code, call) not in {"fit", "fit_transform"}:
        return False
    made = constructors(code, of)
    if made:
        return any(_LEARNERS.match(one) and not _HARMLESS.search(one) for one in made)
    return _LEARNER_NAME.search(last_name(of)) is not None


def _fit_before_split(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        names = _learned_names(code, node)
        if names and any(_splits(one, names) for one in below(scope_of(code, node)) if place_of(one) > place_of(node)):
            yield Hit(
                at=node,
                says="This learns from all rows, and the rows are split only afterwards, so test rows have told.",
            )


def _learned_names(code: Code, node: ast.AST) -> set[str]:
    """Names of what holds values that were shaped by all rows, after this fit; empty where a node is no fit."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.BinOp):
        return {node.targets[0].id} if _is_standardised(code, node.value) else set()
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and isinstance(node.op, ast.Sub | ast.Div):
        return {node.target.id} if _is_statistic_of(code, node.value, _CENTRES | _SCALES, node.target.id) else set()
    if not _learns(code, node) or not isinstance(node, ast.Call) or not node.args:
        return set()
    parent = code.parents.get(node)
    targets = [one.value if isinstance(one, ast.Subscript) else one for one in getattr(parent, "targets", ())]
    learned = {one.id for one in targets if isinstance(one, ast.Name)}
    if method(code, node) == "fit":
        of = last_name(receiver(node) or node) or next(iter(learned), "")
        for one in below(scope_of(code, node)):
            transforms = isinstance(one, ast.Assign) and method(code, one.value) == "transform"
            if isinstance(one, ast.Assign) and transforms and last_name(receiver(one.value) or one) == of:
                learned |= {target.id for target in one.targets if isinstance(target, ast.Name)}
        learned.discard(of)
    return learned


_CENTRES = {"mean", "min", "median", "nanmean", "amin"}
_SCALES = {"std", "max", "ptp", "var", "nanstd", "amax"}


def _is_standardised(code: Code, value: ast.BinOp) -> bool:
    """`(x - x.mean(…)) / x.std(…)` or `(x - x.min()) / (x.max() - x.min())` of one name, the statistics named or not."""
    if not isinstance(value.op, ast.Div) or not isinstance(value.left, ast.BinOp):
        return False
    whole, centre = value.left.left, value.left.right
    return (
        isinstance(value.left.op, ast.Sub)
        and isinstance(whole, ast.Name)
        and _is_statistic_of(code, centre, _CENTRES, whole.id)
        and any(
            _is_statistic_of(code, one, _SCALES, whole.id)
            for one in (value.right, *below(value.right))
            if isinstance(one, ast.expr)
        )
    )


def _is_statistic_of(code: Code, expr: ast.expr, names: Container[str], of: str) -> bool:
    """`x.mean(…)` or `np.mean(x, …)`, or a name that was given it (alone or side by side with others)."""
    value = meant(code, expr)
    whole = operand(code, value, names)
    return isinstance(whole, ast.Name) and whole.id == of


def _splits(node: ast.AST, names: set[str]) -> bool:
    if isinstance(node, ast.Call) and last_name(node.func) in _SPLITS:
        return any(names & names_in(one) for one in node.args)
    if not isinstance(node, ast.Assign):
        return False
    parts = [one for target in node.targets for one in (target, *below(target)) if isinstance(one, ast.Name)]
    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    return any(_PART.search(one.id) for one in parts) and any(
        isinstance(one, ast.Subscript) and names & names_in(one.value) for one in values
    )


def _test_data(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        if method(code, node) in {"fit", "fit_transform", "partial_fit"} and isinstance(node, ast.Call):
            given = argument(node, 0, "X", "x")
            if given is not None and (_is_held_out(given) or _is_both(code, given)):
                yield Hit(
                    at=node, says="This is fitted on rows that are kept for testing, so the test no longer tells."
                )
        elif (
            isinstance(node, ast.BinOp)
            and _is_standardised(code, node)
            and _is_held_out(getattr(node.left, "left", node))
        ):
            says = (
                "Test rows are scaled by their own mean and deviation, so they are not what the model was trained on."
            )
            yield Hit(at=node, says=says)
        elif isinstance(node, ast.Call) and last_name(node.func) == "std":
            of = receiver(node) if method(code, node) else node.args[0] if node.args else None
            if of is not None and _is_both(code, of):
                yield Hit(at=node, says="The scale is taken from training and test rows together.")


def _is_held_out(expr: ast.AST) -> bool:
    return _HELD_OUT.search(last_name(expr)) is not None


def _is_both(code: Code, expr: ast.expr) -> bool:
    """Training and test rows put together, here or into the name that stands here."""
    value = meant(code, expr)
    joined = isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add)
    if isinstance(value, ast.Call):
        joined = last_name(value.func) in {
            "concatenate",
            "vstack",
            "concat",
            "cat",
            "append",
            "row_stack",
            "chain",
            "hstack",
        }
    names = names_in(value) if joined else set()
    return any(_TRAIN.search(one) for one in names) and any(_HELD_OUT.search(one) for one in names)


_SEEDS = re.compile(r"^(seed|manual_seed|seed_everything|set_seed|set_random_seed|seed_all|manual_seed_all)$")
_ALWAYS = {"sklearn.model_selection.train_test_split", "sklearn.model_selection.ShuffleSplit"}
_SHUFFLED = {"sklearn.model_selection.KFold", "sklearn.model_selection.StratifiedKFold"}
_MAKERS = {"numpy.random.default_rng", "numpy.random.RandomState", "random.Random"}
_TORCH_ORDER = {"torch.randperm", "torch.utils.data.random_split"}
_TORCH_NOISE = {"torch.rand", "torch.randn", "torch.randint", "torch.normal", "torch.bernoulli", "torch.multinomial"}


def _unseeded(code: Code) -> Iterator[Hit]:
    seeded = any(isinstance(one, ast.Call) and _SEEDS.match(last_name(one.func)) for one in code.nodes)
    for node in code.nodes:
        if isinstance(node, ast.Call) and not has_stars(node) and _is_unseeded(code, node, seeded=seeded):
            says = f"{last_name(node.func)} draws other numbers in every run, so no result can be repeated."
            trial = called(code, node) in _TORCH_NOISE  # often no more than a first look at a model's shapes
            yield Hit(at=node, says=says, severity="note" if trial else None)


def _is_unseeded(code: Code, node: ast.Call, *, seeded: bool) -> bool:
    name = called(code, node)
    if name in _MAKERS:
        fallback = isinstance(code.parents.get(node), ast.BoolOp | ast.IfExp) or _stands_under_if(code, node)
        nothing = not node.args and not node.keywords
        return not fallback and (nothing or (bool(node.args) and _is_none(node.args[0])))
    if seeded:
        return False
    if name in _ALWAYS or (name in _SHUFFLED and _is_true(argument(node, 1, "shuffle"))):
        return argument(node, -1, "random_state") is None and not _is_false(argument(node, -1, "shuffle"))
    if name in _TORCH_ORDER or (
        name in _TORCH_NOISE and function_of(code, node) is None and scope_of(code, node) is code.tree
    ):
        return argument(node, -1, "generator") is None
    return name.startswith("random.") and name.count(".") == 1 and name.rpartition(".")[2].islower()


def _stands_under_if(code: Code, node: ast.AST) -> bool:
    while node in code.parents:
        node = code.parents[node]
        if isinstance(node, ast.If):
            return True
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return False
    return False


def _is_none(expr: ast.AST | None) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is None


def _is_true(expr: ast.AST | None) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is True


def _is_false(expr: ast.AST | None) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is False


_GIVEN = {"rng", "generator", "gen", "random_state"}


def _global_numpy_chance(code: Code) -> Iterator[Hit]:
    for node in code.nodes:
        name = called(code, node)
        if not name.startswith("numpy.random.") or not name.rpartition(".")[2].islower() or name in _MAKERS:
            continue
        function = function_of(code, node)
        given = {one.arg for one in parameters(function)} & _GIVEN if function is not None else set()
        if given:
            says = f"np.random draws from one hidden global state, while {min(given)} was given and is not used here."
            yield Hit(at=node, says=says, severity="warning")
        else:
            yield Hit(at=node, says="np.random draws from one hidden global state that every other caller moves on.")


DATA = (
    Rule(
        id="V007",
        title="fitted before the split",
        severity="fault",
        mend="Split first, fit on the training part only, or put both into a pipeline.",
        check=_fit_before_split,
    ),
    Rule(
        id="V008",
        title="test data in preprocessing",
        severity="fault",
        mend="Fit on the training rows and only transform the others.",
        check=_test_data,
    ),
    Rule(
        id="V009",
        title="unseeded randomness",
        severity="warning",
        mend="Give it a seed or a generator, and let the caller choose it.",
        check=_unseeded,
    ),
    Rule(
        id="V022",
        title="NumPy's global random state",
        severity="note",
        mend="Take a np.random.Generator as an argument and draw from it.",
        check=_global_numpy_chance,
    ),
)
