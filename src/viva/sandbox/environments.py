"""The environments that candidate code runs in: virtual environments of their own, with the framework and never viva.

Law: a folder is an environment only once everything in it has been installed, started in a jail and named in its
marker file; half-made ones are never found. All functions take the folder that holds them (settings say which).
"""

import contextlib
import fcntl
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from viva.core.errors import OperatorError

from . import packages
from .bare import Bares
from .packages import NotMade, Progress
from .zygotes import Environment, Refused, Role, Source, Zygote

__all__ = [
    "Installed",
    "NotInstalled",
    "NotMade",
    "disk_bytes",
    "find",
    "install",
    "installed",
    "known",
    "lock_digest",
    "prove",
    "remove",
    "size_of",
]

_MARKER = "viva-environment.json"


class NotInstalled(OperatorError):
    """There is no such environment here, or not one that this viva can use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """An environment that is there. `digest` is that of the lock it was made from; `python` its full version; `version` that
    of its framework where it was chosen."""

    name: str
    folder: Path
    digest: str
    python: str
    version: str | None
    paths: Environment


def known() -> tuple[str, ...]:
    """Names of the environments that can be installed."""
    return tuple(sorted(packages.WANTED))


def size_of(name: str) -> str:
    """What an environment will take on the disk, in words."""
    return packages.WANTED[name].size


def lock_digest(name: str) -> str:
    """`sha256:…` of the lock that this viva ships for an environment."""
    return packages.digest(name)


def find(folder: Path, name: str) -> Installed:
    """The installed environment.

    Raises:
        NotInstalled: it is not there, not of this viva's lock, or its Python has gone.
    """
    if name not in packages.WANTED:
        raise NotInstalled(f"There is no environment {name!r}.", mend=f"Known are: {', '.join(known())}.")
    root = folder / name
    mend = f"Run: viva env install {name}"
    try:
        marker = json.loads((root / _MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise NotInstalled(f"The environment {name!r} is not installed in {str(folder)!r}. {mend}", mend=mend) from None
    version = marker.get("version")
    if marker["lock"] != packages.digest(name, version):
        raise NotInstalled(f"The environment {name!r} in {str(folder)!r} is of another version. {mend}", mend=mend)
    paths = _paths(root, name)
    if paths is None:
        raise NotInstalled(f"The Python of the environment {name!r} in {str(folder)!r} has gone. {mend}", mend=mend)
    return Installed(
        name=name, folder=root, digest=marker["lock"], python=marker["python"], version=version, paths=paths
    )


def installed(folder: Path) -> tuple[Installed, ...]:
    """Every environment that can be used, by name."""
    found = []
    for name in known():
        with contextlib.suppress(NotInstalled):
            found.append(find(folder, name))
    return tuple(found)


def disk_bytes(one: Installed) -> int:
    """What an environment takes on the disk now, each file once. Takes up to a second."""
    sizes: dict[tuple[int, int], int] = {}
    for folder, _, files in os.walk(one.folder):
        for file in files:
            seen = os.lstat(os.path.join(folder, file))
            sizes[seen.st_dev, seen.st_ino] = seen.st_blocks * 512
    return sum(sizes.values())


def install(
    folder: Path,
    name: str,
    *,
    indexes: tuple[str, ...] = (),
    version: str | None = None,
    jail: bool = True,
    progress: Progress = lambda _: None,
) -> Installed:
    """Make an environment, prove it in the jail (or, where `jail` is False, without), and give it its name; at once where it is
    there already.

    `indexes` are addresses that packages come from, instead of pip's own settings; `version` is that of the framework,
    instead of the lock's; `progress` is told each step.

    Raises:
        NotInstalled: no such environment is known.
        NotMade: says which step failed and the mend.
    """
    if name not in packages.WANTED:
        return find(folder, name)
    found = _found(folder, name, version)
    if found is not None:
        return found
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            found = _found(folder, name, version)  # somebody else may have made it meanwhile
            if found is None:
                _make(folder, _Order(name=name, version=version, indexes=indexes, jail=jail), progress)
    except OSError as problem:
        raise NotMade(
            f"The environment {name!r} cannot be made in {str(folder)!r}: {problem}.",
            mend="Give that folder room and rights, or name another one with VIVA_ENVIRONMENTS.",
        ) from problem
    return found or find(folder, name)


def remove(folder: Path, name: str) -> None:
    """Remove an environment, also a broken or outdated one.

    Raises:
        NotInstalled: there is none.
    """
    if name not in packages.WANTED or not (folder / name).is_dir():
        raise NotInstalled(f"The environment {name!r} is not installed in {str(folder)!r}.", mend="See: viva env list")
    with _alone(folder):
        _discard(folder, folder / name)


def _found(folder: Path, name: str, version: str | None) -> Installed | None:
    """What is there already and will do."""
    try:
        found = find(folder, name)
    except NotInstalled:
        return None
    return found if version in (None, found.version) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What is to be made."""

    name: str
    version: str | None
    indexes: tuple[str, ...]
    jail: bool


def _make(folder: Path, order: _Order, progress: Progress) -> None:
    name, version = order.name, order.version
    made = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=folder))
    try:
        made.chmod(0o755)  # forks are other users, who must be able to read it
        progress(f"1 of 3: making the environment {name} in {folder}, {size_of(name)}")
        packages.run(
            [sys.executable, "-m", "venv", "--without-pip", "--clear", str(made)], name, "its Python", progress
        )
        progress(f"2 of 3: installing {', '.join(packages.WANTED[name].packages)}")
        constraints = made / "constraints.txt"
        constraints.write_text(packages.pins(name, version), encoding="utf-8")
        packages.bring(made / "bin" / "python", name, constraints, order.indexes, progress)
        paths = _paths(made, name)
        if paths is None:
            raise NotMade(
                f"The new environment {name!r} has no Python.", mend="Run viva with a Python that has `venv`."
            )
        progress(f"3 of 3: trying it {'in the jail' if order.jail else 'without a jail'}")
        prove(paths, jail=order.jail)
        marker = {"name": name, "lock": packages.digest(name, version), "python": _config(made)["version"]}
        marker |= {"version": version} if version else {}
        (made / _MARKER).write_text(json.dumps(marker) + "\n", encoding="utf-8")
        if (folder / name).exists():
            _discard(folder, folder / name)
        made.rename(folder / name)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def prove(paths: Environment, *, jail: bool = True) -> None:
    """Start an environment in each kind of jail that it is for, and let a fork play a small run through; without a `jail`, only
    start it.

    Raises:
        NotMade: it does not start; says why.
    """
    roles: tuple[Role, ...] = ("candidate", "checker") if paths.framework == "numpy" else ("candidate",)
    for role in roles:
        zygote: Source | None = None
        try:
            zygote = Zygote(role, paths) if jail else Bares(alone=False).start(role, paths)
            zygote.fork(rehearse=True).end()
        except Refused as problem:
            where = "in the jail" if jail else "without a jail"
            raise NotMade(f"It does not start {where}: {problem}.", mend="Run: viva doctor") from problem
        finally:
            if zygote is not None:
                zygote.end()


def _paths(root: Path, name: str) -> Environment | None:
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
    return Environment(
        framework=name,
        python=str(python),
        library=str(library.resolve()),
        version=version,
        site=str(site.resolve()),
    )


def _config(root: Path) -> dict[str, str]:
    rows = (root / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    return {key.strip(): value.strip() for key, _, value in (row.partition("=") for row in rows)}


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
