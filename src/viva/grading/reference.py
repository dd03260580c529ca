"""One answer beside references that are known to be right. Law: the meaning was compared, by whom is in the evidence; what
could not be told is Unscored, never a half.
"""

from typing import assert_never

from viva.core.evidence import Likeness
from viva.core.values import Digest, Dimension, Grade, Score, Unscored

GRADER = "reference@1"


def grade_reference(attempt: Digest, likeness: Likeness) -> Grade:
    """1 where the answer means what a reference says, 0 where it does not, Unscored where that could not be told.
    `attempt` names the answer."""
    match likeness.verdict:
        case "correct":
            return _score(attempt, 1.0, "The answer means what a reference says.")
        case "incorrect":
            return _score(attempt, 0.0, "The answer does not mean what any reference says.")
        case "unsure":
            return Unscored(
                dimension=Dimension.UNDERSTANDING,
                attempt=attempt,
                whose="unsure",
                why="viva cannot tell whether the answer means what a reference says. A person should look.",
                evidence=(),
                grader=GRADER,
            )
        case _:
            assert_never(likeness.verdict)


def _score(attempt: Digest, value: float, says: str) -> Score:
    return Score(
        dimension=Dimension.UNDERSTANDING, attempt=attempt, value=value, because=(says,), evidence=(), grader=GRADER
    )
