"""What equal means, and the sentence where it fails."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from viva_check import AuthorError, Failure, close, equal, same_dtype, sums_to

NAN, INF = float("nan"), float("inf")


def says(compare: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Failure) as failure:
        compare(*args, **kwargs)
    return failure.value.says


def failed(run: Callable[[], None]) -> str | None:
    """The words of a failure, or None; anything else that is raised is a fault of the library."""
    try:
        run()
    except Failure as failure:
        return failure.says
    return None


TOLERANCES = [("float64", 1e-6, 1e-8), ("float32", 1e-4, 1e-5), ("float16", 2e-2, 2e-3)]


@pytest.mark.parametrize(("dtype", "rtol", "atol"), TOLERANCES)
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_the_tolerance_is_that_of_the_bank_on_both_sides_of_it(
    dtype: str, rtol: float, atol: float, scale: float
) -> None:
    want = np.array([scale, -scale / 2, 0.0])
    allowed = atol * max(1.0, scale) + rtol * np.abs(want)
    for place in range(3):
        for factor, good in ((0.99, True), (1.01, False)):
            got = want.copy()
            got[place] += factor * allowed[place]
            if good:
                close(got, want, dtype=dtype)
            else:
                assert f"first at [{place}]" in says(close, got, want, dtype=dtype)


@pytest.mark.parametrize(("dtype", "rtol", "atol"), TOLERANCES)
def test_the_dtype_of_what_is_wanted_chooses_the_tolerance_whatever_came(dtype: str, rtol: float, atol: float) -> None:
    want = np.ones(3, dtype)
    close(want.astype(np.float64) + 0.9 * (atol + rtol), want)
    says(close, want.astype(np.float64) + 1.1 * (atol + rtol), want)
    says(close, (np.ones(3) + 0.001).astype(np.float16), np.ones(3))


def test_a_question_may_widen_or_narrow_the_tolerance() -> None:
    close(np.array([1.1]), np.array([1.0]), rtol=0.2)
    close(np.array([1.1]), np.array([1.0]), atol=0.2)
    says(close, np.array([1.0 + 1e-7]), np.array([1.0]), rtol=0, atol=1e-8)


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (3, np.int64(3)),
        (np.int32(3), 3),
        (np.array(3), 3),
        (3.0, np.array(3.0)),
        (np.float32(0.5), 0.5),
        (0, 0.0),
        (np.zeros(2, int), np.zeros(2)),
        (np.True_, True),
        (np.array(False), False),
        ((1, 2), [1, 2]),
        ([(1, [2.0])], ((1, (2.0,)),)),
        ({"a": [1]}, {"a": (1,)}),
        ({np.int64(1): 2}, {1: 2}),
        ([], ()),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (NAN, NAN),
        (np.array([INF, -INF, NAN]), np.array([INF, -INF, NAN])),
        (complex(1, NAN), complex(1, NAN)),
        (1 << 100, 1 << 100),
        (2**63, np.uint64(2**63)),
        (np.uint64(2**63), 2**63),
        (None, None),
        ("é", "é"),
        (b"x", b"x"),
        (-0.0, 0.0),
        (np.array([1 + 2j]), np.array([1 + 2j])),
    ],
)
def test_the_same_value_in_another_dress_is_equal(got: Any, want: Any) -> None:
    close(got, want)
    equal(got, want)


@pytest.mark.parametrize(
    ("got", "want", "sentence"),
    [
        (np.zeros((2, 5, 8)), np.zeros((2, 5, 7)), "Your result has shape (2, 5, 8), expected (2, 5, 7)."),
        (np.zeros((1, 3)), np.zeros(3), "Your result has shape (1, 3), expected (3,)."),
        (np.zeros((0, 3)), np.zeros((0, 2)), "Your result has shape (0, 3), expected (0, 2)."),
        (np.zeros(1), 0.0, "Your result has shape (1,), expected a number."),
        (0.0, np.zeros(1), "Your result is the single number 0, expected an array of shape (1,)."),
        (None, np.zeros(3), "Your result is None, expected an array of shape (3,)."),
        ([0.0], np.zeros(1), "Your result is a list of 1 item, expected an array of shape (1,)."),
        ("x", 3, "Your result is 'x', expected a number."),
        (3, "x", "Your result is 3, expected a str."),
        (
            np.zeros(2),
            [0.0, 0.0],
            "Your result is an array of shape (2,) and dtype float64, expected a list of 2 items.",
        ),
        ([1, 2], [1, 2, 3], "Your result has 2 items, expected 3."),
        ([1, 2], [1], "Your result has 2 items, expected 1."),
        ([1, [2, 3]], [1, [2, 4]], "Item 1 of item 1 of your result is 3, expected 4."),
        ({"a": 1}, {"a": 1, "b": 2}, "Your result lacks the key 'b'."),
        ({"a": 1, "b": 2}, {"a": 1}, "Your result has the key 'b', which is not expected."),
        ({"a": 1}, {"a": 2}, "Entry 'a' of your result is 1, expected 2."),
        (
            np.array([1, 2, 3]),
            np.array([1, 2, 4]),
            "Your result is wrong in 1 of 3 entries; first at [2]: got 3, expected 4.",
        ),
        (3.0, 3, "Your result holds real numbers (float64), expected integers."),
        (np.array([1.0]), np.array([1]), "Your result holds real numbers (float64), expected integers."),
        (True, 1, "Your result holds truth values (bool), expected integers."),
        (1, True, "Your result holds integers (int64), expected truth values."),
        (np.ones(1, bool), np.ones(1), "Your result holds truth values (bool), expected real numbers."),
        (1j, 1.0, "Your result holds complex numbers (complex128), expected real numbers."),
        (0.5, 0.25, "Your result is 0.5, expected 0.25 (allowed error: 2.6e-07)."),
        (NAN, 0.25, "Your result is NaN, expected 0.25 (allowed error: 2.6e-07)."),
        (0.25, NAN, "Your result is 0.25, expected NaN"),
        (INF, -INF, "Your result is infinity, expected -infinity"),
        (1e308, INF, "Your result is 1e+308, expected infinity"),
        (
            1 << 100,
            (1 << 100) + 1,
            "Your result is 1267650600228229401496703205376, expected 1267650600228229401496703205377.",
        ),
        (2**63 - 1, np.uint64(2**63), "Your result is 9223372036854775807, expected 9223372036854775808."),
        (np.int64(2**63 - 1), np.uint64(2**63), "Your result is 9223372036854775807, expected 9223372036854775808."),
        (
            "abcdefghij",
            "abcdefghiX",
            "Your result is 'abcdefghij', expected 'abcdefghiX' (they differ first at character 9).",
        ),
        (1.0 + 1e-5, 1.0, "Your result is 1.00001, expected 1 "),
        (complex(1, 5), complex(1, 4), "Your result is 1+5j, expected 1+4j "),
    ],
)
def test_a_difference_is_said_in_a_sentence(got: Any, want: Any, sentence: str) -> None:
    assert says(close, got, want).startswith(sentence)


def test_the_sentence_has_the_first_difference_the_largest_error_and_where_it_is() -> None:
    want = np.zeros((2, 3))
    got = want.copy()
    got[0, 2], got[1, 1] = 0.5, -2.0
    assert says(close, got, want, what="the sum") == (
        "The sum is wrong in 2 of 6 entries; first at [0, 2]: got 0.5, expected 0. The largest error is 2, at [1, 1]"
        " (allowed there: 1e-08)."
    )
    got[1, 0] = NAN
    assert says(close, got, want).endswith("got 0.5, expected 0. 1 of them is NaN.")


def test_numbers_that_look_alike_are_shown_with_the_digits_that_tell_them_apart() -> None:
    assert says(equal, 1.0000000001, 1.0).startswith("Your result is 1.0000000001, expected 1 ")


def test_equal_has_no_tolerance() -> None:
    says(equal, np.nextafter(1.0, 2.0), 1.0)
    says(equal, np.array([1.0, np.nextafter(1.0, 2.0)]), np.ones(2))


def test_a_large_value_elsewhere_does_not_hide_an_infinity_or_loosen_by_it() -> None:
    says(close, np.array([1.0, 2.0]), np.array([INF, 2.0]))
    says(close, np.array([INF, 2.1]), np.array([INF, 2.0]))


def test_sentences_are_bounded() -> None:
    assert len(says(equal, "x" * 10**6, "y" * 10**6)) <= 700
    assert len(says(equal, 1 << 30_000, 0)) <= 700
    assert len(says(equal, {"k" * 10**5: 1}, {})) <= 700
    assert len(says(equal, "x", "y", what="w" * 10_000)) <= 700


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 200), 1 << 200)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.binary(max_size=5)
    | st.just(object())
    | hnp.arrays(
        st.sampled_from([bool, np.int8, np.uint64, np.float16, np.float32, float, complex]),
        hnp.array_shapes(min_dims=0),
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)
WANTED = [
    np.zeros((2, 3)), np.zeros(3, np.float32), np.array([1, 2]), np.array([True]), np.ones(2, complex), 3, 2.5, True, None,
    "text", b"x", 1 << 90, [1, 2.0], (np.zeros(2), [1]), {"a": 1}, NAN, np.array([INF, NAN]), np.float16(2), np.zeros((0, 2)),
]  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(odd, st.sampled_from(WANTED))
def test_whatever_came_is_equal_or_a_failure_in_words(got: Any, want: Any) -> None:
    for run in (
        lambda: close(got, want),
        lambda: equal(got, want),
        lambda: same_dtype(got, "float32"),
        lambda: sums_to(got, 1.0),
    ):
        words = failed(run)
        assert words is None or 0 < len(words) <= 700


@settings(max_examples=200, deadline=None)
@given(odd.filter(lambda value: "object" not in repr(value)))
def test_everything_equals_itself(value: Any) -> None:
    equal(value, value)
    close(value, value)


def test_dtype_drift_is_named() -> None:
    same_dtype(np.zeros(2, np.float32), np.float32)
    same_dtype([np.zeros(2, np.float32), np.float32(1)], np.zeros(1, np.float32))
    assert says(same_dtype, np.zeros(2), "float32") == "Your result has dtype float64, expected float32."
    assert (
        says(same_dtype, [np.zeros(1, np.float32), 1.0], "float32")
        == "Item 1 of your result is 1, expected an array of dtype float32."
    )


def test_rows_that_do_not_sum_to_one_are_named() -> None:
    rows = np.full((2, 4), 0.25)
    sums_to(rows)
    rows[1, 3] = 0.1
    assert says(sums_to, rows) == "Row [1] of your result sums to 0.85, expected 1."
    assert says(sums_to, np.array([NAN, 1.0])) == "Your result sums to NaN, expected 1."
    sums_to(np.full((2, 1), 0.5, np.float16), axis=0)


@pytest.mark.parametrize("want", [object(), {1, 2}, np.array(["a"]), np.array([None]), np.longdouble(1)])
def test_what_cannot_be_compared_with_is_the_authors_mistake(want: Any) -> None:
    with pytest.raises(AuthorError):
        close(np.array([1.0]) if np.ndim(want) else 1.0, want)


@pytest.mark.parametrize("dtype", ["int64", "nonsense", "complex256"])
def test_a_tolerance_that_there_is_not_is_the_authors_mistake(dtype: str) -> None:
    with pytest.raises(AuthorError):
        close(1.0, 1.0, dtype=dtype)
