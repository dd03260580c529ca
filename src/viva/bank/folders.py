"""A bank in a folder: `questions/ID/…` and `tracks/ID.toml`. Law: what is read is read from that folder and nowhere else
(links are refused, files are opened relative to their open folder), and an edit shows at the next load.
"""

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from viva.bank.limits import DEPTH, FILE_BYTES, FILES, FOLDER_BYTES, TOML_BYTES
from viva.bank.paths import is_id
from viva.bank.problems import author_error
from viva.bank.questions import WholeQuestion, load_whole
from viva.bank.tracks import load_track
from viva.core.errors import AuthorError, NotFound, OperatorError
from viva.core.values import Question
from viva.ports import Track

_SKIPPED = ("__pycache__",)
_ENTRIES = 4 * FILES
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_OPEN_FOLDER = os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY | os.O_CLOEXEC

Stamp = tuple[tuple[str, int, int, int, int], ...]
"""Per file: path, inode, size, and the times (ns) of its last change of content and of status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A folder as it was at `stamp`; `whole` is None until it was loaded."""

    stamp: Stamp
    files: Mapping[str, bytes] = field(hash=False)
    whole: WholeQuestion | None = None


class FolderBank:
    """The bank in the folder `path`. Files are read again whenever their stamp changed."""

    def __init__(self, path: Path) -> None:
        """A bank whose folder is looked at anew at each call.

        Raises:
            OperatorError: there is no such folder, or it holds neither `questions` nor `tracks`.
        """
        if not any((path / part).is_dir() for part in ("questions", "tracks")):
            says = f"{str(path)!r} is not a bank: it has neither a folder questions/ nor tracks/."
            raise OperatorError(says, mend="Name the folder that holds questions/ and tracks/.")
        self.path = path
        self._kept: dict[str, _Kept] = {}

    def question_ids(self) -> tuple[str, ...]:
        """Ids of all questions, sorted; folders that are not kebab-case are left out (`misnamed` tells them)."""
        return tuple(name for name in self._names("questions") if is_id(name))

    def misnamed(self) -> tuple[AuthorError, ...]:
        """What lies in questions/ and tracks/ and can be neither."""
        mend = "Name it in small letters and digits with `-` between words."
        found = [(f"questions/{name[:80]}", name) for name in self._names("questions")]
        found += [(f"tracks/{name[:80]}", name.removesuffix(".toml")) for name in self._names("tracks")]
        return tuple(author_error("", place, "is not kebab-case", mend=mend) for place, id in found if not is_id(id))

    def question(self, id: str) -> Question:
        """As `ports.Bank.question`.

        Raises:
            NotFound: no such question.
            AuthorError: its folder is not as it must be.
        """
        return self.whole(id).question

    def whole(self, id: str) -> WholeQuestion:
        """The question with its worked attempts and answers.

        Raises:
            NotFound: no such question.
            AuthorError: its folder is not as it must be.
        """
        kept = self._fresh(id)
        if kept.whole is not None:
            return kept.whole
        whole = load_whole(id, kept.files)
        self._kept[id] = _Kept(stamp=kept.stamp, files=kept.files, whole=whole)
        return whole

    def files(self, id: str) -> Mapping[str, bytes]:
        """As `ports.Bank.files`.

        Raises:
            NotFound: no such question.
            AuthorError: a link, a device, or more than the limits allow.
        """
        return self._fresh(id).files

    def track_ids(self) -> tuple[str, ...]:
        """Ids of all tracks, sorted."""
        names = (name.removesuffix(".toml") for name in self._names("tracks") if name.endswith(".toml"))
        return tuple(sorted(name for name in names if is_id(name)))

    def track(self, id: str) -> Track:
        """As `ports.Bank.track`.

        Raises:
            NotFound: no such track.
            AuthorError: the file is not as it must be.
        """
        return load_track(id, self.track_text(id))

    def track_text(self, id: str) -> str:
        """The text of a track's file.

        Raises:
            NotFound: no such track.
            AuthorError: it is a link, too large or no text.
        """
        if not is_id(id):
            raise _no("track", id)
        path = f"{id}.toml"
        try:
            descriptor = os.open(self.path / "tracks" / path, _READ)
        except FileNotFoundError as error:
            raise _no("track", id) from error
        except OSError as error:
            raise _unreadable("tracks", path, error) from error
        raw = _content(descriptor, "tracks", path, TOML_BYTES)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            mend = "Save the file in UTF-8."
            raise author_error("tracks", path, "is not UTF-8", line=line, mend=mend) from error

    def _names(self, part: str) -> tuple[str, ...]:
        """Names in one part of the bank, sorted, without hidden ones and Python's own."""
        try:
            names = [entry.name for entry in (self.path / part).iterdir()]
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise OperatorError(f"{str(self.path / part)!r} cannot be read: {error.strerror}.") from error
        return tuple(sorted(name for name in names if name[0] not in "._"))

    def _fresh(self, id: str) -> _Kept:
        """The folder of `id` as it is now."""
        if not is_id(id):
            raise _no("question", id)
        try:
            root = os.open(self.path / "questions" / id, _OPEN_FOLDER)
        except FileNotFoundError as error:
            raise _no("question", id) from error
        except OSError as error:
            raise _unreadable(id, "", error) from error
        try:
            stamp = tuple(sorted(_stamps(root, id, "")))
            kept = self._kept.get(id)
            if kept is None or kept.stamp != stamp:
                kept = _Kept(stamp=stamp, files=MappingProxyType(dict(_read_all(root, id, stamp))))
                self._kept[id] = kept
            return kept
        finally:
            os.close(root)


def _stamps(folder: int, id: str, prefix: str) -> Iterator[tuple[str, int, int, int, int]]:
    """The stamps of all files below an open folder."""
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            path = prefix + entry.name
            if count >= _ENTRIES or path.count("/") >= DEPTH:
                raise author_error(id, path[:80], "lies too deep or among too many", mend="Keep fewer, flatter files.")
            if entry.name.startswith(".") or entry.name in _SKIPPED:
                continue
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(found.st_mode):
                inner = os.open(entry.name, _OPEN_FOLDER, dir_fd=folder)
                try:
                    yield from _stamps(inner, id, f"{path}/")
                finally:
                    os.close(inner)
            elif stat.S_ISREG(found.st_mode):
                yield path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
            else:
                kind = "a link" if stat.S_ISLNK(found.st_mode) else "no regular file"
                raise author_error(id, path[:80], f"is {kind}, which is refused", mend="Put a plain file in its place.")


def _read_all(root: int, id: str, stamp: Stamp) -> Iterator[tuple[str, bytes]]:
    """Path and content of the files that `stamp` lists, within the limits."""
    total = sum(size for _, _, size, _, _ in stamp)
    if len(stamp) > FILES or total > FOLDER_BYTES:
        says = f"has {len(stamp)} files and {total} bytes; at most {FILES} and {FOLDER_BYTES} are read"
        raise author_error(id, "", says, mend="Make the data smaller, in fewer files.")
    for path, *_ in stamp:
        folder = root
        opened: list[int] = []
        try:
            *folders, name = path.split("/")
            for part in folders:
                folder = os.open(part, _OPEN_FOLDER, dir_fd=folder)
                opened.append(folder)
            descriptor = os.open(name, _READ, dir_fd=folder)
        except OSError as error:
            raise _unreadable(id, path, error) from error
        finally:
            for inner in opened:
                os.close(inner)
        yield path, _content(descriptor, id, path, FILE_BYTES)


def _content(descriptor: int, owner: str, path: str, most: int) -> bytes:
    """The content of an open regular file of at most `most` bytes; closes it."""
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise author_error(owner, path, "is no regular file", mend="Put a plain file in its place.")
        content = file.read(most + 1)
    if len(content) > most:
        raise author_error(owner, path, f"has more than {most} bytes", mend="Make it smaller or split it.")
    return content


def _no(what: str, id: str) -> NotFound:
    return NotFound(f"There is no {what} {id[:80]!r}.", mend=f"`viva bank list` shows every {what}.")


def _unreadable(owner: str, path: str, error: OSError) -> AuthorError:
    says = (
        f"cannot be read: {error.strerror}"
        if error.errno not in (errno.ELOOP, errno.ENOTDIR)
        else "is a link, which is refused"
    )
    return author_error(owner, path, says, mend="Put plain files and folders that may be read in its place.")
