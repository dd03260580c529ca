"""The author voice: finds words for a move among the wordings in `phrases`. Law: the same move, seed and turn give the
same words; variety comes from the seed alone."""

from dataclasses import dataclass

from viva.core.decisions import Move
from viva.core.values import digest_of
from viva.dialogue.phrases import PHRASES


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorVoice:
    """Says what authors wrote."""

    def say(self, move: Move, *, seed: int, turn: int) -> str:
        """The words for `move`, Markdown. `turn` is the record's length, so that a repeated move varies."""
        wordings = PHRASES[move.phrase]
        draw = int(digest_of(move.phrase, str(seed), str(turn))[-8:], 16)
        return fill(wordings[draw % len(wordings)], dict(move.facts))


def fill(wording: str, facts: dict[str, str]) -> str:
    """`wording` with each `{name}` replaced by its fact, in one pass, so that braces inside a fact stay as they are.

    Raises:
        KeyError: a name has no fact.
    """
    parts: list[str] = []
    rest = wording
    while "{" in rest:
        before, _, after = rest.partition("{")
        name, _, rest = after.partition("}")
        parts += [before, facts[name]]
    return "".join([*parts, rest])
