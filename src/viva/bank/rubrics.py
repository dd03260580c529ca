"""What is expected of words: rubric.toml, follow_ups.toml, worked answers. Law: an answer names only points that exist."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from viva.bank.paths import is_id
from viva.bank.problems import Problems
from viva.bank.texts import decoded
from viva.bank.toml import Table, parse_toml, read_toml
from viva.core.values import FollowUp, Misconception, Point, Reading, Rubric

_MOST_POINTS = 40
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*\n(.*)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedAnswer:
    """An answer of the bank: ids of points said, of points partly said, of misconceptions or points told wrong; points
    that are not listed are missing. `fault` says in words what is wrong or lacking, empty for a strong answer."""

    path: str
    sort: str
    text: str
    said: tuple[str, ...]
    partly: tuple[str, ...]
    wrong: tuple[str, ...]
    fault: str


def read_rubric(path: str, raw: bytes, problems: Problems) -> Rubric:
    """The rubric of rubric.toml; what is wrong is noted."""
    table = read_toml(path, raw, problems)
    if table is None:
        return Rubric()
    ids: set[str] = set()
    points = tuple(_point(item, ids) for item in table.tables("point"))
    misconceptions = tuple(_misconception(item, ids) for item in table.tables("misconception"))
    if not 1 <= len(points) <= _MOST_POINTS:
        mend = "Add tables `[[point]]`." if not points else "Ask less in one question."
        table.wrong("point", f"has {len(points)} points; a rubric has 1 to {_MOST_POINTS}", mend)
    table.done()
    return Rubric(points=points, misconceptions=misconceptions)


def read_follow_ups(path: str, raw: bytes, problems: Problems) -> tuple[FollowUp, ...]:
    """The questions of follow_ups.toml; what is wrong is noted."""
    table = read_toml(path, raw, problems)
    if table is None:
        return ()
    ids: set[str] = set()
    follow_ups: list[FollowUp] = []
    for item in table.tables("follow_up"):
        asks = item.text("asks", example='asks = "What does it cost when the sequence is twice as long?"')
        follow_ups.append(FollowUp(id=new_id(item, ids), asks=asks))
        item.done()
    table.done()
    return tuple(follow_ups)


def read_answers(files: Mapping[str, bytes], rubric: Rubric, problems: Problems) -> tuple[WorkedAnswer, ...]:
    """The worked answers of a folder, sorted by path; those that cannot be read are noted and left out."""
    paths = sorted(path for path in files if path.startswith("answers/"))
    read = (_answer(path, files[path], rubric, problems) for path in paths)
    return tuple(answer for answer in read if answer is not None)


def new_id(table: Table, taken: set[str]) -> str:
    """The kebab-case `id` of a table, noted where it is none or already taken."""
    id = table.text("id", example='id = "compare"')
    if id and not is_id(id):
        table.wrong("id", f"{id[:60]!r} is not kebab-case", "Use small letters, digits and `-` between them.")
    if id in taken and id:
        table.wrong("id", f"{id[:60]!r} is taken", "Give every entry an id of its own.")
    taken.add(id)
    return id


def _point(table: Table, ids: set[str]) -> Point:
    point = Point(
        id=new_id(table, ids),
        says=table.text("says", example='says = "Each query is compared with every key."'),
        weight=table.number("weight", example="weight = 2", most=100),
        topic=table.text("topic", example='topic = "how attention weighs tokens"'),
        also=table.texts("also", example='also = ["Another wording."]', required=False),
        without=table.text("without", example='without = "the comparison is scaled"', required=False),
        probe=table.text("probe", example='probe = "How does it decide?"', required=False),
        read=tuple(_reading(item) for item in table.tables("read", inline=True)),
    )
    table.done()
    return point


def _reading(table: Table) -> Reading:
    title = table.text("title", example='title = "Attention Is All You Need"')
    url = table.text("url", example='url = "https://arxiv.org/abs/1706.03762"')
    if url and re.fullmatch(r"https?://[\x21-\x7e]{1,500}", url) is None:
        table.wrong("url", "is not an address", "Begin it with `https://`, without spaces.")
    table.done()
    return Reading(title=title, url=url)


def _misconception(table: Table, ids: set[str]) -> Misconception:
    misconception = Misconception(
        id=new_id(table, ids),
        says=table.text("says", example='says = "Scaling makes attention faster."'),
        correction=table.text("correction", example='correction = "It keeps the softmax from saturating."'),
        costs=table.number("costs", example="costs = 0.5", most=1),
    )
    table.done()
    return misconception


def _answer(path: str, raw: bytes, rubric: Rubric, problems: Problems) -> WorkedAnswer | None:
    whole = decoded(path, raw, problems)
    if whole is None:
        return None
    match = _FRONT.fullmatch(whole if whole.endswith("\n") else whole + "\n")
    if match is None:
        mend = 'Begin with `---`, lines such as `said = ["compare"]`, and `---`; the answer stands below.'
        problems.add(path, "has no front matter", line=1, mend=mend)
        return None
    table = parse_toml(path, match[1], problems, first_line=2)
    if table is None:
        return None
    sort = path.removeprefix("answers/").partition("_")[0]
    faulty = sort in ("partial", "wrong")
    points = {point.id for point in rubric.points}
    answer = WorkedAnswer(
        path=path,
        sort=sort,
        text=match[2].strip(),
        said=_ids(table, "said", points),
        partly=_ids(table, "partly", points),
        wrong=_ids(table, "wrong", points | {known.id for known in rubric.misconceptions}),
        fault=table.text("fault", example='fault = "takes keys for values"', required=faulty),
    )
    table.done()
    if not answer.text:
        problems.add(path, "says nothing below its front matter", mend="Write the answer there.")
    return answer


def _ids(table: Table, key: str, known: set[str]) -> tuple[str, ...]:
    ids = table.texts(key, example=f'{key} = ["compare"]', required=False)
    for id in ids:
        if id not in known:
            table.wrong(key, f"{id[:60]!r} is not in rubric.toml", f"Known are {', '.join(sorted(known)) or 'none'}.")
    return ids
