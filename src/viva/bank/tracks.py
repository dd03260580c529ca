"""A track from its file. Law: loading is a pure function of id and text; the bank knows whether its questions exist."""

from typing import cast, get_args

from viva.bank.paths import is_id
from viva.bank.problems import Problems
from viva.bank.toml import Table, read_toml
from viva.core.errors import AuthorError
from viva.core.values import Allowed
from viva.ports import Pool, Track

_MOST_ATTEMPTS = 100


def load_track(id: str, text: str) -> Track:
    """The track that a TOML text describes.

    Raises:
        AuthorError: something is not as it must be; the first problem, and how many others there are.
    """
    problems = Problems("tracks")
    track = _read(id, text, problems)
    problems.raise_first()
    if track is None:
        raise AssertionError("a track that was not read has problems")
    return track


def problems_of_track(id: str, text: str) -> tuple[AuthorError, ...]:
    """Everything for which `load_track` refuses this text; empty where it loads."""
    problems = Problems("tracks")
    _read(id, text, problems)
    return problems.found()


def _read(id: str, text: str, problems: Problems) -> Track | None:
    path = f"{id[:80]}.toml"
    if not is_id(id):
        problems.add(path, "the id is not kebab-case", mend="Name the file in small letters and digits with `-`.")
    table = read_toml(path, text.encode("utf-8", "surrogatepass"), problems)
    if table is None:
        return None
    allowed = get_args(Allowed)
    track = Track(
        id=id,
        title=table.text("title", example='title = "Transformers: first steps"'),
        summary=table.text("summary", example='summary = "One idea in words, two in code."'),
        minutes=table.number("minutes", example="minutes = 25", most=480),
        audience=table.text("audience", example='audience = "Engineers who know NumPy."'),
        allowed=cast(Allowed, table.choice("allowed", allowed, example='allowed = "docs"')),
        steps=tuple(_step(step) for step in table.tables("step")),
    )
    total = sum(step.minutes for step in track.steps)
    if not track.steps:
        table.wrong("step", "is missing", "Add at least one `[[step]]`.")
    elif total > track.minutes:
        table.wrong("minutes", f"is {track.minutes:g}, but the steps need {total:g}", "Raise it or shorten the steps.")
    table.done()
    return track


def _step(table: Table) -> Pool:
    pool = Pool(
        questions=_questions(table),
        minutes=table.number("minutes", example="minutes = 12", most=480),
        attempts=table.whole("attempts", example="attempts = 5", least=1, most=_MOST_ATTEMPTS)
        if table.has("attempts")
        else None,
        required=table.flag("required", default=True),
    )
    table.done()
    return pool


def _questions(table: Table) -> tuple[str, ...]:
    """The ids of a step: one `question`, or a `pool` of several."""
    single, several = table.has("question"), table.has("pool")
    if single == several:
        says = "has both `question` and `pool`" if single else "has neither `question` nor `pool`"
        table.wrong("question", says, 'Write `question = "adam"` or `pool = ["adam", "beam-search"]`.')
        return ()
    key = "question" if single else "pool"
    ids: tuple[str, ...]
    if single:
        id = table.text("question", example='question = "adam"')
        ids = (id,) if id else ()
    else:
        ids = table.texts("pool", example='pool = ["adam", "beam-search"]')
    for id in ids:
        if not is_id(id):
            table.wrong(key, f"{id[:60]!r} is not the id of a question", "Ids are kebab-case.")
    return ids
