"""Core is frozen values and pure functions; the pure rooms read no clock."""

import ast
import dataclasses
import enum
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

import viva.core
import viva.ports
from tests.house.sources import imported, sources

CORE_MAY_IMPORT = {
    "collections",
    "dataclasses",
    "datetime",
    "enum",
    "hashlib",
    "hmac",
    "itertools",
    "json",
    "math",
    "re",
    "types",
    "typing",
}
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter", "process_time"}
PURE = ("src/viva/core", "src/viva/grading", "src/viva/dialogue")
MUTABLE = (list, dict, set, bytearray)


def _modules() -> Iterator[ModuleType]:
    yield viva.ports
    for found in pkgutil.walk_packages(viva.core.__path__, "viva.core."):
        yield importlib.import_module(found.name)


MODULES = tuple(_modules())
CLASSES = tuple(
    thing
    for module in MODULES
    for thing in vars(module).values()
    if inspect.isclass(thing) and thing.__module__ == module.__name__
)
VALUES = tuple(thing for thing in CLASSES if dataclasses.is_dataclass(thing))


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__name__)
def test_a_value_is_frozen_slotted_and_keyword_only(value: type) -> None:
    assert value.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(value)
    assert all(field.kw_only for field in dataclasses.fields(value))


def test_there_are_values_to_look_at() -> None:
    assert {"Question", "Attempt", "Opened", "CheckRun", "State", "Material"} <= {value.__name__ for value in VALUES}


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_a_class_is_a_value_a_closed_set_an_error_or_a_socket(kind: type) -> None:
    is_socket = getattr(kind, "_is_protocol", False)
    assert dataclasses.is_dataclass(kind) or issubclass(kind, enum.Enum | Exception) or is_socket


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_no_module_keeps_state_that_can_change(module: ModuleType) -> None:
    kept = [name for name, thing in vars(module).items() if not name.startswith("__") and isinstance(thing, MUTABLE)]
    assert not kept


def test_core_imports_only_the_pure_part_of_the_standard_library() -> None:
    for source in sources("src/viva/core"):
        outside = {name for name in imported(source.tree) if not name.startswith("viva.core")}
        assert {name.partition(".")[0] for name in outside} <= CORE_MAY_IMPORT, source.path


def test_pure_rooms_read_no_clock() -> None:
    looked_at = 0
    for source in sources(*PURE):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                looked_at += 1
                assert node.func.attr not in CLOCKS, f"{source.path}:{node.lineno}"
    assert looked_at
