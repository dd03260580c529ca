"""The questions of an interview, from the copies that the interview keeps. Law: what was asked stays what is judged: a
bank that changes in the middle changes no interview that has begun.
"""

from collections.abc import Mapping
from functools import lru_cache

from viva.bank import load_question, pack, unpack
from viva.core.errors import BrokenRecord
from viva.core.values import Digest, Plan, Question
from viva.interviews.decide import Book
from viva.ports import Bank, Store

_KEPT = 64
"""Questions kept parsed in memory; a question is a few hundred kB at most."""


class Shelf:
    """Reads and keeps questions as blobs under their digests."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._parsed = lru_cache(maxsize=_KEPT)(_parse)

    async def put(self, bank: Bank, id: str) -> Question:
        """Keep a copy of a question of the bank; gives the question.

        Raises:
            NotFound: the bank has no such question.
            AuthorError: its folder is not as it must be.
        """
        content = pack(bank.files(id))
        await self._store.put_blob(content)
        return self._parsed(id, content)[0]

    async def question(self, id: str, digest: Digest) -> tuple[Question, Mapping[str, bytes]]:
        """A kept question and its files.

        Raises:
            BrokenRecord: no copy of it is kept.
        """
        content = await self._store.blob(digest)
        if content is None:
            raise BrokenRecord(f"the question {id!r} ({digest}) of an interview is not kept in this data folder")
        return self._parsed(id, content)

    async def book(self, plan: Plan) -> Book:
        """The questions of a plan, by id."""
        return {step.question: (await self.question(step.question, step.question_digest))[0] for step in plan.steps}


def _parse(id: str, content: bytes) -> tuple[Question, Mapping[str, bytes]]:
    files = unpack(content)
    return load_question(id, files), files
