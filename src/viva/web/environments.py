"""The calls of the HTTP API about frameworks that code can be run in here: anybody may look, only the operator installs."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from viva.core.errors import NotAllowed
from viva.core.values import Framework
from viva.web.api import Inside
from viva.web.bodies import Body, body_of, described
from viva.web.installing import EnvironmentsJson
from viva.web.schema import answered
from viva.web.sending import json_answer

router = APIRouter(prefix="/api/v1")


class InstallBody(Body):
    """Which environment to install."""

    framework: Framework


@router.get("/environments", summary="Frameworks that code can be run in here", responses=answered(EnvironmentsJson))
async def list_environments(request: Request, house: Inside) -> Response:
    """Every framework, installed or not."""
    rows = await run_in_threadpool(house.installer.rows)
    return json_answer({"environments": rows, "may_install": await house.access.is_operator(request)})


@router.post(
    "/environments",
    status_code=202,
    summary="Install a framework's environment",
    responses=answered(EnvironmentsJson, 202),
    openapi_extra=described(InstallBody),
)
async def install(
    request: Request, house: Inside, body: Annotated[InstallBody, Depends(body_of(InstallBody))]
) -> Response:
    """Starts the installation; how far it is, GET says."""
    if not await house.access.is_operator(request):
        raise NotAllowed("Only the operator of this viva installs environments.", mend="Sign in as operator.")
    rows = await run_in_threadpool(house.installer.rows)
    if not any(row["installed"] for row in rows if row["framework"] == body.framework):
        house.installer.begin(body.framework)
    return json_answer({"environments": await run_in_threadpool(house.installer.rows), "may_install": True}, status=202)
