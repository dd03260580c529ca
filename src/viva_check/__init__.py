"""What a question's checks.py imports: `@check`, and helpers that compare and speak in plain words.

Imports the standard library and numpy, and nothing of viva, so that a bank can be written and tested without it. How to
write checks: docs/checks.md.
"""

from pathlib import Path

from .behaviour import keeps_earlier_result, not_aliased, raises, unchanged
from .chance import independent, same_distribution
from .compare import close, equal, same_dtype, sums_to
from .frameworks import default_float, float_dtypes, transposed
from .outcomes import AuthorError, CandidateError, Failure, Seed, fail, seed
from .registry import Check, check, checks_of
from .scaling import Scaling, scaling, scaling_of

__all__ = [
    "AuthorError",
    "CandidateError",
    "Check",
    "Failure",
    "Scaling",
    "Seed",
    "check",
    "checks_of",
    "close",
    "default_float",
    "equal",
    "fail",
    "float_dtypes",
    "folder",
    "independent",
    "keeps_earlier_result",
    "not_aliased",
    "raises",
    "same_distribution",
    "same_dtype",
    "scaling",
    "scaling_of",
    "seed",
    "sums_to",
    "transposed",
    "unchanged",
]


def folder() -> Path:
    """Where the question's `data/` and `hidden/` lie while its checks run: the checker's working folder."""
    return Path.cwd()
