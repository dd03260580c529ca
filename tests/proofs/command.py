"""The command `viva` as a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 90
"""The bound of every call: what a call takes is a second or two; a loaded machine is not what is proved here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """How a call ended, and what it wrote."""

    code: int
    out: bytes
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Standard output as one JSON object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def viva(*arguments: "str | bytes | Path", stdin: bytes = b"", data: Path, **variables: str) -> Said:
    """One call with a data folder of its own. It never ends in a traceback, and an error is a sentence with its mend."""
    given: Sequence[Any] = arguments
    done = subprocess.run(
        [sys.executable, "-m", "viva", *given],
        input=stdin,
        capture_output=True,
        timeout=SECONDS,
        env=os.environ | {"VIVA_DATA": str(data)} | variables,
        check=False,
    )
    said = Said(code=done.returncode, out=done.stdout, err=done.stderr.decode("utf-8", "backslashreplace"))
    assert "Traceback" not in said.err, said.err
    assert said.code in (0, 1, 2, 3), said
    return said


def refused(said: Said) -> str:
    """The sentence of a call that was wrong use: it begins with `viva: `, and a mend follows."""
    assert said.code == 2 and said.out == b"", said
    sentence, mend = said.err.splitlines()
    assert sentence.startswith("viva: ") and sentence.endswith(".") and mend.strip(), said.err
    return sentence
