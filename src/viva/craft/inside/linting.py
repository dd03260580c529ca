"""Ruff, a few of its rules: started beside our own, in the same bounds, on the same text. Law: it reads standard input,
no file and no setting, obeys no comment of the candidate, and never changes anything.
"""

import json
import subprocess
from typing import Any

from .inspect import FINDINGS, PER_RULE, Found, clean
from .rule import Severity

LINTED: dict[str, tuple[Severity, str]] = {
    "B015": ("warning", "Use what the comparison says, or remove it."),
    "B018": ("note", "Use the value, or remove the line."),
    "B020": ("warning", "Give the loop's variable a name of its own."),
    "B023": (
        "note",
        "Bind the loop's variable as a default argument, or it has its last value when the function is called.",
    ),
    "B031": ("warning", "Keep a list of the group if it is needed twice; the second time it is empty."),
    "B035": ("warning", "Let the key depend on the loop, or only one entry is kept."),
    "E711": ("warning", "Use `is None`: on an array, == compares every element."),
    "F401": ("note", "Remove it, so that a reader need not look for where it is used."),
    "F403": ("note", "Import the names that are used, or sum and max may quietly become another library's."),
    "F541": ("note", "Drop the f, or put in the value that was meant."),
    "F632": ("warning", "Use ==: whether two equal numbers or texts are one object is up to the interpreter."),
    "F811": ("warning", "Remove the one that is never used."),
    "F821": ("warning", "Define or import it; this line fails when it is reached."),
    "F823": ("warning", "Assign it before it is used, or give the inner one another name."),
    "F841": ("note", "Remove it, or use it where it was meant to be used."),
    "NPY001": ("warning", "Use the Python type itself (float, bool); NumPy has dropped the alias."),
    "NPY003": ("warning", "Use the name that NumPy has kept."),
    "NPY201": ("warning", "Use the name that NumPy 2 has kept."),
    "PERF101": ("note", "Iterate over the thing itself."),
    "PERF102": ("note", "Ask for keys() or values() alone."),
}
"""What we take of ruff: how much it matters here, and what to do instead."""

_SECONDS = 5.0


class Linter:
    """Runs ruff on one source at a time."""

    def __init__(self, ruff: str) -> None:
        """`ruff` is the path of the program."""
        chosen = ["--select", ",".join(LINTED), "--target-version", "py311", "--stdin-filename", "attempt.py"]
        form = [
            "--isolated",
            "--no-cache",
            "--ignore-noqa",
            "--no-fix",
            "--quiet",
            "--exit-zero",
            "--output-format",
            "json",
        ]
        self._command = [ruff, "check", *form, *chosen, "-"]
        self._running: subprocess.Popen[bytes] | None = None
        self._source = b""

    def start(self, source: str) -> None:
        """Begin with a source; `findings` waits for the end.

        Raises:
            OSError: ruff cannot be started.
        """
        self._source = source.encode("utf-8", "replace")
        pipe = subprocess.PIPE
        self._running = subprocess.Popen(self._command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, cwd="/")

    def findings(self) -> list[Found]:
        """What ruff says.

        Raises:
            RuntimeError: it ended without an answer.
            subprocess.TimeoutExpired: it did not end.
        """
        assert self._running is not None, "nothing was started"
        said, _ = self._running.communicate(self._source, timeout=_SECONDS)
        if self._running.returncode != 0:
            raise RuntimeError(f"ruff ended with {self._running.returncode}")
        return _chosen(json.loads(said))

    def stop(self) -> None:
        """End it, wherever it is; nothing of it is left."""
        if self._running is not None:
            if self._running.poll() is None:
                self._running.kill()
            for stream in (self._running.stdin, self._running.stdout):
                if stream is not None and not stream.closed:
                    stream.close()
            self._running.wait()
            self._running = None


def _chosen(rows: list[dict[str, Any]]) -> list[Found]:
    found: list[Found] = []
    for row in rows:
        code = row["code"]
        if code in LINTED and sum(one.rule == code for one in found) < PER_RULE and len(found) < FINDINGS:
            severity, mend = LINTED[code]
            says = clean(f"{row['message'].rstrip('.')}. {mend}")
            begins, ends = row["location"], row["end_location"]
            found.append(
                Found(
                    rule=code,
                    line=max(1, int(begins["row"])),
                    severity=severity,
                    says=says,
                    mend=mend,
                    column=int(begins["column"]),
                    end=int(ends["column"]) if ends["row"] == begins["row"] else None,
                )
            )
    return found
