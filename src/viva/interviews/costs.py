"""A measurement in lines that can be read: what was called, and the least CPU time of each side at each size."""

from viva.core.evidence import Cost, Costs


def cost_table(costs: Costs) -> str:
    """A line for what was called and one for each size."""
    by_size: dict[int, list[Cost]] = {}
    for sample in costs.samples:
        by_size.setdefault(sample.size, []).append(sample)
    lines = [f"Timed: {costs.title}. Least CPU time of all pairs of calls, yours beside the reference's."]
    for size, pairs in by_size.items():
        mine = min(pair.cpu_seconds for pair in pairs)
        theirs = min(pair.reference_cpu_seconds for pair in pairs)
        memory = f"{pairs[0].memory_mib:.1f} and {pairs[0].reference_memory_mib:.1f} MiB"
        many = "1 pair" if len(pairs) == 1 else f"{len(pairs)} pairs"
        lines.append(f"{costs.name} = {size:,}: {_time(mine)} beside {_time(theirs)}; {memory}; {many}.")
    if costs.unfinished is not None:
        late = costs.unfinished
        used = f"{_time(late.cpu_seconds)} and was not done; the reference took {_time(late.reference_cpu_seconds)}"
        lines.append(f"{costs.name} = {late.size:,}: your code used {used}.")
    if costs.stopped:
        lines.append(costs.stopped)
    return "\n".join(lines)


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"
