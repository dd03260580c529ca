"""Where the operator's password is kept: as argon2's encoded hash in the data folder, readable by its owner only. Law: the
password itself is never stored, printed or logged."""

import os
import tempfile
from pathlib import Path

from argon2 import PasswordHasher

from viva.core.errors import CandidateError, OperatorError
from viva.settings import Settings, WrongSetting

FILE = "operator.argon2"
SHORTEST = 8
LONGEST = 1024
"""Characters of a password."""


def keep(password: str, data: Path) -> Path:
    """Keep the hash of `password` in the data folder (mode 600, all or nothing) and give the file's path.

    Raises:
        CandidateError: the password is too short, too long, or no text.
        OperatorError: the data folder cannot be written.
    """
    encoded = hash_of(password)
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=data, prefix=FILE)  # mode 600 from the first moment
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(encoded + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(data / FILE)
    except OSError as problem:
        raise OperatorError(
            f"The data folder {str(data)!r} cannot be written: {problem.strerror}.",
            mend="Name another one with --data.",
        ) from problem
    return data / FILE


def operator_hash(settings: Settings) -> str | None:
    """Argon2's encoded hash of the operator's password, None where none was set. A file that the settings name comes
    before the one that `viva operator password` wrote.

    Raises:
        WrongSetting: the named file cannot be read or holds no password.
        OperatorError: the stored hash cannot be read.
    """
    if settings.operator_password_file is not None:
        return hash_of(_password_in(settings.operator_password_file))
    path = settings.data / FILE
    try:
        return path.read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeError) as problem:
        raise OperatorError(
            f"The operator's password in {str(path)!r} cannot be read: {problem}.",
            mend="Let the user that runs viva read it, or set it again: viva operator password",
        ) from problem


def hash_of(password: str) -> str:
    """Argon2's encoded hash of a password; takes 64 MiB for a moment.

    Raises:
        CandidateError: it is too short, too long, or no text.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise CandidateError(
            f"A password has {SHORTEST} to {LONGEST} characters, this one has {len(password)}.",
            mend="Choose another one.",
        )
    try:
        return PasswordHasher().hash(password)
    except UnicodeEncodeError:
        raise CandidateError("The password is not text in UTF-8.", mend="Choose another one.") from None


def _password_in(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeError) as problem:
        raise WrongSetting(
            f"operator_password_file {str(path)!r} cannot be read: {problem}.",
            mend="Name a file with one line of text.",
        ) from problem
