"""Errors as RFC 9457 problem details, and as pages. Law: an answer says what happened and what to do, and never repeats
what was sent: neither a token, nor an answer, nor a name."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from starlette.responses import Response

from viva.core.errors import AuthorError, CandidateError, OperatorError, StaleDraft, VivaError
from viva.web.sending import json_bytes

MEDIA_TYPE = "application/problem+json"


class Invalid(CandidateError):
    """A body that is JSON but not what this call takes; `errors` says where."""

    status = 422
    type = "invalid"

    def __init__(self, says: str, *, mend: str = "", errors: Sequence[Mapping[str, str]] = ()) -> None:
        super().__init__(says, mend=mend)
        self.errors = [dict(error) for error in errors]


class NotJson(CandidateError):
    """A body that is no JSON."""

    type = "not-json"


class WrongType(CandidateError):
    """A body of another media type."""

    status = 415
    type = "media-type"


class WrongHost(CandidateError):
    """A Host header that is not ours."""

    status = 421
    type = "host"


def title_of(status: int) -> str:
    """The standard phrase of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def told(error: VivaError) -> VivaError:
    """What an outsider is told: an error of the candidate's or operator's as it is, any other without its words, which
    may name files or rows of ours."""
    if isinstance(error, CandidateError | OperatorError) or error.status < 500:
        return error
    if isinstance(error, AuthorError):
        return VivaError(
            "What was asked for is not as it must be in the bank.",
            mend="Whoever runs this viva sees why: viva bank check.",
        )
    return unexpected()


def unexpected() -> VivaError:
    """The error for what should not have happened."""
    return VivaError(
        "Something went wrong on our side.",
        mend="What was acknowledged as saved is kept. Try again; if it stays, tell whoever runs this viva.",
    )


def problem(error: VivaError, headers: Mapping[str, str] | None = None) -> Response:
    """The problem details of an error; `detail` is its sentence, `mend` what to do."""
    body: dict[str, object] = {
        "type": error.type,
        "title": title_of(error.status),
        "status": error.status,
        "detail": error.says,
        "mend": error.mend,
    }
    if isinstance(error, StaleDraft):
        body["draft"] = {"text": error.text, "n": error.n}
    if isinstance(error, Invalid):
        body["errors"] = error.errors
    return Response(json_bytes(body), status_code=error.status, media_type=MEDIA_TYPE, headers=dict(headers or {}))
