"""What a question's checks.py imports: `@check`, and helpers that compare and speak in plain words.

Imports the standard library and numpy, and nothing of viva, so that a bank can be written and tested without it. How to
write checks: docs/checks.md.
"""

from .outcomes import AuthorError, CandidateError, Failure, Seed, fail, seed
from .registry import Check, check, checks_of

__all__ = [
    "AuthorError",
    "CandidateError",
    "Check",
    "Failure",
    "Seed",
    "check",
    "checks_of",
    "fail",
    "seed",
]
