"""Opening an interview: choosing its questions, drawing its seeds. The only place where chance enters a record."""

import hashlib
import random
import secrets
from dataclasses import dataclass

from viva.core.errors import NotAllowed, NotFound
from viva.core.events import Opened
from viva.core.values import Mode, Plan, Question, Step
from viva.interviews.shelf import Shelf
from viva.ports import Bank, Pool

SCREENING_ATTEMPTS = 5
"""Scored attempts at a question of a screening, where its track says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be opened: exactly one of `track` and `question`. `scope` is who may reuse `key`."""

    mode: Mode
    key: str
    scope: str
    track: str | None = None
    question: str | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """An opened interview: its token, and whether it is new."""

    id: str
    fresh: bool


async def opened(order: Order, bank: Bank, shelf: Shelf) -> Opened:
    """The first event of an interview.

    Raises:
        NotFound: no such track or question, or neither was named.
        NotAllowed: a candidate's seed in a screening.
        AuthorError: a question is not as it must be.
    """
    if order.seed is not None and order.mode != "practice":
        raise NotAllowed("A seed may be chosen in practice only.", mend="Leave `seed` out.")
    seed = secrets.randbits(63) if order.seed is None else order.seed
    hidden = secrets.token_hex(16) if order.seed is None else _derived(order.seed)
    plan = await _track_plan(order, seed, bank, shelf) if order.track else await _single_plan(order, bank, shelf)
    return Opened(mode=order.mode, plan=plan, seed=seed, hidden_seed=hidden, pseudonym=_pseudonym())


async def _single_plan(order: Order, bank: Bank, shelf: Shelf) -> Plan:
    if order.question is None:
        raise NotFound("Nothing to open was named.", mend="Name a `track` or a `question`.")
    question = await shelf.put(bank, order.question)
    pool = Pool(questions=(question.id,), minutes=question.minutes, attempts=None, required=True)
    step = _step(question, pool, order.mode)
    return Plan(track="", title=question.title, minutes=question.minutes, allowed="docs", steps=(step,))


async def _track_plan(order: Order, seed: int, bank: Bank, shelf: Shelf) -> Plan:
    track = bank.track(order.track or "")
    draw = random.Random(seed)  # noqa: S311 - the seed is recorded and meant to be repeatable
    taken: set[str] = set()
    steps: list[Step] = []
    for pool in track.steps:
        choices = [id for id in pool.questions if id not in taken] or list(pool.questions)
        question = await shelf.put(bank, draw.choice(choices))
        taken.add(question.id)
        steps.append(_step(question, pool, order.mode))
    return Plan(track=track.id, title=track.title, minutes=track.minutes, allowed=track.allowed, steps=tuple(steps))


def _step(question: Question, pool: Pool, mode: Mode) -> Step:
    default = None if mode == "practice" else SCREENING_ATTEMPTS
    return Step(
        question=question.id,
        question_digest=question.digest,
        title=question.title,
        kind=question.kind,
        minutes=pool.minutes,
        attempts=pool.attempts if pool.attempts is not None else default,
    )


def _derived(seed: int) -> str:
    return hashlib.sha256(f"practice seed {seed}".encode()).hexdigest()[:32]


def _pseudonym() -> str:
    return "candidate " + secrets.token_hex(3)
