"""The call of the HTTP API that looks at code while it is typed."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from viva.core.values import Framework
from viva.web.api import Inside
from viva.web.bodies import Body, Key, Text, body_of, described
from viva.web.schema import answered
from viva.web.sending import json_answer
from viva.web.watcher import DiagnosticsJson

router = APIRouter(prefix="/api/v1")


class DiagnosticsBody(Body):
    """Code as it stands in an editor, and the question it is for, whose excluded parts are found too."""

    code: Text
    framework: Framework
    question: Key | None = None


@router.post(
    "/diagnostics",
    summary="What can be said of code while it is typed",
    responses=answered(DiagnosticsJson),
    openapi_extra=described(DiagnosticsBody),
)
async def diagnostics(
    request: Request, house: Inside, body: Annotated[DiagnosticsBody, Depends(body_of(DiagnosticsBody))]
) -> Response:
    """Syntax errors, ruff and viva's rules; kept nowhere, graded never."""
    found = await house.watcher.read(
        request, house.bank, code=body.code, framework=body.framework, question=body.question
    )
    return json_answer({"diagnostics": found})
