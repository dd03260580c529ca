"""What a plug is given for a request: the question, its files and the code or text in question. Law: nothing about who
the candidate is can be in it, for it is made from the record alone."""

from dataclasses import dataclass

from viva.core.errors import BrokenRecord
from viva.core.look import all_attempts
from viva.core.requests import AskModel, ReadTurn, Request
from viva.core.state import State
from viva.core.values import Digest, Framework, Step
from viva.interviews.decide import Book
from viva.interviews.shelf import Shelf
from viva.ports import Material


@dataclass(frozen=True, slots=True)
class Materials:
    """Finds the material of a request."""

    shelf: Shelf

    async def of(self, state: State, book: Book, request: Request) -> Material:
        """The material of `request`.

        Raises:
            BrokenRecord: the request names an attempt, a run or a question that the record does not have.
        """
        if isinstance(request, AskModel):
            raise BrokenRecord("AskModel carries its own inputs")
        if isinstance(request, ReadTurn):
            return await self._message(state, request)
        framework, content = _content(state, request.of)
        step = _step(state, request.question)
        question, files = await self.shelf.question(step.question, step.question_digest)
        practice = state.opened.mode == "practice"
        return Material(question=question, files=files, framework=framework, content=content, practice=practice)

    async def _message(self, state: State, request: ReadTurn) -> Material:
        index = next((message.step for message in state.messages if message.seq == request.message), None)
        step = state.steps[index or 0].step
        question, files = await self.shelf.question(step.question, step.question_digest)
        return Material(question=question, files=files, framework=None, content=request.text)


def _step(state: State, digest: Digest) -> Step:
    for entry in state.steps:
        if entry.step.question_digest == digest:
            return entry.step
    raise BrokenRecord(f"no question of the interview has the digest {digest}")


def _content(state: State, of: str) -> tuple[Framework | None, str]:
    for run in state.runs:
        if of == f"run:{run.seq}":
            return run.framework, run.code
    for entry in all_attempts(state):
        if of == entry.attempt.digest:
            return entry.attempt.framework, entry.attempt.content
    raise BrokenRecord(f"the record has no attempt or run {of!r}")
