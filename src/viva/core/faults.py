"""Known faults: what a failing set of checks looks like. Law: a likely fault is named only where the failing checks are
exactly its own, or exactly those of one pair of faults, and no other fault or pair would explain them as well."""

from collections.abc import Iterable
from itertools import combinations

from viva.core.values import Fault


def likely_faults(failing: frozenset[str], faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """The fault whose wrong attempts fail exactly the checks `failing`; else the two that fail them together, each with a
    check of its own, the one with more checks first; empty where nothing fits or several do.

    Entries of one fault (the same id, from several frameworks) count as one.
    """
    fitting = sorted(
        (fault for fault in faults if fault.checks and fault.checks <= failing), key=lambda f: -len(f.checks)
    )
    known = {(fault.id, fault.checks): fault for fault in fitting}
    alone = {fault.id: fault for fault in known.values() if fault.checks == failing}
    if alone:
        return tuple(alone.values()) if len(alone) == 1 else ()
    pairs = {
        frozenset({one.id, other.id}): (one, other)
        for one, other in combinations(known.values(), 2)
        if one.id != other.id
        and one.checks | other.checks == failing
        and one.checks - other.checks
        and other.checks - one.checks
    }
    return next(iter(pairs.values())) if len(pairs) == 1 else ()


def in_words(faults: tuple[Fault, ...]) -> str:
    """The faults as the end of a sentence that begins with "It looks as if"."""
    return ", and ".join(fault.says for fault in faults)
