"""A finding with its place in the line, as an editor marks it."""

from dataclasses import dataclass

from viva.core.evidence import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A finding whose words end with `mend`, where there is one. `column` and `end` count characters of its line from 1, `end`
    is the one behind; None where that is not known, or where it goes on in the next line."""

    finding: Finding
    column: int | None = None
    end: int | None = None
    mend: str = ""
