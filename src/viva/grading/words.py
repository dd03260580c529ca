"""What a grade of words says: what was said, with the quote; what was not so, with the correction; what is missing; and the
next step. Law: where the points may not be told, one that was not said is named by its topic and by nothing else.
"""

from collections.abc import Iterator
from typing import assert_never

from viva.core.evidence import Matches, PointMatch, PointVerdict
from viva.core.values import Point, Rubric

QUOTED = 160
"""Characters of a quote that a sentence repeats."""

_ORDER: tuple[PointVerdict, ...] = ("said", "partly", "wrong", "unsure", "missing")


def because(rubric: Rubric, text: str, matches: Matches, *, told: bool = True) -> tuple[str, ...]:
    """Sentences that name what the grade rests on: how much was said; then each point, what was said first and the
    heaviest first; then each misconception held. `told` is False where points may not be told. The matches are of this
    rubric."""
    return (
        headline(matches),
        *(
            f"{_capital(point.topic)}: {about_point(point, text, found, told=told)}"
            for point, found in _sorted(rubric, matches)
            if not (found.verdict == "wrong" and _held_there(matches, found))
        ),
        *about_misconceptions(rubric, text, matches, told=told),
    )


def headline(matches: Matches) -> str:
    """How many points were said."""
    said, partly, all_ = _count(matches, "said"), _count(matches, "partly"), len(matches.points)
    if all_ == 1:
        return {(1, 0): "You said the one point.", (0, 1): "You said the one point in part."}.get(
            (said, partly), "viva did not find the one point in your answer."
        )
    if said == all_:
        return f"You said all {all_} points."
    if not said:
        return (
            f"You said {partly} of the {all_} points in part."
            if partly
            else f"viva found none of the {all_} points in your answer."
        )
    return f"You said {said} of the {all_} points" + (f", and {partly} more in part." if partly else ".")


def about_point(point: Point, text: str, found: PointMatch, *, told: bool = True) -> str:
    """How one point fares, as one or two sentences that do not name its topic."""
    quote = quoted(text, found)
    expected = f" {_sentence(point.says)}" if told else ""
    match found.verdict:
        case "said":
            return f"you said {quote or 'it'}."
        case "partly":
            whole = f" In full: {_sentence(point.says)}" if told else ""
            return f"you said a part of it{f', {quote}' if quote else ''}.{whole}"
        case "wrong":
            return f"viva reads {quote or 'what you said'} as the contrary.{expected}"
        case "unsure":
            return f"viva cannot tell whether {quote or 'your answer'} says it. A person should look."
        case "missing":
            return f"viva did not find this in your answer.{expected}"
        case _:
            assert_never(found.verdict)


def about_misconceptions(rubric: Rubric, text: str, matches: Matches, *, told: bool = True) -> tuple[str, ...]:
    """A sentence for each misconception that is held."""
    known = {one.id: one for one in rubric.misconceptions}
    return tuple(
        f"{_capital(quoted(text, found) or 'what you said')} is not so."
        + (f" {_sentence(known[found.point].correction)}" if told else "")
        for found in matches.misconceptions
        if found.verdict == "wrong" and found.point in known
    )


def next_step(rubric: Rubric, matches: Matches, *, told: bool = True) -> str:
    """What to read next: of the point of which most was lost; empty where nothing was. The matches are of this rubric."""
    lost = [(_lost(point, found), point) for point, found in zip(rubric.points, matches.points, strict=True)]
    most, point = max(lost, key=lambda pair: pair[0], default=(0.0, None))
    if point is None or most <= 0:
        return ""
    if not (told and point.read):
        return f"Next, look again at {point.topic}."
    reading = point.read[0]
    return f"Next, on {point.topic}, read “{reading.title}” ({reading.url})."


def quoted(text: str, found: PointMatch) -> str:
    """The quote between its marks, on one line, without the mark that ends it, and cut in its middle where it is long;
    empty where there is none."""
    if found.quote is None:
        return ""
    quote = " ".join(text[slice(*found.quote)].split()).rstrip(" .,;:")
    if len(quote) > QUOTED:
        half = QUOTED // 2
        quote = f"{quote[:half].rstrip()} … {quote[-half:].lstrip()}"
    return f"“{quote}”"


def _sorted(rubric: Rubric, matches: Matches) -> Iterator[tuple[Point, PointMatch]]:
    pairs = zip(rubric.points, matches.points, strict=True)
    return iter(sorted(pairs, key=lambda pair: (_ORDER.index(pair[1].verdict), -pair[0].weight)))


def _held_there(matches: Matches, wrong: PointMatch) -> bool:
    """Whether a misconception is held where a point is contradicted: then its correction says it, once."""
    return any(
        held.verdict == "wrong"
        and held.quote is not None
        and wrong.quote is not None
        and held.quote[0] < wrong.quote[1]
        and wrong.quote[0] < held.quote[1]
        for held in matches.misconceptions
    )


def _lost(point: Point, found: PointMatch) -> float:
    return point.weight * {"missing": 1.0, "wrong": 1.0, "partly": 0.5}.get(found.verdict, 0.0)


def _count(matches: Matches, verdict: PointVerdict) -> int:
    return sum(found.verdict == verdict for found in matches.points)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    return _capital(text) if text.endswith((".", "!", "?")) else f"{_capital(text)}."
