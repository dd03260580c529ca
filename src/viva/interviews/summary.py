"""The first lines of a scorecard: what was good, and the next steps. Law: nothing is said that a grade's evidence does
not show; praise without evidence is not given."""

import math
from collections.abc import Sequence

from viva.core.faults import in_words, likely_faults
from viva.core.state import State
from viva.core.values import Fault
from viva.interviews.decide import Book
from viva.interviews.views import EvidenceJson, GradeJson, ScoredQuestionJson

SHOWN_STEPS = 2
"""Next steps that are named; more would be none."""


def headline(state: State, questions: Sequence[ScoredQuestionJson]) -> str:
    """One sentence about the whole."""
    if state.closed is None and state.opened.mode != "practice":
        return "Your scorecard opens when the interview has ended."
    scored = [(question, grade) for question in questions if (grade := _scored(question)) is not None]
    if len(scored) == 1:
        return _about_one(scored[0][1])
    if scored:
        right = sum(_all_passed(grade) for _, grade in scored)
        every = f"Every check of all {right} coding questions passed."
        return every if right == len(scored) else f"{right} of {len(scored)} coding questions pass every check."
    handed_in = sum(bool(question["attempts"]) for question in questions)
    if handed_in:
        return f"{handed_in} {_plural(handed_in, 'answer')} recorded."
    return "Nothing has been handed in yet." if state.closed is None else "Nothing was handed in."


def good_sentences(questions: Sequence[ScoredQuestionJson]) -> list[str]:
    """What went well, each with its evidence: all checks passed, on which attempt; else the heaviest checks that passed."""
    sentences: list[str] = []
    for question in questions:
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
    """The next steps: code that could not be loaded first, then the heaviest failing checks, then questions with nothing
    handed in. Where a person has spoken, nothing is added."""
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
    steps.sort(key=lambda pair: -pair[0])
    return [sentence for _, sentence in steps[:SHOWN_STEPS]]


def _lesson(title: str, failing: Sequence[EvidenceJson], faults: Sequence[Fault]) -> str:
    """What to mend first: the bank's known fault where it fits exactly, else the heaviest failing check."""
    likely = likely_faults(frozenset(entry["id"].rpartition("#")[2] for entry in failing), faults)
    if likely:
        return f"{title}: it looks as if {in_words(likely)}."
    heaviest = max(failing, key=lambda entry: entry["weight"])
    return f"{title}: look at “{heaviest['title']}”."


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


def _scored(question: ScoredQuestionJson) -> GradeJson | None:
    """The correctness of a question where it has a value."""
    grade = question["grades"].get("correctness")
    return grade if grade is not None and grade["value"] is not None else None


def _checks(grade: GradeJson) -> list[EvidenceJson]:
    return [entry for entry in grade["evidence"] if entry["kind"] == "check"]


def _all_passed(grade: GradeJson) -> bool:
    """Whether every check passed; where the evidence was erased, whether the machine had found so."""
    checks = _checks(grade)
    if checks:
        return all(entry["passed"] for entry in checks)
    return grade["value"] == 1.0 and grade["overruled"] is None


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else noun + "s"
