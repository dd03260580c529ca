"""The HTTP API of CONTRACTS 4: reading and opening. Every answer is made by the desk; here it is only put on the wire."""

import re
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from pydantic import Field, model_validator
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from viva.core.errors import CandidateError
from viva.core.values import Mode
from viva.interviews.opening import Order
from viva.interviews.views import InterviewJson, ScorecardJson
from viva.web.bodies import Body, Key, body_of, described
from viva.web.catalogue import read_catalogue
from viva.web.dressing import dressed_interview, dressed_scorecard
from viva.web.house import House, house_of
from viva.web.schema import answered
from viva.web.sending import json_answer

router = APIRouter(prefix="/api/v1")
Inside = Annotated[House, Depends(house_of)]

LONGEST_WAIT_SECONDS = 30.0
_WAIT = re.compile(r"(?:^|[,;\s])wait\s*=\s*\"?(\d{1,4})\"?", re.IGNORECASE)


def wait_seconds(prefer: str | None) -> float:
    """How long `Prefer: wait=N` asks to wait, at most `LONGEST_WAIT_SECONDS`; 0 without it (RFC 7240)."""
    found = _WAIT.search(prefer or "")
    return min(float(found[1]), LONGEST_WAIT_SECONDS) if found else 0.0


Prefer = Annotated[
    str | None, Header(description="`wait=N`: answer when viva waits for the candidate, or after N seconds")
]


class OpenBody(Body):
    """What is to be opened: a track or a question. `seed` makes a practice repeatable."""

    track: Key | None = None
    question: Key | None = None
    mode: Mode
    seed: Annotated[int, Field(ge=0, lt=2**63, strict=True)] | None = None
    key: Key

    @model_validator(mode="after")
    def _one_of_both(self) -> "OpenBody":
        if (self.track is None) == (self.question is None):
            raise ValueError("name either a track or a question")
        return self


@router.get("/tracks", summary="Tracks that can be practised")
async def tracks(house: Inside) -> Response:
    """Every track as anybody may see it."""
    catalogue = await run_in_threadpool(read_catalogue, house.bank)
    return json_answer({"tracks": catalogue.tracks})


@router.get("/questions", summary="Questions that are open to everybody")
async def questions(house: Inside) -> Response:
    """Every open question in the candidate's view."""
    catalogue = await run_in_threadpool(read_catalogue, house.bank)
    return json_answer({"questions": catalogue.questions})


@router.post("/interviews", status_code=201, summary="Open an interview", openapi_extra=described(OpenBody))
async def open_interview(
    request: Request, house: Inside, body: Annotated[OpenBody, Depends(body_of(OpenBody))]
) -> Response:
    """Opens an interview; the same key gives the same one. `id` is its token: whoever has it, has the interview."""
    await house.access.may_open(request, body.mode)
    scope = await house.access.opening_scope(request)
    order = Order(track=body.track, question=body.question, mode=body.mode, seed=body.seed, key=body.key, scope=scope)
    opening = await house.desk.open(order)
    url = f"/interviews/{opening.id}"
    return json_answer({"id": opening.id, "url": url}, 201, {"Location": url})


@router.get("/interviews/{id}", summary="The state of an interview", responses=answered(InterviewJson))
async def interview(id: str, house: Inside, prefer: Prefer = None) -> Response:
    """The whole state; what viva said and the statement also as HTML (`html`, `statement_html`)."""
    await settled(house, id, prefer)
    return json_answer(dressed_interview(await house.desk.view(id)))


@router.get("/interviews/{id}/scorecard", summary="Grades with their evidence", responses=answered(ScorecardJson))
async def scorecard(id: str, house: Inside, prefer: Prefer = None) -> Response:
    """Every grade with what it rests on, as far as the mode shows it."""
    await settled(house, id, prefer)
    return json_answer(dressed_scorecard(await house.desk.scorecard(id)))


@router.get("/interviews/{id}/events", summary="The live record as server-sent events")
async def events(
    id: str,
    house: Inside,
    after: Annotated[str, Query(description="the last seq that is known")] = "0",
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """`id:` is the seq, `event:` the kind; a browser that comes back sends Last-Event-ID."""
    await house.desk.view(id)  # a wrong token is a 404, not an empty stream
    return house.streams.answer(house.desk.events(id, _seq(last_event_id or after)))


def _seq(text: str) -> int:
    if not re.fullmatch(r"\d{1,15}", text):
        raise CandidateError(
            "'after' and Last-Event-ID are the seq of an event.", mend="Send a whole number, or nothing."
        )
    return int(text)


async def settled(house: House, id: str, prefer: str | None) -> Literal[True] | None:
    """Wait as the client prefers; True if it asked for it."""
    seconds = wait_seconds(prefer)
    if not seconds:
        return None
    await house.desk.settle(id, seconds)
    return True


async def written(house: House, id: str, prefer: str | None, answer: dict[str, Any]) -> Response:
    """The answer to a write: 202 at once; where the client prefers to wait, with the state that it waited for."""
    if await settled(house, id, prefer) is None:
        return json_answer(answer, 202)
    answer["interview"] = dressed_interview(await house.desk.view(id))
    return json_answer(answer, 202, {"Preference-Applied": "wait"})
