"""Points of an answer as evidence that opens: each with its verdict and its place in the candidate's own messages. Law: where
points may not be told, one that was not said is named by its topic and by nothing else."""

from viva.core.evidence import Matches, PointMatch
from viva.core.values import Attempt, Digest, Misconception, Point, Question
from viva.grading.words import because, next_step
from viva.interviews.views import EvidenceJson, ReadingJson


def quote_evidence(
    digest: Digest, matches: Matches, question: Question, attempt: Attempt, *, told: bool
) -> list[EvidenceJson]:
    """An entry for each point, in the order of the rubric, and for each misconception that is held. `told`: the points and
    corrections themselves may be told."""
    points = {point.id: point for point in question.rubric.points}
    known = {one.id: one for one in question.rubric.misconceptions}
    entries = [
        _point(digest, points[found.point], found, attempt, told=told)
        for found in matches.points
        if found.point in points
    ]
    held = [found for found in matches.misconceptions if found.verdict == "wrong" and found.point in known]
    return [*entries, *(_misconception(digest, known[found.point], found, attempt, told=told) for found in held)]


def reasons(question: Question, attempt: Attempt, matches: Matches) -> list[str]:
    """The sentences of a grade of words where points may not be told."""
    step = next_step(question.rubric, matches, told=False)
    return [*because(question.rubric, attempt.content, matches, told=False), *([step] if step else [])]


def _point(digest: Digest, point: Point, found: PointMatch, attempt: Attempt, *, told: bool) -> EvidenceJson:
    says = point.says if told or found.verdict == "said" else ""
    if told and found.verdict == "partly":
        says = f"In full: {point.says}"
    entry = EvidenceJson(kind="quote", id=f"{digest}#{point.id}", title=point.topic, says=says, weight=point.weight)
    if told and found.verdict != "said" and point.read:
        entry["read"] = [ReadingJson(title=reading.title, url=reading.url) for reading in point.read]
    return _placed(entry, found, attempt)


def _misconception(
    digest: Digest, known: Misconception, found: PointMatch, attempt: Attempt, *, told: bool
) -> EvidenceJson:
    says = known.correction if told else ""
    entry = EvidenceJson(kind="quote", id=f"{digest}#{known.id}", title=known.says, says=says)
    return _placed(entry, found, attempt)


def _placed(entry: EvidenceJson, found: PointMatch, attempt: Attempt) -> EvidenceJson:
    """The entry with verdict and probability, and with the quote's place in the message that it begins in: what goes on in
    the next message is left out."""
    entry["verdict"], entry["probability"] = found.verdict, found.probability
    if found.quote is None:
        return entry
    start, end = found.quote
    ends = [*(begins - len("\n\n") for _, begins in attempt.spans[1:]), len(attempt.content)]
    for (seq, begins), until in zip(attempt.spans, ends, strict=False):
        if begins <= start < until:
            entry["message"], entry["start"], entry["end"] = seq, start - begins, min(end, until) - begins
            entry["text"] = attempt.content[start : min(end, until)]
    return entry
