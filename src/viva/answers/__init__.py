"""What reads a candidate's words. The kinds of turn are told by simple rules; the embedded model comes with its issue."""

from viva.answers.turns import RuleReader, read_kinds

__all__ = ["RuleReader", "read_kinds"]
