"""The efficiency of a file, as CONTRACTS 3 fixes it: measured only where every check passes."""

from viva.core.evidence import Costs, Findings, NotObserved
from viva.core.requests import request_digest
from viva.core.values import Attempt, Score
from viva.grading import EfficiencyGrader
from viva.grading.efficiency import compared, cost_request, inspect_request
from viva.ports import Material, Seen
from viva.sandbox.client import Sandbox
from viva.wiring import measured


async def efficiency_json(
    attempt: Attempt, material: Material, seen: Seen, sandbox: Sandbox, read: Findings | NotObserved
) -> dict[str, object]:
    """`seen` holds the run of all checks; `read` is what was found in the code."""
    grader, seed = EfficiencyGrader(), next((getattr(request, "seed", "") for request in seen), "")
    found = None
    if (wanted := grader.wants(material.question, attempt, seed, seen)) is not None:
        costs = await measured(sandbox, material, seed=request_digest(cost_request(attempt)))
        seen = {**seen, wanted: costs, inspect_request(attempt): read}
        found = compared(costs) if isinstance(costs, Costs) else None
    stopped = next((costs.stopped for costs in seen.values() if isinstance(costs, Costs)), "")
    grade = grader.grade(material.question, attempt, seed, seen)
    scored = isinstance(grade, Score)
    return {
        "value": grade.value if isinstance(grade, Score) else None,
        "unscored": None if isinstance(grade, Score) else grade.why,
        "because": list(grade.because) if isinstance(grade, Score) else [stopped] if stopped else [],
        "cpu_ratio": round(found.ratio.value, 4) if found else None,
        "cpu_ratio_interval": [round(found.ratio.low, 4), round(found.ratio.high, 4)]
        if found and not found.at_least
        else None,
        "memory_ratio": round(found.memory_ratio, 4) if found and found.memory_ratio is not None else None,
        "growth": found.growth if found and scored else None,
    }
