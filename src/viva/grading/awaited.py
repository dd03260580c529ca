"""What a grade says where the evidence it needs is not there: our failure as ours, all else as "recorded, not yet graded".
Law: evidence that came but cannot be judged is Unscored, never a number.
"""

from viva.core.evidence import NotObserved
from viva.core.requests import request_digest
from viva.core.values import Attempt, Dimension, Unscored
from viva.ports import Seen

NOT_YET = "Recorded, not yet graded."


def unscored_from(dimension: Dimension, attempt: Attempt, seen: Seen, grader: str) -> Unscored:
    """The `Unscored` that the evidence in hand allows: a machine's failure is said as ours, all else as not yet graded."""
    failures = [entry for entry in seen.values() if isinstance(entry, NotObserved) and entry.whose == "machine"]
    return Unscored(
        dimension=dimension,
        attempt=attempt.digest,
        whose="machine" if failures else "nobody",
        why=f"{failures[0].why.rstrip('.')}. That is our fault, not yours." if failures else NOT_YET,
        evidence=tuple(request_digest(request) for request in seen),
        grader=grader,
    )
