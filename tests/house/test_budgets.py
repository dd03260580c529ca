"""A file is one idea. What is over its budget is listed here with the reason, and the lists only shrink."""

import ast
from collections.abc import Mapping

from tests.house.sources import functions, sources, span

FILE_LINES, CLASS_LINES, FUNCTION_LINES, PARAMETERS = 400, 200, 40, 6

LONG_FILES: Mapping[str, str] = {}
LONG_CLASSES: Mapping[str, str] = {}
LONG_FUNCTIONS: Mapping[str, str] = {
    "tests/web/test_browser.py:"
    "test_a_candidate_types_reloads_outlives_a_killed_server_fails_mends_and_opens_every_evidence": (
        "one interview as a candidate lives it; each step needs the page that the step before has left"
    ),
    "tests/web/test_browser.py:test_axe_finds_nothing_on_any_page": "a walk through every page, one state after the other",
}
MANY_PARAMETERS: Mapping[str, str] = {}


def _ours() -> tuple[str, ...]:
    return ("src", "tests", "benchmarks")


def _judge(what: str, over: Mapping[str, int], budget: int, listed: Mapping[str, str]) -> None:
    unlisted = [f"{name}: {size} {what}, the budget is {budget}" for name, size in over.items() if name not in listed]
    assert not unlisted, "\n".join(unlisted)
    stale = [name for name in listed if name not in over]
    assert not stale, f"within budget now, so off the list: {stale}"
    assert all(listed.values()), "each exception has a reason"


def test_no_file_is_longer_than_one_idea() -> None:
    over = {source.path: source.lines for source in sources(*_ours()) if source.lines > FILE_LINES}
    _judge("lines", over, FILE_LINES, LONG_FILES)


def test_no_class_is_longer_than_its_budget() -> None:
    over = {
        f"{source.path}:{node.name}": span(node)
        for source in sources(*_ours())
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and span(node) > CLASS_LINES and not _is_protocol(node)
    }
    _judge("lines", over, CLASS_LINES, LONG_CLASSES)


def test_no_function_is_longer_than_its_budget() -> None:
    over = {
        f"{source.path}:{name}": span(node)
        for source in sources(*_ours())
        for name, node in functions(source)
        if span(node) > FUNCTION_LINES
    }
    _judge("lines", over, FUNCTION_LINES, LONG_FUNCTIONS)


def test_no_function_asks_for_more_than_six_things() -> None:
    over = {
        f"{source.path}:{name}": _parameters(node)
        for source in sources("src", "benchmarks")
        for name, node in functions(source)
        if _parameters(node) > PARAMETERS
    }
    _judge("parameters", over, PARAMETERS, MANY_PARAMETERS)


def _is_protocol(node: ast.ClassDef) -> bool:
    """A socket is as long as what its plugs must promise, and has no behaviour."""
    return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)


def _parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return len([one for one in named if one.arg not in {"self", "cls"}])
