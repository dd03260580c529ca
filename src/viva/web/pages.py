"""The pages that people read. Law: each can be read without JavaScript; what is done on them goes through the API."""

from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from viva.core.errors import NotFound
from viva.web.access import OPERATOR_COOKIE, SIGNED_IN_SECONDS, VISITOR_COOKIE
from viva.web.api import Inside
from viva.web.bodies import read_bytes
from viva.web.catalogue import read_catalogue
from viva.web.dressing import dressed_interview, dressed_scorecard
from viva.web.sheet import sheet_of

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request, house: Inside) -> Response:
    """What can be practised, and this browser's interviews."""
    operator = await house.access.is_operator(request)
    catalogue = await run_in_threadpool(read_catalogue, house.bank)
    may_practise = operator or house.access.open_practice
    values = {
        "catalogue": catalogue,
        "may_practise": may_practise,
        "broken": catalogue.broken if operator else (),
        "has_password": house.access.has_password,
        "operator": operator,
    }
    answer = house.pages.answer(request, "home.html", values)
    if may_practise and not operator and VISITOR_COOKIE not in request.cookies:
        _cookie(house, answer, VISITOR_COOKIE, house.access.new_visitor(), seconds=365 * 24 * 3600)
    return answer


@router.get("/interviews/{id}")
async def interview(id: str, request: Request, house: Inside) -> Response:
    """The briefing until the candidate agrees, then the room."""
    state = dressed_interview(await house.desk.view(id))
    values = {"i": state, "jailed": not house.desk.practice_only}
    return house.pages.answer(request, "room.html" if state["agreed"] else "briefing.html", values)


@router.get("/interviews/{id}/scorecard")
async def scorecard(id: str, request: Request, house: Inside) -> Response:
    """The scorecard as a page."""
    card = dressed_scorecard(await house.desk.scorecard(id))
    return house.pages.answer(request, "scorecard.html", {"card": card, "sheet": sheet_of(card)})


@router.get("/operator")
async def operator(request: Request, house: Inside) -> Response:
    """Where the operator signs in."""
    if not house.access.has_password:
        raise NotFound("There is no such page.", mend="Go back to the first page.")
    values = {"signed_in": await house.access.is_operator(request), "wrong": False}
    return house.pages.answer(request, "operator.html", values)


@router.post("/operator")
async def sign_in(request: Request, house: Inside) -> Response:
    """Takes the password from the form and gives a cookie."""
    form = parse_qs((await read_bytes(request, 8 * 1024)).decode("utf-8", "replace"))
    if not await house.access.is_password(form.get("password", [""])[0]):
        return house.pages.answer(request, "operator.html", {"signed_in": False, "wrong": True}, status=403)
    answer = RedirectResponse("/", status_code=303)
    _cookie(house, answer, OPERATOR_COOKIE, house.access.sign_in(), seconds=SIGNED_IN_SECONDS)
    return answer


@router.post("/operator/out")
async def sign_out() -> Response:
    """Takes the cookie away."""
    answer = RedirectResponse("/", status_code=303)
    answer.delete_cookie(OPERATOR_COOKIE)
    return answer


def _cookie(house: Inside, answer: Response, name: str, value: str, *, seconds: int) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, httponly=True, samesite="lax", secure=house.access.secure_cookies, path="/"
    )
