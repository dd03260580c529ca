"""Several banks as one, and the banks that are installed. Law: finding a bank runs none of its code, and where two banks
have one id, the earlier bank's is asked.
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from viva.bank.folders import FolderBank
from viva.core.errors import NotFound, OperatorError
from viva.core.values import Question
from viva.ports import Bank, Track

_SHIPPED = "viva_bank"
GROUP = "viva.banks"
"""The group of entry points; the value of each names a package whose folder is a bank."""


class MergedBank:
    """Banks in order; each id is answered by the first bank that has it."""

    def __init__(self, banks: Sequence[Bank]) -> None:
        self._banks = tuple(banks)

    def question_ids(self) -> tuple[str, ...]:
        """Ids of all questions, sorted, each once."""
        return tuple(sorted({id for bank in self._banks for id in bank.question_ids()}))

    def question(self, id: str) -> Question:
        """As `ports.Bank.question`.

        Raises:
            NotFound: no bank has it.
            AuthorError: the first bank that has it has it broken.
        """
        return self._with_question(id).question(id)

    def files(self, id: str) -> Mapping[str, bytes]:
        """As `ports.Bank.files`.

        Raises:
            NotFound: no bank has it.
            AuthorError: its folder cannot be read.
        """
        return self._with_question(id).files(id)

    def track_ids(self) -> tuple[str, ...]:
        """Ids of all tracks, sorted, each once."""
        return tuple(sorted({id for bank in self._banks for id in bank.track_ids()}))

    def track(self, id: str) -> Track:
        """As `ports.Bank.track`.

        Raises:
            NotFound: no bank has it.
            AuthorError: its file is not as it must be.
        """
        for bank in self._banks:
            if id in bank.track_ids():
                return bank.track(id)
        raise NotFound(f"There is no track {id[:80]!r}.", mend="`viva bank list` shows every track.")

    def _with_question(self, id: str) -> Bank:
        for bank in self._banks:
            if id in bank.question_ids():
                return bank
        raise NotFound(f"There is no question {id[:80]!r}.", mend="`viva bank list` shows every question.")


def merge(banks: Sequence[Bank]) -> Bank:
    """The banks as one; an earlier one wins where two have the same id."""
    return banks[0] if len(banks) == 1 else MergedBank(banks)


def known_banks(further: Sequence[Path] = ()) -> tuple[FolderBank, ...]:
    """Every bank of this viva, in the order in which they are asked: the folders `further`, viva's own, installed ones.

    Raises:
        OperatorError: a folder is no bank, or as `installed_banks`.
    """
    shipped = find_spec(_SHIPPED)
    places = list(shipped.submodule_search_locations or ()) if shipped is not None else []
    own = [FolderBank(Path(place)) for place in places[:1]]
    kept: dict[Path, FolderBank] = {}
    for bank in (*(FolderBank(folder) for folder in further), *own, *installed_banks()):
        kept.setdefault(bank.path.resolve(), bank)
    return tuple(kept.values())


def installed_banks() -> tuple[FolderBank, ...]:
    """The banks that installed packages offer, viva's own first, the others by name.

    Raises:
        OperatorError: an entry point names a package that is not there or is no bank.
    """
    offered = sorted(entry_points(group=GROUP), key=lambda point: (point.module != _SHIPPED, point.name))
    folders: dict[Path, None] = {}
    for point in offered:
        spec = None if "." in point.module else find_spec(point.module)
        places = list(spec.submodule_search_locations or ()) if spec is not None else []
        if not places:
            says = f"The bank {point.name!r} is announced as {point.value!r}, which is no package."
            raise OperatorError(
                says, mend="Install it again or uninstall it; its entry point names a top-level package."
            )
        folders.setdefault(Path(places[0]).resolve())
    return tuple(FolderBank(folder) for folder in folders)
