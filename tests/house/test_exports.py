"""Public is what is listed. Whoever adds or drops a name says so here, because others rely on it."""

import viva_check
from viva import settings
from viva.cli import COMMANDS

COMMAND_NAMES = ("serve", "judge", "answer", "grade-answers", "bank", "log", "env", "doctor", "operator")
SETTING_NAMES = (
    "data", "host", "port", "bank", "public_url", "open_practice", "environments", "operator_password_file",
    "unsafe_local",
)  # fmt: skip
CHECK_NAMES = (
    "AuthorError", "CandidateError", "Check", "Failure", "Scaling", "Seed", "batch_independent", "carries_state", "causal",
    "check", "checks_of", "close", "default_float", "deterministic", "equal", "fail", "few", "float_dtypes", "folder",
    "gradient", "independent", "keeps_earlier_result", "lowers_loss", "not_aliased", "parameter_count",
    "permutation_equivariant", "raises", "same_distribution", "same_dtype", "scaling", "scaling_of", "seed",
    "stays_finite", "steady_memory", "streams", "sums_to", "transposed", "unchanged",
)  # fmt: skip


def test_the_commands_are_these() -> None:
    assert tuple(entry.name for entry in COMMANDS) == COMMAND_NAMES


def test_the_settings_are_these() -> None:
    assert tuple(entry.name for entry in settings.TABLE) == SETTING_NAMES


def test_what_checks_may_import_is_this() -> None:
    assert tuple(sorted(viva_check.__all__)) == CHECK_NAMES
