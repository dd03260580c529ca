"""The environments that candidate code runs in: virtual environments of their own, with the framework and never viva.

Law: a folder is an environment only once everything in it has been installed, started in a jail and named in its
marker file; half-made ones are never found. All functions take the folder that holds them (settings say which).
"""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from viva.core.errors import OperatorError

from .zygotes import Environment, Refused, Role, Zygote

_LOCKS = Path(__file__).resolve().parent / "locks"
_MARKER = "viva-environment.json"
_WANTED = {"numpy": ("numpy", "scipy")}
"""What is asked of the resolver for each environment; its lock pins everything."""

_ROLES: tuple[Role, ...] = ("candidate", "checker")

Progress = Callable[[str], None]


class NotInstalled(OperatorError):
    """There is no such environment here, or not one that this viva can use."""


class NotMade(OperatorError):
    """An environment could not be made; nothing of it is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """An environment that is there. `digest` is that of the lock it was made from; `python` its full version."""

    name: str
    folder: Path
    digest: str
    python: str
    paths: Environment


def known() -> tuple[str, ...]:
    """Names of the environments that can be installed."""
    return tuple(sorted(_WANTED))


def lock_digest(name: str) -> str:
    """`sha256:…` of the lock that this viva ships for an environment."""
    return "sha256:" + hashlib.sha256(_lock(name).read_bytes()).hexdigest()


def find(folder: Path, name: str) -> Installed:
    """The installed environment.

    Raises:
        NotInstalled: it is not there, not of this viva's lock, or its Python has gone.
    """
    if name not in _WANTED:
        raise NotInstalled(f"There is no environment {name!r}.", mend=f"Known are: {', '.join(known())}.")
    root = folder / name
    mend = f"Run: viva env install {name}"
    try:
        marker = json.loads((root / _MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotInstalled(f"The environment {name!r} is not installed in {str(folder)!r}. {mend}", mend=mend) from None
    if marker["lock"] != lock_digest(name):
        raise NotInstalled(f"The environment {name!r} in {str(folder)!r} is of another version. {mend}", mend=mend)
    paths = _paths(root)
    if paths is None:
        raise NotInstalled(f"The Python of the environment {name!r} in {str(folder)!r} has gone. {mend}", mend=mend)
    return Installed(name=name, folder=root, digest=marker["lock"], python=marker["python"], paths=paths)


def installed(folder: Path) -> tuple[Installed, ...]:
    """Every environment that can be used, by name."""
    found = []
    for name in known():
        with contextlib.suppress(NotInstalled):
            found.append(find(folder, name))
    return tuple(found)


def install(folder: Path, name: str, *, index: str | None = None, progress: Progress = lambda _: None) -> Installed:
    """Make an environment, prove it in the jail, and give it its name; at once where it is there already.

    `index` is an address that packages come from, instead of pip's own settings; `progress` is told each step.

    Raises:
        NotInstalled: no such environment is known.
        NotMade: says which step failed and the mend.
    """
    with contextlib.suppress(NotInstalled):
        return find(folder, name)
    if name not in _WANTED:
        return find(folder, name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            with contextlib.suppress(NotInstalled):
                return find(folder, name)  # somebody else has made it meanwhile
            _make(folder, name, index, progress)
    except OSError as problem:
        raise NotMade(
            f"The environment {name!r} cannot be made in {str(folder)!r}: {problem}.",
            mend="Give that folder room and rights, or name another one with VIVA_ENVIRONMENTS.",
        ) from problem
    return find(folder, name)


def remove(folder: Path, name: str) -> None:
    """Remove an environment, also a broken or outdated one.

    Raises:
        NotInstalled: there is none.
    """
    if name not in _WANTED or not (folder / name).is_dir():
        raise NotInstalled(f"The environment {name!r} is not installed in {str(folder)!r}.", mend="See: viva env list")
    with _alone(folder):
        _discard(folder, folder / name)


def _make(folder: Path, name: str, index: str | None, progress: Progress) -> None:
    made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        made.chmod(0o755)  # forks are other users, who must be able to read it
        progress(f"Making the environment {name} in {folder}")
        _command([sys.executable, "-m", "venv", "--without-pip", "--clear", str(made)], "its Python", progress)
        progress(f"Installing {' and '.join(_WANTED[name])}")
        source = ["--index-url", index] if index else []
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(made / "bin" / "python")]
        options = ["--no-input", "--only-binary=:all:", "--constraint", str(_lock(name))]
        _command([*pip, "install", *options, *source, *_WANTED[name]], "its packages", progress)
        paths = _paths(made)
        if paths is None:
            raise NotMade(
                f"The new environment {name!r} has no Python.", mend="Run viva with a Python that has `venv`."
            )
        progress("Trying it in the jail")
        prove(paths)
        marker = {"name": name, "lock": lock_digest(name), "python": _config(made)["version"]}
        (made / _MARKER).write_text(json.dumps(marker) + "\n", encoding="utf-8")
        if (folder / name).exists():
            _discard(folder, folder / name)
        made.rename(folder / name)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def prove(paths: Environment) -> None:
    """Start an environment in both kinds of jail and fork from each once.

    Raises:
        NotMade: it does not start; says why.
    """
    for role in _ROLES:
        zygote = None
        try:
            zygote = Zygote(role, paths)
            zygote.fork().end()
        except Refused as problem:
            raise NotMade(f"It does not start in the jail: {problem}.", mend="Run: viva doctor") from problem
        finally:
            if zygote is not None:
                zygote.end()


def _command(arguments: list[str], what: str, progress: Progress) -> None:
    """Run one step, its lines to `progress`.

    Raises:
        NotMade: it failed; carries the last lines.
    """
    said: list[str] = []
    with subprocess.Popen(
        arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, umask=0o022
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            progress(line.rstrip())
    if process.returncode != 0:
        last = "; ".join(said[-4:])
        raise NotMade(
            f"The environment could not get {what}: {last}.",
            mend="Give viva's Python its pip back: python -m ensurepip"
            if "No module named pip" in last
            else "If packages were not found, name an index: viva env install NAME --index URL",
        )


def _paths(root: Path) -> Environment | None:
    """Resolved paths of the environment under `root`; None where its Python is not there (any more)."""
    try:
        config = _config(root)
        version = "python" + ".".join(config["version"].split(".")[:2])
        python = (Path(config["home"]) / version).resolve(strict=True)
    except (OSError, KeyError):
        return None
    library = python.parent.parent / "lib"
    site = root / "lib" / version / "site-packages"
    if not (library / version / "os.py").is_file() or not site.is_dir():
        return None
    return Environment(python=str(python), library=str(library.resolve()), version=version, site=str(site.resolve()))


def _config(root: Path) -> dict[str, str]:
    rows = (root / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    return {key.strip(): value.strip() for key, _, value in (row.partition("=") for row in rows)}


def _lock(name: str) -> Path:
    return _LOCKS / f"{name}.txt"


def _discard(folder: Path, root: Path) -> None:
    """Take `root` away in one step, then its files."""
    away = Path(tempfile.mkdtemp(prefix=".gone-", dir=folder))
    root.rename(away / root.name)
    shutil.rmtree(away, ignore_errors=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One maker at a time in a folder."""
    descriptor = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
