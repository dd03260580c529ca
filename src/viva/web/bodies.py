"""Bodies that come in. Law: any bytes are data: what is not UTF-8, not JSON, too long or too deep gets a clear answer, and
lone surrogates and null characters inside strings are characters like others."""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, WithJsonSchema
from starlette.requests import Request

from viva.core.errors import TooLarge
from viva.web import problems

TEXT_BYTES = 256 * 1024
"""The most that one text (message, code, draft) may have, in bytes of UTF-8."""
BODY_BYTES = 1024 * 1024
"""The most that one body may have; more than a text, because JSON escapes."""
DEPTH = 8
"""How deep JSON may nest."""
_DRAIN_BYTES = 16 * 1024 * 1024


def _checked_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a string")
    if len(value) > TEXT_BYTES or len(value.encode("utf-8", "surrogatepass")) > TEXT_BYTES:
        raise TooLarge(
            f"A text may have {TEXT_BYTES // 1024} KiB; this one has more.", mend="Send less; nothing was kept of it."
        )
    return value


def _checked_key(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 200:
        raise ValueError("must be a string of 1 to 200 characters")
    return value


Text = Annotated[str, PlainValidator(_checked_text), WithJsonSchema({"type": "string", "maxLength": TEXT_BYTES})]
"""Any text up to `TEXT_BYTES`; lone surrogates and null characters are characters."""
Key = Annotated[str, PlainValidator(_checked_key), WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200})]
"""A client's own name for a write, so that sending it twice does it once; also any other short name."""


class Body(BaseModel):
    """A body that a call takes; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


BodyT = TypeVar("BodyT", bound=Body)


async def read_bytes(request: Request, limit: int = BODY_BYTES) -> bytes:
    """The body. What is over the limit is read on for a while and thrown away, so that a client that sends before it
    listens gets the answer too.

    Raises:
        TooLarge: it is longer than `limit`.
    """
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= limit:
            chunks.append(chunk)
        elif size > _DRAIN_BYTES:
            break
    if size > limit:
        raise TooLarge(f"A body may have {limit // 1024} KiB; this one has more.", mend="Send less at once.")
    return b"".join(chunks)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _depth_within(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(_depth_within(item, left - 1) for item in value.values())
    if isinstance(value, list):
        return left > 0 and all(_depth_within(item, left - 1) for item in value)
    return True


def parse(raw: bytes) -> Any:
    """The JSON value in these bytes.

    Raises:
        NotJson: they are not UTF-8, not JSON, or nest deeper than `DEPTH`.
    """
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise problems.NotJson(
            f"The body is not UTF-8: byte {error.start} does not fit.", mend="Send JSON encoded as UTF-8."
        ) from error
    except RecursionError as error:
        raise problems.NotJson(
            f"The body nests deeper than {DEPTH}.", mend="Send the shape in openapi.json."
        ) from error
    except ValueError as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise problems.NotJson(f"The body is not JSON{where}.", mend="Send one JSON object.") from error
    if not _depth_within(value, DEPTH):
        raise problems.NotJson(f"The body nests deeper than {DEPTH}.", mend="Send the shape in openapi.json.")
    return value


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _places(error: ValidationError) -> list[dict[str, str]]:
    """Where a body is wrong, in words; what was sent is left out."""
    return [
        {
            "at": ".".join(str(part) for part in item["loc"]).encode("ascii", "backslashreplace").decode()[:200]
            or "body",
            "says": item["msg"].removeprefix("Value error, "),
        }
        for item in error.errors(include_url=False, include_input=False, include_context=False)[:20]
    ]


def body_of(model: type[BodyT]) -> Callable[[Request], Any]:
    """A dependency that reads, limits, parses and validates a body.

    Raises (the dependency):
        WrongType, TooLarge, NotJson, Invalid.
    """

    async def read(request: Request) -> BodyT:
        if _media_type(request) != "application/json":
            raise problems.WrongType("This call takes JSON.", mend="Send the header Content-Type: application/json.")
        value = parse(await read_bytes(request))
        try:
            return model.model_validate(value)
        except ValidationError as error:
            places = _places(error)
            raise problems.Invalid(
                f"The body is not what this call takes: {places[0]['at']}: {places[0]['says']}.",
                mend="The shape of every call is in /api/v1/openapi.json.",
                errors=places,
            ) from error

    return read


def described(model: type[Body]) -> dict[str, Any]:
    """What `openapi.json` says of such a body."""
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
