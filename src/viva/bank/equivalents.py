"""mutants.toml: changes to a solution that change nothing a candidate was asked for, each with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from viva.bank.problems import Problems
from viva.bank.toml import Table, read_toml
from viva.core.values import Framework

FILE = "mutants.toml"
"""Its path in a question's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalent:
    """A change that leaves the contract kept: every mutant of `framework`'s solution made on a line that reads `line` by
    `change`."""

    framework: Framework
    line: str
    change: str
    reason: str


def read_equivalents(
    files: Mapping[str, bytes], frameworks: tuple[Framework, ...], problems: Problems
) -> tuple[Equivalent, ...]:
    """The `[[equivalent]]` of a question's mutants.toml; none where there is no such file."""
    sheet = read_toml(FILE, files[FILE], problems) if FILE in files else None
    if sheet is None:
        return ()
    read = tuple(_equivalent(table, frameworks) for table in sheet.tables("equivalent"))
    sheet.done()
    return read


def _equivalent(table: Table, frameworks: tuple[Framework, ...]) -> Equivalent:
    read = Equivalent(
        framework=cast(Framework, table.choice("framework", frameworks, example='framework = "numpy"')),
        line=table.text("line", example="line = 'top = np.where(np.isfinite(top), top, 0)'"),
        change=table.text("change", example='change = "0 -> 1"'),
        reason=table.text(
            "reason", example='reason = "any finite number does: the weights of such a row are replaced"'
        ),
    )
    table.done()
    return read
