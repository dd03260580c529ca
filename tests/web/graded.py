"""A data folder with one finished interview in words, graded from verdicts that stand here, for pages to be looked at."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path

from tests.interviews.house import HandClock, house
from viva.core.evidence import Evidence, Matches, PointMatch, PointVerdict
from viva.core.requests import MatchPoints
from viva.core.values import Mode
from viva.ports import Material
from viva.store.sqlite import SqliteStore

FIRST = (
    "Every token makes a query, a key and a value with three learned matrices. The query of a token is compared with all "
    "the keys by a dot product. A softmax turns these scores into weights.\n\nDividing by the root of d makes it faster, and "
    "there are several heads."
)
SECOND = "Ah, and the future is hidden in a decoder. It may know the order somehow."

VERDICTS: tuple[tuple[str, PointVerdict, str], ...] = (
    ("projections", "said", "Every token makes a query, a key and a value with three learned matrices."),
    ("compare", "said", "The query of a token is compared with all the keys by a dot product."),
    ("softmax", "partly", "A softmax turns these scores into weights."),
    ("mix", "missing", ""),
    ("scale", "wrong", "Dividing by the root of d makes it faster, and there are several heads."),
    ("heads", "partly", "Dividing by the root of d makes it faster, and there are several heads."),
    ("heads-join", "missing", ""),
    ("mask", "said", "Ah, and the future is hidden in a decoder."),
    ("order", "unsure", "It may know the order somehow."),
    ("cost", "missing", ""),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A plug of `MatchPoints` that answers with `VERDICTS`."""

    async def __call__(self, request: MatchPoints, material: Material) -> Evidence:
        """The verdicts, with their quotes found in the text."""
        held = _match(material.content, "scale-speed", "wrong", "Dividing by the root of d makes it faster")
        known = [one.id for one in material.question.rubric.misconceptions]
        return Matches(
            points=tuple(_match(material.content, *verdict) for verdict in VERDICTS),
            misconceptions=tuple(held if id == held.point else _match(material.content, id, "missing", "") for id in known),
            model="told by a test",
        )  # fmt: skip


def _match(text: str, point: str, verdict: PointVerdict, quote: str) -> PointMatch:
    sure = {"said": 0.94, "partly": 0.81, "wrong": 0.04, "unsure": 0.55, "missing": 0.03}[verdict]
    place = (text.index(quote), text.index(quote) + len(quote)) if quote else None
    return PointMatch(point=point, verdict=verdict, probability=sure, quote=place)


def graded(data: Path, bank: Path, mode: Mode = "practice", *, track: bool = False) -> str:
    """Make the data folder `data` with the interview; gives its token. On the bank's `track` a second question is left open.
    In a thread, since a browser test has a loop."""
    token: list[str] = []

    async def walk() -> None:
        clock = HandClock()
        data.mkdir(parents=True)
        store = await SqliteStore.open(data, clock)
        async with house(bank, store=store, clock=clock, match=Told()) as h:
            token.append(await h.agreed(mode=mode, question=None if track else "explain-attention"))
            await h.say(token[0], FIRST)
            await h.say(token[0], SECOND)
            await h.press(token[0], "next")
        await store.close()

    thread = threading.Thread(target=lambda: asyncio.run(walk()))
    thread.start()
    thread.join()
    return token[0]
