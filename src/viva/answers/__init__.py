"""What reads a candidate's words: the kinds of a turn by simple rules, and the points of a rubric by the embedded model."""

from viva.answers.match import AnswerReader, PointMatcher
from viva.answers.models import Models
from viva.answers.turns import RuleReader, read_kinds

__all__ = ["AnswerReader", "Models", "PointMatcher", "RuleReader", "read_kinds"]
