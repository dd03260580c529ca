"""Worked cases of a likely fault: it is named where exactly one explanation fits exactly, and nowhere else."""

import pytest

from viva.core.faults import in_words, likely_faults
from viva.core.values import Fault


def fault(id: str, *checks: str) -> Fault:
    return Fault(id=id, says=f"{id} was wrong", checks=frozenset(checks))


MASK, SCALE, AXIS, BOTH = fault("mask", "a"), fault("scale", "b", "c"), fault("axis", "c"), fault("both", "a", "b", "c")
CASES: list[tuple[str, str, tuple[Fault, ...], tuple[str, ...]]] = [
    ("nothing fails", "", (MASK, fault("empty")), ()),
    ("one fits", "a", (MASK, SCALE), ("mask",)),
    ("one fits in two frameworks", "a", (MASK, MASK), ("mask",)),
    ("two fit", "a", (MASK, fault("other", "a")), ()),
    ("more fails than one explains", "ax", (MASK, SCALE), ()),
    ("less fails than one explains", "b", (MASK, SCALE), ()),
    ("two together fit, the one with more checks first", "abc", (MASK, SCALE), ("scale", "mask")),
    ("one alone is likelier than two", "abc", (MASK, SCALE, BOTH), ("both",)),
    ("two pairs fit", "abc", (MASK, SCALE, fault("other", "a")), ()),
    ("two together leave something unexplained", "abcx", (MASK, SCALE), ()),
    ("one of two explains nothing of its own", "bc", (fault("wide", "b", "c", "d"), AXIS, fault("b", "b")), ("axis", "b")),
    ("one fault is no pair with itself in another framework", "abc", (MASK, fault("mask", "b", "c")), ()),
    ("a pair whose one half explains all is no pair", "bc", (SCALE, fault("scale2", "b", "c"), AXIS), ()),
]  # fmt: skip


@pytest.mark.parametrize(("failing", "known", "named"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_fault_is_named_where_exactly_one_explanation_fits(
    failing: str, known: tuple[Fault, ...], named: tuple[str, ...]
) -> None:
    assert tuple(fault.id for fault in likely_faults(frozenset(failing), known)) == named
    if len(named) != 2:
        backwards = likely_faults(frozenset(failing), known[::-1])
        assert tuple(fault.id for fault in backwards) == named, "the order of the bank says nothing"


def test_two_faults_are_said_in_one_sentence() -> None:
    assert in_words((SCALE, MASK)) == "scale was wrong, and mask was wrong"
    assert in_words((MASK,)) == "mask was wrong"
