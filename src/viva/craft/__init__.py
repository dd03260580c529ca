"""Craft: how code is written, beside whether it is right. Rules on the syntax tree, and some of ruff's, run in a bounded
child; docs/craft has a page for each. Law: no rule runs or imports what it reads."""

from viva.craft.child import CodeReader
from viva.craft.plug import CraftInspector

__all__ = ["CodeReader", "CraftInspector"]
