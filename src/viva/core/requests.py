"""What must be found out. Law: a request is named by its content, `tries` included, so that evidence is never taken for
another request's and a second try is another request."""

from dataclasses import dataclass, fields
from typing import Any

from viva.core.values import Digest, Which, canonical_json, digest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunChecks:
    """Run the checks of a question on an attempt or on a run. `of` is the attempt's digest, or `run:SEQ` for a run."""

    question: Digest
    of: str
    which: Which
    seed: str
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureCost:
    """Measure CPU time and memory of an attempt beside the reference at these sizes."""

    question: Digest
    of: str
    sizes: tuple[int, ...]
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectCode:
    """Read the code of an attempt for craft."""

    question: Digest
    of: str
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPoints:
    """Judge the points of a question's rubric in a text. `of` is the attempt's digest, or `so-far:SEQ`."""

    question: Digest
    of: str
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTurn:
    """Tell what a message does. `message` is its sequence number; `before` is what viva said last."""

    message: int
    before: str
    text: str
    tries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskModel:
    """Ask a language model. `prompt` names a prompt by digest, `inputs` fill it, `schema` is what the reply must obey."""

    prompt: Digest
    inputs: tuple[tuple[str, str], ...]
    schema: str
    token_budget: int
    tries: int = 0


Request = RunChecks | MeasureCost | InspectCode | MatchPoints | ReadTurn | AskModel
SandboxRequest = RunChecks | MeasureCost


def request_digest(request: Request) -> Digest:
    """The name under which evidence for `request` is recorded."""
    content: dict[str, Any] = {field.name: getattr(request, field.name) for field in fields(request)}
    return digest_of(type(request).__name__, canonical_json(content))
