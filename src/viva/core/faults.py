"""Known faults: what a failing set of checks looks like. Law: a likely fault is named only where exactly one fits exactly."""

from collections.abc import Iterable

from viva.core.values import Fault


def likely_fault(failing: frozenset[str], faults: Iterable[Fault]) -> Fault | None:
    """The one fault whose wrong attempts fail exactly the checks `failing`; None where none or several do.

    Entries of one fault (the same id, from several frameworks) count as one.
    """
    fitting = {fault.id: fault for fault in faults if failing and fault.checks == failing}
    return next(iter(fitting.values())) if len(fitting) == 1 else None
