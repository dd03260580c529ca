"""A measurement as it is shown: what was called, and the least CPU time of each side at each size. Law: what the code ended
with is the candidate's text, which may tell inputs: it is shown only where everything is.
"""

from viva.core.evidence import Cost, Costs
from viva.core.values import Digest
from viva.interviews.views import EvidenceJson, SizeJson


def cost_evidence(digest: Digest, costs: Costs, *, everything: bool) -> EvidenceJson:
    """The measurement, ready to be opened."""
    says = f"Timed: {costs.title}. The least CPU time of all pairs of calls, yours beside the reference's."
    if costs.stopped:
        says += " " + (costs.stopped if everything else "Your code ended before the measurement did.")
    return EvidenceJson(
        kind="cost", id=digest, title="The measurement", says=says, name=costs.name, sizes=_sizes(costs)
    )


def _sizes(costs: Costs) -> list[SizeJson]:
    by_size: dict[int, list[Cost]] = {}
    for sample in costs.samples:
        by_size.setdefault(sample.size, []).append(sample)
    rows = [
        SizeJson(
            size=size,
            cpu_ms=_ms(min(pair.cpu_seconds for pair in pairs)),
            reference_cpu_ms=_ms(min(pair.reference_cpu_seconds for pair in pairs)),
            memory_mib=round(pairs[0].memory_mib, 1),
            reference_memory_mib=round(pairs[0].reference_memory_mib, 1),
            pairs=len(pairs),
        )
        for size, pairs in by_size.items()
    ]
    late = costs.unfinished
    if late is not None:
        row = SizeJson(
            size=late.size,
            cpu_ms=_ms(late.cpu_seconds),
            reference_cpu_ms=_ms(late.reference_cpu_seconds),
            memory_mib=0.0,
            reference_memory_mib=0.0,
            pairs=0,
        )
        rows = [*(known for known in rows if known["size"] != late.size), row]
    return rows


def _ms(seconds: float) -> float:
    return float(f"{1000 * seconds:.3g}")
