"""What checks may ask about a framework; the values themselves are tried in tests/sandbox."""

from types import SimpleNamespace

import pytest

from viva_check import AuthorError, few

SHAPES = ((2, 3), (1, 1), (3, 2))


@pytest.mark.parametrize("framework", ["numpy", "torch", "tensorflow"])
def test_every_case_is_tried_where_shapes_are_cheap(framework: str) -> None:
    assert few(SimpleNamespace(framework=framework), SHAPES) == SHAPES
    assert few(SimpleNamespace(framework=framework), SHAPES, 2) == SHAPES


def test_the_first_cases_alone_are_tried_where_each_shape_is_compiled_for() -> None:
    jax = SimpleNamespace(framework="jax")
    assert few(jax, SHAPES) == SHAPES[:1]
    assert few(jax, SHAPES, 2) == SHAPES[:2]
    assert list(few(jax, range(3))) == [0]
    assert few(jax, SHAPES, 9) == SHAPES


def test_trying_nothing_or_an_unknown_framework_is_the_authors_error() -> None:
    with pytest.raises(AuthorError, match="at least one is needed"):
        few(SimpleNamespace(framework="numpy"), SHAPES, 0)
    with pytest.raises(AuthorError, match="'mxnet'"):
        few(SimpleNamespace(framework="mxnet"), SHAPES)
