"""What a question's checks.py imports: `@check`, and helpers that compare and speak in plain words.

Imports the standard library and numpy, and nothing of viva, so that a bank can be written and tested without it. How to
write checks: docs/checks.md.
"""

from pathlib import Path

from .behaviour import keeps_earlier_result, not_aliased, raises, steady_memory, unchanged
from .chance import independent, same_distribution
from .compare import close, equal, same_dtype, sums_to
from .frameworks import default_float, few, float_dtypes, transposed
from .learning import carries_state, gradient, lowers_loss, parameter_count
from .outcomes import AuthorError, CandidateError, Failure, Seed, fail, seed
from .registry import Check, check, checks_of
from .scaling import Scaling, scaling, scaling_of
from .symmetry import batch_independent, causal, deterministic, permutation_equivariant, stays_finite, streams

__all__ = [
    "AuthorError",
    "CandidateError",
    "Check",
    "Failure",
    "Scaling",
    "Seed",
    "batch_independent",
    "carries_state",
    "causal",
    "check",
    "checks_of",
    "close",
    "default_float",
    "deterministic",
    "equal",
    "fail",
    "few",
    "float_dtypes",
    "folder",
    "gradient",
    "independent",
    "keeps_earlier_result",
    "lowers_loss",
    "not_aliased",
    "parameter_count",
    "permutation_equivariant",
    "raises",
    "same_distribution",
    "same_dtype",
    "scaling",
    "scaling_of",
    "seed",
    "stays_finite",
    "steady_memory",
    "streams",
    "sums_to",
    "transposed",
    "unchanged",
]


def folder() -> Path:
    """Where the question's `data/` and `hidden/` lie while its checks run: the checker's working folder."""
    return Path.cwd()
