"""docs/security.md names tests that exist, and every promise has one name in one place."""

import importlib
import re
from collections import Counter
from pathlib import Path

from _pytest.mark.structures import ParameterSet

from tests.house.pages import sections

PAGE = "docs/security.md"


def known_tests() -> dict[str, list[str]]:
    """Every test function of this folder by its module, with the ids that its parameters were given."""
    found: dict[str, list[str]] = {}
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = importlib.import_module(f"tests.sandbox.{path.stem}")
        for name, function in vars(module).items():
            if name.startswith("test_") and getattr(function, "__module__", None) == module.__name__:
                found.setdefault(path.stem, []).extend([name, *_ids(function)])
    return found


def _ids(function: object) -> list[str]:
    marks = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "parametrize"]
    parameters = [one for mark in marks for one in mark.args[1] if isinstance(one, ParameterSet)]
    return [one.id for one in parameters if isinstance(one.id, str)]


def promises() -> list[str]:
    names = [name for some in known_tests().values() for name in some]
    return [name.removeprefix("test_") for name in names if re.match(r"(test_)?cant_", name)]


def rows() -> list[list[str]]:
    (section,) = [one for one in sections(PAGE) if one.title == "What holds which promise"]
    cells = [line.strip("|").split("|") for line in section.text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in cells if row[0].strip() != "layer"]


def test_every_test_that_the_page_names_exists_and_every_promise_has_one() -> None:
    known = {name for some in known_tests().values() for name in some}
    assert len(rows()) > 20
    for layer, promise, tests in rows():
        named = re.findall(r"`([^`]+)`", tests)
        assert named, (layer, promise)
        assert set(named) <= known, (layer, set(named) - known)


def test_at_least_two_hundred_attacks_are_named_as_promises_each_once() -> None:
    named = Counter(promises())
    assert sum(named.values()) >= 200
    assert [name for name, times in named.items() if times > 1] == []


def test_what_is_not_prevented_is_said_in_one_place() -> None:
    assert not [one for one in sections("docs/sandbox.md") if one.text.count("**The kernel is shared.**")]
    (section,) = [one for one in sections(PAGE) if one.title == "What is not prevented"]
    assert section.text.count("\n- **") >= 8
