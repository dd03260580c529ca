"""One interview as this process holds it: its state so far, and what is under way. Law: nothing here is worth keeping;
after a crash all of it is made again from the record.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from viva.core.requests import MeasureCost, ReadTurn, Request
from viva.core.state import State
from viva.core.values import Digest, Draft
from viva.interviews.decide import Book
from viva.ports import SavedDraft


@dataclass(eq=False, slots=True, kw_only=True)
class Live:
    """One interview in this process: its state so far, its questions, and what is under way; `measuring` are those of the
    `tasks` that observe a cost and may be ended for a run."""

    name: str
    state: State
    book: Book
    pending: dict[Digest, Request] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    idle_at: int = 0
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    measuring: dict[Digest, asyncio.Task[None]] = field(default_factory=dict)
    driving: asyncio.Task[None] | None = None

    @property
    def idle(self) -> bool:
        """Whether viva has done all it could for the record as it stands."""
        return self._caught_up and not self.pending

    @property
    def answered(self) -> bool:
        """Whether viva has done all that the candidate waits for: while a question is open, that is all but measuring."""
        going_on = self.state.open_step is not None and not self.state.finishing
        measuring = all(isinstance(request, MeasureCost) for request in self.pending.values())
        return self.idle or (self._caught_up and going_on and measuring)

    @property
    def spoken(self) -> bool:
        """Whether viva has read and said all it can; code may still be running."""
        reading = any(isinstance(request, ReadTurn) for request in self.pending.values())
        return self._caught_up and not reading

    @property
    def _caught_up(self) -> bool:
        """Whether nothing in the record waits for a decision: after the end nothing does, whatever is appended."""
        return self.state.closed is not None or self.idle_at == self.state.length


def unsent(live: Live, saved: Sequence[SavedDraft]) -> tuple[Draft, ...]:
    """Unsent work at the open question, of `saved` (newest first): the newest editor text that is neither a starter nor
    handed in already, and the unsent message."""
    step = live.state.open_step
    if step is None:
        return ()
    question = live.book[step.step.question]
    handed_in = {entry.attempt.content for entry in live.state.attempts} | set(dict(question.starters).values())
    said = {message.text.strip() for message in live.state.messages}
    kept: dict[str, Draft] = {}
    for entry in saved:
        draft = entry.draft
        if draft.question != question.id or draft.of in kept or not draft.text.strip():
            continue
        known = draft.text.strip() in said if draft.of == "chat" else draft.text in handed_in
        if not known:
            kept[draft.of] = draft
    return tuple(kept.values())
