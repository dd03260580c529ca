"""The job of one run, as the supervisor sends it: the question's files, the candidate's bytes, seed and budget."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from . import frames

_FOLDERS = ("data", "hidden")


class NotAJob(Exception):
    """The frame is none; the supervisor and the checker are of different versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run. `which` is "all" or "visible"; `cpu_seconds` the whole run's budget; `files` are data/* and hidden/*;
    `forbid` dotted names that the attempt may not use; `reference` is the question's own solution where its cost is to be
    measured beside the attempt's."""

    question: str
    which: str
    seed: str
    framework: str
    cpu_seconds: float
    checks: str
    given: bytes | None
    code: bytes
    reference: bytes | None
    files: dict[str, bytes]
    forbid: tuple[str, ...]

    def write_data(self, folder: Path) -> None:
        """Put data/ and hidden/ under `folder`, which is made."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def of(frame: frames.Frame) -> Job:
    """The job that a frame describes.

    Raises:
        NotAJob: a field is missing or of another type, sizes do not add up, or a file lies elsewhere than data/ or hidden/.
    """
    meta = frame.meta
    try:
        if meta["op"] != "job" or meta["which"] not in ("all", "visible"):
            raise NotAJob(f"unknown op or which: {meta.get('op')!r}, {meta.get('which')!r}")
        files, code = _split(frame)
        reference = meta.get("reference_bytes")
        return Job(
            question=str(meta["question"]),
            which=meta["which"],
            seed=str(meta["seed"]),
            framework=str(meta["framework"]),
            cpu_seconds=float(meta["budget"]["cpu_seconds"]),
            checks=files.pop("checks.py").decode("utf-8"),
            given=files.pop("given.py", None),
            code=code if reference is None else code[: len(code) - reference],
            reference=None if reference is None else code[len(code) - reference :],
            files={name: _inside(name, content) for name, content in files.items()},
            forbid=tuple(str(name) for name in meta.get("forbid", ())),
        )
    except (ArithmeticError, KeyError, TypeError, ValueError) as problem:
        raise NotAJob(f"a job lacks a field or has a wrong one: {problem!r}") from problem


def _split(frame: frames.Frame) -> tuple[dict[str, bytes], bytes]:
    files: dict[str, bytes] = {}
    at = 0
    for name, count in frame.meta["files"]:
        files[name] = frame.body[at : at + count]
        at += count
    code = frame.body[at:]
    named = frame.meta["code_bytes"] + frame.meta.get("reference_bytes", 0)
    if len(code) != named:
        raise NotAJob(f"{len(code)} bytes are left for the code, {named} were named")
    return files, code


def _inside(name: str, content: bytes) -> bytes:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or len(path.parts) < 2 or path.parts[0] not in _FOLDERS:
        raise NotAJob(f"the file {name!r} is neither under data/ nor under hidden/")
    return content
