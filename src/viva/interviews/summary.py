"""The first lines of a scorecard: what was good, and the next steps. Law: nothing is said that a grade's evidence does
not show; praise without evidence is not given."""

import math
from collections.abc import Sequence
from typing import Literal

from viva.core.faults import in_words, likely_faults
from viva.core.state import State
from viva.core.values import Fault, Rubric
from viva.interviews.decide import Book
from viva.interviews.views import EvidenceJson, GradeJson, ScoredQuestionJson

SHOWN_STEPS = 2
"""Next steps that are named; more would be none."""

QUOTED = 200
"""Characters of a quote that praise repeats."""


def headline(state: State, questions: Sequence[ScoredQuestionJson]) -> str:
    """One sentence about the whole."""
    if state.closed is None and state.opened.mode != "practice":
        return "Your scorecard opens when the interview has ended."
    code = [grade for question in questions if (grade := _scored(question)) is not None]
    words = [grade for question in questions if (grade := _scored(question, "understanding")) is not None]
    if code or words:
        return " ".join([*([_about_code(code)] if code else []), *([_about_words(words)] if words else [])])
    handed_in = sum(bool(question["attempts"]) for question in questions)
    if any(grade["whose"] == "unsure" for question in questions for grade in question["grades"].values()):
        return "What you said is kept; a person should look at it."
    if handed_in:
        return f"{handed_in} {_plural(handed_in, 'answer')} recorded."
    return "Nothing has been handed in yet." if state.closed is None else "Nothing was handed in."


def good_sentences(questions: Sequence[ScoredQuestionJson]) -> list[str]:
    """What went well, each with its evidence: all checks passed, on which attempt; else the heaviest checks that passed; the
    heaviest points that were said, with the quote."""
    sentences: list[str] = []
    for question in questions:
        sentences += _said_best(question)
        grade = _scored(question)
        if grade is None:
            continue
        if _all_passed(grade):
            ordinal = next(a["ordinal"] for a in question["attempts"] if a["id"] == question["counts"])
            on = "on the first attempt" if ordinal == 1 else f"on attempt {ordinal}"
            sentences.append(f"{question['title']}: every check passed, {on}.")
            continue
        passed = [entry for entry in _checks(grade) if entry["passed"] and not entry["visible"]]
        best = sorted(passed, key=lambda entry: -entry["weight"])[:2]
        if best:
            sentences.append(f"{question['title']}: " + "; ".join(entry["title"] for entry in best) + ".")
    return sentences


def next_sentences(state: State, book: Book, questions: Sequence[ScoredQuestionJson]) -> list[str]:
    """The next steps: code that could not be loaded first, then the heaviest failing checks, the heaviest points that are
    lacking and misconceptions, then questions with nothing handed in. Where a person has spoken, nothing is added."""
    steps: list[tuple[float, str]] = []
    for question in questions:
        known = book[question["question"]]
        grade = question["grades"].get("correctness")
        main = grade or question["grades"].get("understanding")
        if main is not None and main["overruled"] is not None:
            continue
        failing = [] if grade is None else [entry for entry in _checks(grade) if not entry["passed"]]
        if failing:
            faults = known.faults if state.opened.mode == "practice" else ()
            steps.append((max(entry["weight"] for entry in failing), _lesson(question["title"], failing, faults)))
        elif grade is not None and grade["value"] == 0.0 and grade["because"]:
            steps.append((math.inf, f"{question['title']}: {grade['because'][0]}"))
        elif question["grades"] and not question["attempts"]:
            topics = ", ".join(known.topics[:2])
            steps.append((0.0, f"{question['title']}: nothing was handed in; practise {topics or 'it'} again."))
        if grade is None and main is not None and main["value"] is not None:
            steps += _lacking(question["title"], main, known.rubric, told=state.opened.mode == "practice")
    steps.sort(key=lambda pair: -pair[0])
    return [sentence for _, sentence in steps[:SHOWN_STEPS]]


def _lesson(title: str, failing: Sequence[EvidenceJson], faults: Sequence[Fault]) -> str:
    """What to mend first: the bank's known fault where it fits exactly, else the heaviest failing check."""
    likely = likely_faults(frozenset(_name(entry) for entry in failing), faults)
    if likely:
        return f"{title}: it looks as if {in_words(likely)}."
    heaviest = max(failing, key=lambda entry: entry["weight"])
    return f"{title}: look at “{heaviest['title']}”."


def _said_best(question: ScoredQuestionJson) -> list[str]:
    """The two heaviest points that were said, with their quotes."""
    grade = _scored(question, "understanding")
    said = (
        [] if grade is None else [entry for entry in _points(grade) if entry["verdict"] == "said" and "text" in entry]
    )
    best = sorted(said, key=lambda entry: -entry["weight"])[:2]
    return [f"{question['title']}: {entry['title']}, “{_cut(entry['text'])}”." for entry in best]


def _lacking(title: str, grade: GradeJson, rubric: Rubric, *, told: bool) -> list[tuple[float, str]]:
    """What an answer lacks, each with the weight that it cost: the heaviest point, with what to read where it may be told;
    and every misconception held."""
    cost = {"missing": 1.0, "wrong": 1.0, "partly": 0.5}
    lost = [(entry["weight"] * cost.get(entry["verdict"], 0.0), entry) for entry in _points(grade)]
    steps = []
    most, heaviest = max(lost, key=lambda pair: pair[0], default=(0.0, None))
    if heaviest is not None and most > 0:
        reading = next((point.read for point in rubric.points if point.id == _name(heaviest)), ())
        read = f"; read “{reading[0].title}” ({reading[0].url})" if told and reading else ""
        steps.append((most, f"{title}: look again at {heaviest['title']}{read}."))
    costs = {known.id: known.costs for known in rubric.misconceptions}
    held = [entry for entry in grade["evidence"] if entry["kind"] == "quote" and "weight" not in entry]
    for entry in held:
        says = f" {entry['says']}" if entry["says"] else ""
        steps.append(
            (costs.get(_name(entry), 0.0), f"{title}: “{_cut(entry.get('text', entry['title']))}” is not so.{says}")
        )
    return steps


def _about_code(code: Sequence[GradeJson]) -> str:
    if len(code) == 1:
        return _about_one(code[0])
    right = sum(_all_passed(grade) for grade in code)
    every = f"Every check of all {right} coding questions passed."
    return every if right == len(code) else f"{right} of {len(code)} coding questions pass every check."


def _about_words(words: Sequence[GradeJson]) -> str:
    if len(words) == 1:
        grade = words[0]
        if grade["overruled"] is not None:
            return f"A person set your grade to {grade['value']:.0%}."
        return next(iter(grade["because"]), "Your answer was graded.")
    points = [entry for grade in words for entry in _points(grade)]
    said = sum(entry["verdict"] == "said" for entry in points)
    return f"You said {said} of the {len(points)} points of {len(words)} questions in words."


def _about_one(grade: GradeJson) -> str:
    if grade["overruled"] is not None:
        return f"A person set your grade to {grade['value']:.0%}."
    if _all_passed(grade):
        return "Every check passed."
    checks = _checks(grade)
    if checks:
        return f"{sum(entry['passed'] for entry in checks)} of {len(checks)} checks passed."
    if any(entry["kind"] == "run" for entry in grade["evidence"]):
        return "Your code could not be loaded."
    return next(iter(grade["because"]), "Your code was judged.")  # what is left where the evidence was erased


def _scored(
    question: ScoredQuestionJson, dimension: Literal["correctness", "understanding"] = "correctness"
) -> GradeJson | None:
    """A grade of a question where it has a value."""
    grade = question["grades"].get(dimension)
    return grade if grade is not None and grade["value"] is not None else None


def _checks(grade: GradeJson) -> list[EvidenceJson]:
    return [entry for entry in grade["evidence"] if entry["kind"] == "check"]


def _points(grade: GradeJson) -> list[EvidenceJson]:
    return [entry for entry in grade["evidence"] if entry["kind"] == "quote" and "weight" in entry]


def _name(entry: EvidenceJson) -> str:
    """The check, point or misconception that an entry is about."""
    return entry["id"].rpartition("#")[2]


def _cut(quote: str) -> str:
    """A quote within a sentence."""
    line = " ".join(quote.split()).rstrip(" .,;:")
    return line if len(line) <= QUOTED else line[: QUOTED - 1].rstrip() + "…"


def _all_passed(grade: GradeJson) -> bool:
    """Whether every check passed; where the evidence was erased, whether the machine had found so."""
    checks = _checks(grade)
    if checks:
        return all(entry["passed"] for entry in checks)
    return grade["value"] == 1.0 and grade["overruled"] is None


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else noun + "s"
