"""`@scaling`: what it keeps, and how it refuses."""

from typing import Any

import pytest

from viva_check import AuthorError, scaling, scaling_of

GOOD: dict[str, Any] = {"sizes": (1, 2, 4, 8), "growth": "linear"}


def registered(source: str) -> dict[str, Any]:
    """The globals of a checks.py."""
    scope: dict[str, Any] = {"scaling": scaling}
    exec(source, scope)
    return scope


def test_a_measurement_is_found_with_all_that_was_said() -> None:
    found = scaling_of(
        registered(
            "@scaling(' a call ', sizes=[1, 2, 4, 8], growth='n log n', name='T')\ndef cost(sut, rng, size):\n    return print\n"
        )
    )
    assert found is not None
    assert (found.title, found.sizes, found.growth, found.name) == ("a call", (1, 2, 4, 8), "n log n", "T")
    assert scaling_of({}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"name": ""},
        {"sizes": (1, 2, 3)},
        {"sizes": (1, 2, 2, 3)},
        {"sizes": (0, 1, 2, 3)},
        {"growth": "fast"},
    ],
)
def test_what_cannot_be_measured_is_refused(wrong: dict[str, Any]) -> None:
    asked = {"title": "a call"} | GOOD | wrong
    with pytest.raises(AuthorError):
        scaling(asked.pop("title"), **asked)


def test_other_parameters_and_a_second_measurement_are_refused() -> None:
    head = "@scaling('a call', sizes=(1, 2, 4, 8), growth='linear')\n"
    with pytest.raises(AuthorError, match="sut, rng, size"):
        registered(head + "def cost(sut):\n    return print\n")
    twice = head + "def cost(sut, rng, size):\n    return print\n"
    with pytest.raises(AuthorError, match="two"):
        registered(twice + twice)
