"""The examples that each rule was written against, and how a test asks our own rules of a text."""

from collections.abc import Iterable
from pathlib import Path

from viva.craft.inside.inspect import Found, inspect
from viva.craft.inside.rules import RULES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGES = ROOT / "docs" / "craft"
BY_ID = {rule.id: rule for rule in RULES}
FROM_SCRATCH = ("torch.nn.MultiheadAttention", "torch.nn.functional.scaled_dot_product_attention", "torch.optim.Adam")
"""What the examples are asked to build themselves."""


def found_in(source: str, rules: Iterable[str] = BY_ID) -> list[Found]:
    """What the named rules say of a source."""
    return inspect(source, FROM_SCRATCH, [BY_ID[rule] for rule in rules])


def files(kind: str, rule: str) -> list[Path]:
    """The `bad` or `good` examples of a rule."""
    return sorted((HERE / kind / rule).glob("*.py"))


def right_attempts() -> list[Path]:
    """Every right attempt and solution of the bank."""
    questions = ROOT / "src" / "viva_bank" / "questions"
    return sorted([*questions.glob("*/attempts/right_*.py"), *questions.glob("*/*/solution.py")])
