"""`@check` makes a list in the order of the file, and refuses what would be lost or misread."""

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import viva_check
from viva_check import AuthorError, checks_of


def module(source: str) -> ModuleType:
    made = ModuleType("checks")
    exec("from viva_check import check\n" + source, made.__dict__)
    return made


def test_checks_keep_the_order_of_the_file_and_what_was_said_of_them() -> None:
    made = module(
        "@check('b first', weight=2, visible=True, cpu_seconds=0.5)\ndef b(sut, rng): pass\n@check(' a ')\ndef a(sut): pass\n"
    )
    b, a = checks_of(vars(made))
    assert (b.name, b.title, b.weight, b.visible, b.cpu_seconds, b.takes_rng) == ("b", "b first", 2.0, True, 0.5, True)
    assert (a.name, a.title, a.weight, a.visible, a.cpu_seconds, a.takes_rng) == ("a", "a", 1.0, False, None, False)
    assert b.function is made.b


def test_two_files_do_not_share_their_checks() -> None:
    assert checks_of(vars(module("x = 1"))) == ()
    assert len(checks_of(vars(module("@check('t')\ndef a(sut): pass")))) == 1


@pytest.mark.parametrize(
    "settings",
    [
        *(
            "weight=0",
            "weight=-1",
            "weight=float('nan')",
            "weight='2 kg'",
            "weight=[]",
            "weight=10**400",
            "weight=10**9999",
        ),
        *("weight=1_000_001", "cpu_seconds=0", "cpu_seconds=float('inf')", "cpu_seconds=-(10**400)"),
    ],
)
def test_a_weight_or_limit_that_is_no_positive_number_is_the_authors_mistake(settings: str) -> None:
    with pytest.raises(AuthorError, match="use a positive number") as told:
        module(f"@check('t', {settings})\ndef a(sut): pass")
    assert len(str(told.value)) < 120


@pytest.mark.parametrize("parameters", ["", "x", "rng", "sut, seed", "sut, rng, more", "*sut"])
def test_other_parameters_are_the_authors_mistake(parameters: str) -> None:
    with pytest.raises(AuthorError, match=r"a check takes \(sut\) or \(sut, rng\)"):
        module(f"@check('t')\ndef a({parameters}): pass")


def test_a_name_used_twice_is_the_authors_mistake_and_no_check_is_lost() -> None:
    with pytest.raises(AuthorError, match="two checks are named 'a'"):
        module("@check('t')\ndef a(sut): pass\n@check('u')\ndef a(sut): pass")


def test_what_checks_import_is_listed_and_needs_numpy_alone() -> None:
    folder = Path(viva_check.__file__).parent
    imported: set[Any] = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                imported |= {name.name.split(".")[0] for name in node.names}
            if isinstance(node, ast.ImportFrom) and not node.level:
                imported.add((node.module or "").split(".")[0])
    assert imported - set(sys.stdlib_module_names) == {"numpy"}
    public = {
        name
        for name in vars(viva_check)
        if not name.startswith("_") and not isinstance(vars(viva_check)[name], ModuleType)
    }
    assert public - {"Path"} == set(viva_check.__all__)
