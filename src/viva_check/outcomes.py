"""How a check ends: it returns, or it raises one of these. A `Failure` is the candidate's, an `AuthorError` is ours."""

from dataclasses import dataclass
from typing import NoReturn

SAYS_LIMIT = 700
"""Characters of a sentence that a candidate is given to read."""


def bounded(says: str) -> str:
    """`says`, cut where it is longer than a candidate would read."""
    return says if len(says) <= SAYS_LIMIT else says[: SAYS_LIMIT - 2] + " …"


class Failure(Exception):
    """The attempt does not do what the check asks; `says` is a sentence for the candidate."""

    def __init__(self, says: str) -> None:
        super().__init__(bounded(says))
        self.says = bounded(says)


class CandidateError(Failure):
    """The candidate's code raised, or gave back what no check can read. Uncaught, it fails the check with its words.

    `type_name` and `kinds` (the exception's own type and its bases), `message`, `line` (from 1, of the candidate's file, or
    None) and `memory` (it was a MemoryError) are what the candidate's process said of itself.
    """

    def __init__(
        self,
        says: str,
        *,
        type_name: str = "",
        kinds: tuple[str, ...] = (),
        message: str = "",
        line: int | None = None,
        memory: bool = False,
    ) -> None:
        super().__init__(says)
        self.type_name = type_name
        self.kinds = kinds
        self.message = message
        self.line = line
        self.memory = memory


class AuthorError(Exception):
    """A check uses this library wrongly. Never the candidate's fault: the run ends as our own failure."""


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed that becomes a fresh random generator of the attempt's framework wherever it is passed to the attempt."""

    number: int


def fail(says: str) -> NoReturn:
    """End the check as failed, with a sentence for the candidate.

    Raises:
        Failure: always.
    """
    raise Failure(says)


def seed(number: int) -> Seed:
    """A seed to pass to the attempt: each time it is passed, a generator in the same fresh state arrives.

    Raises:
        AuthorError: not an integer from 0 to 2**128 - 1.
    """
    plain = int(number)
    if not 0 <= plain < 1 << 128:
        raise AuthorError(f"seed({number!r}): use an integer from 0 to 2**128 - 1, for instance rng.integers(2**63)")
    return Seed(plain)
