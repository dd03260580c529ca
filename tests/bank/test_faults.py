"""A likely fault is said only where exactly one fits, and an attempt's facts hold or do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bank.folder import attempt, coding, question
from viva.bank import Fact, load_question, parse_fact
from viva.core.faults import in_words, likely_faults
from viva.core.values import Fault

A, B = (Fault(id=id, says=id, checks=frozenset(checks)) for id, checks in (("a", ("x", "y")), ("b", ("x",))))


def made(id: str, checks: str = "") -> Fault:
    return Fault(id=id, says=id, checks=frozenset(checks))


names = st.frozensets(st.sampled_from("uvwxyz"), max_size=4)


@pytest.mark.parametrize(
    ("failing", "faults", "named"),
    [
        ({"x", "y"}, [A, B], "a"),
        ({"x"}, [A, B], "b"),
        ({"y"}, [A, B], ""),
        ({"x", "y", "z"}, [A, B], ""),
        (set(), [A, B], ""),
        ({"x"}, [], ""),
        ({"x"}, [B, made("c", "x")], ""),
        ({"x"}, [B, made("b", "x")], "b"),
        (set(), [made("n")], ""),
        ({"x", "y", "z"}, [A, B, made("c", "z")], "a c"),
        ({"x", "y", "z"}, [A, made("c", "yz")], "a c"),
        ({"x", "z"}, [A, B, made("c", "z")], "b c"),
        ({"x", "y", "z"}, [A, made("c", "z"), made("d", "yz")], ""),
        ({"x", "y", "z"}, [A, made("a", "z")], ""),
        ({"x", "y", "z"}, [A, made("c", "z"), made("c", "z")], "a c"),
        ({"w", "x", "z"}, [B, made("c", "z"), made("d", "w")], ""),
    ],
)
def test_faults_are_named_by_one_exact_match_or_one_exact_pair(
    failing: set[str], faults: list[Fault], named: str
) -> None:
    found = likely_faults(frozenset(failing), faults)
    assert " ".join(fault.id for fault in found) == named
    assert in_words(found) == ", and ".join(named.split())


@given(names, st.lists(st.tuples(st.sampled_from("abc"), names)))
def test_a_named_fault_fits_and_no_other_does(failing: frozenset[str], pairs: list[tuple[str, frozenset[str]]]) -> None:
    faults = [Fault(id=id, says=id, checks=checks) for id, checks in pairs]
    found = likely_faults(failing, faults)
    fitting = {fault.id for fault in faults if fault.checks == failing and failing}
    if fitting:
        assert [fault.id for fault in found] == (list(fitting) if len(fitting) == 1 else [])
    assert not found or frozenset().union(*(fault.checks for fault in found)) == failing


def test_the_faults_of_a_question_come_from_its_wrong_attempts() -> None:
    assert {(fault.id, fault.says, fault.checks) for fault in question().faults} == {
        ("difference", "the arrays were subtracted", frozenset({"vectors", "broadcast"})),
        ("in-place", "the sum was written into its first input", frozenset({"untouched", "broadcast"})),
        ("no-broadcast", "arrays of different shape were paired element by element", frozenset({"broadcast"})),
        ("zeros", "the first array was cleared", frozenset({"vectors", "untouched", "broadcast"})),
    }


def test_the_same_fault_in_two_attempts_counts_once() -> None:
    files = coding()
    files["attempts/wrong_difference_again.py"] = attempt(
        "return -(b - a)", "expect: fails == broadcast, vectors", "fault: difference: the arrays were subtracted."
    )
    assert load_question("add-arrays", files).faults == question().faults


@pytest.mark.parametrize(
    ("text", "holds", "fails"),
    [
        ("correctness == 1", (1.0, "finished", ""), (0.99, "finished", "a")),
        ("correctness == 0.3", (0.1 + 0.2, "finished", "a"), (0.31, "finished", "a")),
        ("correctness < 0.9", (0.89, "finished", "a"), (0.9, "finished", "a")),
        ("correctness <= .9", (0.9, "finished", "a"), (0.91, "finished", "a")),
        ("correctness > 0", (0.1, "finished", "a"), (0.0, "finished", "a")),
        ("correctness >= 0.5", (0.5, "finished", "a"), (0.4, "finished", "a")),
        ("ended == crashed", (0.0, "crashed", "a"), (0.0, "finished", "a")),
        ("fails == a, b", (0.0, "finished", "b a"), (0.0, "finished", "a b c")),
        ("fails == a,b", (0.0, "finished", "a b"), (0.0, "finished", "a")),
        ("fails >= a", (0.0, "finished", "a b"), (0.0, "finished", "b")),
        ("  fails  >=  a ", (0.0, "finished", "a"), (0.0, "finished", "")),
    ],
)
def test_a_fact_holds_where_it_is_so_and_not_elsewhere(
    text: str, holds: tuple[float, str, str], fails: tuple[float, str, str]
) -> None:
    fact = parse_fact(text, 1)
    assert isinstance(fact, Fact)
    for (correctness, ended, failing), want in ((holds, True), (fails, False)):
        assert fact.holds(correctness, ended, frozenset(failing.split())) is want


@pytest.mark.parametrize(
    "text",
    ["", "correctness", "correctness = 1", "correctness == 1.5", "correctness == -1", "correctness == 1e0", "ended >= crashed",
     "ended == nowhere", "fails < a", "fails == ", "fails == a,,b", "fails == 1a", "speed == 1", "correctness == nan"],
)  # fmt: skip
def test_what_is_no_fact_is_told_in_words(text: str) -> None:
    assert isinstance(parse_fact(text, 1), str)
