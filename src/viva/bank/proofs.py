"""proofs.lock: which questions were proved, in which environments. Law: a line counts only for the very content it names;
any change of folder, environment or meaning of a verdict makes it void.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from viva.core.errors import OperatorError
from viva.core.values import Digest, Framework, digest_of

FILE = "proofs.lock"
"""The name of the file in a bank's folder."""

JUDGE = 2
"""Raised by whoever changes what a verdict means; every proof is then made again."""

_TITLE = "# question framework digest(question, environment, judge) result; written by `viva bank check --prove`\n"
_LINE = re.compile(r"([a-z0-9-]{1,64}) ([a-z]+) (sha256:[0-9a-f]{64}) holds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Digests of what was proved, by question and framework."""

    known: tuple[tuple[str, str, Digest], ...] = ()

    def has(self, id: str, framework: Framework, key: Digest) -> bool:
        """Whether exactly this was proved."""
        return (id, framework, key) in self.known

    def updated(self, entries: Iterable[tuple[str, Framework, Digest]]) -> "Proofs":
        """With these proofs in place of older ones of the same questions and frameworks."""
        by_place = {(id, framework): key for id, framework, key in self.known}
        by_place.update({(id, framework): key for id, framework, key in entries})
        return Proofs(known=tuple((id, framework, key) for (id, framework), key in sorted(by_place.items())))


def proof_key(question: Digest, environment: Digest) -> Digest:
    """The digest of what a proof is about."""
    return digest_of(question, environment, str(JUDGE))


def read_proofs(path: Path) -> Proofs:
    """The proofs of a file; none where there is no file.

    Raises:
        OperatorError: a line is none that viva writes.
    """
    try:
        text = path.read_text("utf-8", errors="replace")
    except FileNotFoundError:
        return Proofs()
    known: list[tuple[str, str, Digest]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        match = _LINE.fullmatch(line)
        if match is not None:
            known.append((match[1], match[2], Digest(match[3])))
        elif line.strip() and not line.startswith("#"):
            mend = "Remove the line and run `viva bank check --prove`."
            raise OperatorError(f"{str(path)!r}, line {number}, is no proof.", mend=mend)
    return Proofs(known=tuple(known))


def write_proofs(path: Path, proofs: Proofs) -> None:
    """Write the file anew, sorted, so that merges stay small.

    Raises:
        OperatorError: it cannot be written.
    """
    lines = "".join(f"{id} {framework} {key} holds\n" for id, framework, key in sorted(proofs.known))
    try:
        path.write_text(_TITLE + lines, "utf-8")
    except OSError as error:
        says = f"{str(path)!r} cannot be written: {error.strerror}."
        raise OperatorError(says, mend="Check a bank whose folder you may write, named with --bank.") from error
