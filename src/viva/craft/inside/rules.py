"""Every rule of our own, in the order of their ids."""

from .numerics import NUMERICS
from .rule import Rule

RULES: tuple[Rule, ...] = tuple(sorted((*NUMERICS,), key=lambda rule: rule.id))
