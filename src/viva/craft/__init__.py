"""Craft: how code is written, beside whether it is right. Rules on the syntax tree, and some of ruff's, run in a bounded
child; docs/craft has a page for each. Law: no rule runs or imports what it reads."""

from viva.craft.child import CodeReader
from viva.craft.marks import Mark
from viva.craft.plug import CraftInspector
from viva.craft.pool import Readers

__all__ = ["CodeReader", "CraftInspector", "Mark", "Readers"]
