"""What an author must mend, gathered. Law: one reading of a folder finds every problem that can be told apart, and each
names the file, the line where there is one, the key, and the mend.
"""

from viva.core.errors import AuthorError

_MOST = 100


class Problems:
    """Collects author errors of one question or track; `owner` (its id) opens every path."""

    def __init__(self, owner: str) -> None:
        self._owner = owner
        self._found: list[AuthorError] = []

    def add(self, path: str, says: str, *, mend: str, line: int | None = None, key: str = "") -> None:
        """Note one problem; beyond a hundred further ones are dropped. An empty `path` means the whole folder."""
        if len(self._found) < _MOST:
            self._found.append(author_error(self._owner, path, says, mend=mend, line=line, key=key))

    def take(self, error: AuthorError) -> None:
        """Note a problem that was raised elsewhere."""
        if len(self._found) < _MOST:
            self._found.append(error)

    def found(self) -> tuple[AuthorError, ...]:
        """Everything noted so far, in order."""
        return tuple(self._found)

    def raise_first(self) -> None:
        """Do nothing where nothing was noted.

        Raises:
            AuthorError: the first problem; its sentence says how many others there are.
        """
        if not self._found:
            return
        first, others = self._found[0], len(self._found) - 1
        if not others:
            raise first
        says = f"{first.says} ({others} more: `viva bank check {self._owner}` shows all.)"
        raise AuthorError(says, mend=first.mend, path=first.path, line=first.line, key=first.key)


def author_error(owner: str, path: str, says: str, *, mend: str, line: int | None = None, key: str = "") -> AuthorError:
    """An error whose sentence begins with its place: `adam/question.toml, line 3, level: …`."""
    whole = f"{owner}/{path}" if owner and path else owner or path
    place = ", ".join(part for part in (whole, f"line {line}" if line else "", key) if part)
    return AuthorError(f"{place}: {says}", mend=mend, path=whole, line=line, key=key)
