"""The HTTP API of CONTRACTS 4: what a candidate does. A write answers when it is durable, never when it is judged."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field, model_validator
from starlette.responses import Response

from viva.core.values import Dimension, Framework
from viva.interviews.desk import Appeal
from viva.ports import Person
from viva.web.api import Inside, Prefer, written
from viva.web.bodies import Body, Key, Text, body_of, described
from viva.web.sending import json_answer

router = APIRouter(prefix="/api/v1/interviews/{id}")

MoveName = Literal["agree", "hint", "next", "repeat", "pause", "resume", "finish", "person", "appeal"]
TIME_FACTORS = (1.0, 1.25, 1.5, 2.0)
"""What a time limit can be multiplied by; the fifth choice is no limit."""


class MessageBody(Body):
    """A candidate's message."""

    text: Text
    key: Key
    question: Key | None = None

    @model_validator(mode="after")
    def _something(self) -> "MessageBody":
        if not self.text.strip():
            raise ValueError("a message has at least one visible character")
        return self


class DraftBody(Body):
    """What stands unsent. `n` only grows, per editor or chat, question and framework."""

    text: Text
    n: Annotated[int, Field(ge=0, lt=2**53, strict=True)]
    of: Literal["editor", "chat"]
    question: Key | None = None
    framework: Framework | None = None


class RunBody(Body):
    """Code to try on the visible checks."""

    code: Text
    framework: Framework
    key: Key
    question: Key | None = None


class AttemptBody(Body):
    """Code (with its framework) or words, handed in."""

    code: Text | None = None
    text: Text | None = None
    framework: Framework | None = None
    key: Key
    question: Key | None = None

    @model_validator(mode="after")
    def _code_or_text(self) -> "AttemptBody":
        if (self.code is None) == (self.text is None):
            raise ValueError("send either code or text")
        if (self.code is None) != (self.framework is None):
            raise ValueError("code comes with its framework, text without one")
        return self


class MoveBody(Body):
    """A button. An appeal also says of which question and dimension, and why."""

    kind: MoveName
    key: Key
    question: Key | None = None
    dimension: Dimension | None = None
    text: Text | None = None

    @model_validator(mode="after")
    def _appeal_is_whole(self) -> "MoveBody":
        appealing = (self.question, self.dimension, self.text)
        if self.kind == "appeal" and (None in appealing or not (self.text or "").strip()):
            raise ValueError("an appeal names question, dimension and text")
        if self.kind != "appeal" and appealing != (None, None, None):
            raise ValueError("only an appeal has question, dimension and text")
        return self


class ProfileBody(Body):
    """Who takes this interview, all of it optional; kept apart from the record. `time_factor` null is without a limit."""

    name: Annotated[Text, Field(description="at most 200 characters")] = ""
    email: Annotated[Text, Field(description="at most 200 characters")] = ""
    time_factor: Annotated[float | None, Field(description="1, 1.25, 1.5, 2 or null")] = 1.0

    @model_validator(mode="after")
    def _known(self) -> "ProfileBody":
        if self.time_factor not in {None, *TIME_FACTORS}:
            raise ValueError("time_factor is 1, 1.25, 1.5, 2 or null")
        if len(self.name) > 200 or len(self.email) > 200:
            raise ValueError("name and email have at most 200 characters")
        return self


@router.post("/messages", status_code=202, summary="Say something", openapi_extra=described(MessageBody))
async def message(
    id: str, house: Inside, body: Annotated[MessageBody, Depends(body_of(MessageBody))], prefer: Prefer = None
) -> Response:
    """A message to the interviewer."""
    receipt = await house.desk.message(id, body.text, body.key, question=body.question)
    return await written(house, id, prefer, {"seq": receipt.seq})


@router.put("/draft", summary="Keep what stands unsent", openapi_extra=described(DraftBody))
async def draft(id: str, house: Inside, body: Annotated[DraftBody, Depends(body_of(DraftBody))]) -> Response:
    """Autosave: 409 with the stored draft where `n` is not above it."""
    text = (body.of, body.text, body.n)
    saved = await house.desk.draft(id, text, question=body.question, framework=body.framework)
    return json_answer({"n": saved.n, "at": saved.at.isoformat()})


@router.post("/runs", status_code=202, summary="Try code on the visible checks", openapi_extra=described(RunBody))
async def run(
    id: str, house: Inside, body: Annotated[RunBody, Depends(body_of(RunBody))], prefer: Prefer = None
) -> Response:
    """Runs the visible checks; never graded."""
    receipt = await house.desk.run(id, body.code, body.framework, body.key, question=body.question)
    return await written(house, id, prefer, {"seq": receipt.seq})


@router.post("/attempts", status_code=202, summary="Hand in", openapi_extra=described(AttemptBody))
async def attempt(
    id: str, house: Inside, body: Annotated[AttemptBody, Depends(body_of(AttemptBody))], prefer: Prefer = None
) -> Response:
    """Hands in an attempt; `id` names one of code (words become an attempt when their question is left)."""
    content = body.code if body.code is not None else body.text or ""
    receipt, digest = await house.desk.attempt(id, content, body.framework, body.key, question=body.question)
    answer = {"seq": receipt.seq} if digest is None else {"seq": receipt.seq, "id": digest}
    return await written(house, id, prefer, answer)


@router.post("/moves", status_code=202, summary="Press a button", openapi_extra=described(MoveBody))
async def move(
    id: str, house: Inside, body: Annotated[MoveBody, Depends(body_of(MoveBody))], prefer: Prefer = None
) -> Response:
    """Agree, hint, next, repeat, pause, resume, finish, person, or an appeal."""
    receipt = await house.desk.move(id, body.kind, body.key, appeal=_appeal(body))
    return await written(house, id, prefer, {"seq": receipt.seq})


def _appeal(body: MoveBody) -> Appeal | None:
    if body.question is None or body.dimension is None or body.text is None:
        return None
    return Appeal(question=body.question, dimension=body.dimension, text=body.text)


@router.put("/profile", summary="Who takes this interview", openapi_extra=described(ProfileBody))
async def profile(id: str, house: Inside, body: Annotated[ProfileBody, Depends(body_of(ProfileBody))]) -> Response:
    """Name, address and more time, before `agree`; kept apart from the record."""
    await house.desk.profile(id, Person(name=body.name, email=body.email, time_factor=body.time_factor))
    return json_answer({"saved": True})
