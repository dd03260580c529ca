"""What an environment is made of: the packages asked for, the versions they are pinned to, and pip's run that brings them.

Law: pip's own settings say where packages come from unless indexes are named; what would bring gigabytes for graphics cards
is stopped as soon as pip names the first of them, before it is installed.
"""

import hashlib
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from viva.core.errors import OperatorError

_LOCKS = Path(__file__).resolve().parent / "locks"
_ENSUREPIP = "Give viva's Python its pip back: python -m ensurepip"
_NAME_AN_INDEX = "If packages were not found, name an index: viva env install {name} --index URL"
_FOR_CARDS = re.compile(
    r"^\s*(?:Collecting|Obtaining dependency information for|Processing \S*/)\s*(nvidia|cuda|triton)\b"
)
_CPU_INDEXES = "--index https://pypi.org/simple --index https://download.pytorch.org/whl/cpu"

Progress = Callable[[str], None]


class NotMade(OperatorError):
    """An environment could not be made; nothing of it is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of the resolver for an environment, whose lock pins everything else. `size` is what it takes on the
    disk, in words; the first package is the one whose version can be chosen."""

    packages: tuple[str, ...]
    size: str


WANTED = {
    "jax": Wanted(packages=("jax", "jaxlib", "numpy", "scipy", "optax"), size="about 600 MB"),
    "numpy": Wanted(packages=("numpy", "scipy", "scikit-learn", "pandas", "matplotlib"), size="about 480 MB"),
    "tensorflow": Wanted(packages=("tensorflow", "numpy", "scipy"), size="about 2.3 GB"),
    "torch": Wanted(
        packages=("torch", "numpy", "scipy", "transformers", "tokenizers", "safetensors", "scikit-learn"),
        size="about 1.4 GB",
    ),
}


def pins(name: str, version: str | None = None) -> str:
    """The constraints that an environment is made under: its lock as shipped, or with another `version` of its framework,
    whose own needs are then the resolver's choice."""
    text = (_LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    if version is None:
        return text
    first, *others = WANTED[name].packages
    kept = [line for line in text.splitlines() if line.partition("==")[0] in others]
    return "\n".join([f"{first}=={version}", *kept]) + "\n"


def digest(name: str, version: str | None = None) -> str:
    """`sha256:…` of those constraints."""
    return "sha256:" + hashlib.sha256(pins(name, version).encode()).hexdigest()


def bring(python: Path, name: str, constraints: Path, indexes: tuple[str, ...], progress: Progress) -> None:
    """Install an environment's packages for `python`; the first of `indexes` replaces pip's own, others come beside it.

    Raises:
        NotMade: pip failed, or packages for graphics cards would come.
    """
    options = ["--no-input", "--only-binary=:all:", "--constraint", str(constraints)]
    for at, index in enumerate(indexes):
        options += ["--extra-index-url" if at else "--index-url", index]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(python), "install"]
    run([*pip, *options, *WANTED[name].packages], name, "its packages", progress)


def run(arguments: list[str], name: str, what: str, progress: Progress) -> None:
    """Run one step of making an environment, its lines to `progress`.

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
            if _FOR_CARDS.match(line):
                process.kill()
                raise _too_much(name, line.strip())
    if process.returncode != 0:
        last = "; ".join(said[-4:])
        mend = _ENSUREPIP if "No module named pip" in last else _NAME_AN_INDEX.format(name=name)
        raise NotMade(f"The environment could not get {what}: {last}.", mend=mend)


def _too_much(name: str, line: str) -> NotMade:
    return NotMade(
        f"This index would bring {name} with its packages for graphics cards, about 3 GB to download and 7 GB on the disk;"
        f" viva judges on the CPU. Stopped at: {line[:100]}.",
        mend=f"Name an index with a build for the CPU: viva env install {name} {_CPU_INDEXES}",
    )
