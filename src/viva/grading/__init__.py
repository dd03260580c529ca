"""Graders: pure functions from evidence to grades. Law: no clock, process, network or file; no evidence is never marks."""

from viva.grading.correctness import CorrectnessGrader
from viva.grading.craft import CraftGrader
from viva.grading.efficiency import EfficiencyGrader
from viva.grading.reference import grade_reference
from viva.grading.rubric import UnderstandingGrader
from viva.ports import Grader

GRADERS: tuple[Grader, ...] = (CorrectnessGrader(), EfficiencyGrader(), CraftGrader(), UnderstandingGrader())
"""Every grader that ships, in the order in which they work."""

__all__ = ["GRADERS", "CorrectnessGrader", "CraftGrader", "EfficiencyGrader", "UnderstandingGrader", "grade_reference"]
