"""The first lines of a scorecard: what was good, and the next steps. Law: nothing is said that a grade's evidence does
not show; praise without evidence is not given."""

from collections.abc import Sequence

from viva.core.faults import likely_fault
from viva.core.state import State
from viva.interviews.decide import Book
from viva.interviews.views import EvidenceJson, ScoredQuestionJson

SHOWN_STEPS = 2
"""Next steps that are named; more would be none."""


def headline(state: State, questions: Sequence[ScoredQuestionJson]) -> str:
    """One sentence about the whole."""
    if state.closed is None and state.opened.mode != "practice":
        return "Your scorecard opens when the interview has ended."
    scored = [question for question in questions if _correctness(question) is not None]
    right = [question for question in scored if _correctness(question) == 1.0]
    if scored and len(right) == len(scored):
        return (
            "Every check passed." if len(scored) == 1 else f"Every check of all {len(scored)} coding questions passed."
        )
    if len(scored) == 1:
        checks = [entry for entry in scored[0]["grades"]["correctness"]["evidence"] if entry["kind"] == "check"]
        passed = sum(bool(entry.get("passed")) for entry in checks)
        return f"{passed} of {len(checks)} checks passed." if checks else "Your code could not be loaded."
    if scored:
        return f"{len(right)} of {len(scored)} coding questions pass every check."
    handed_in = sum(bool(question["attempts"]) for question in questions)
    if handed_in:
        return f"{handed_in} {_plural(handed_in, 'answer')} recorded."
    return "Nothing has been handed in yet." if state.closed is None else "Nothing was handed in."


def good_sentences(questions: Sequence[ScoredQuestionJson]) -> list[str]:
    """What went well, each with its evidence: all checks passed, on which attempt; else the heaviest checks that passed."""
    sentences: list[str] = []
    for question in questions:
        value = _correctness(question)
        if value == 1.0:
            ordinal = next(a["ordinal"] for a in question["attempts"] if a["id"] == question["counts"])
            on = "on the first attempt" if ordinal == 1 else f"on attempt {ordinal}"
            sentences.append(f"{question['title']}: every check passed, {on}.")
        elif value is not None and value > 0:
            passed = [
                e for e in question["grades"]["correctness"]["evidence"] if e.get("passed") and not e.get("visible")
            ]
            best = sorted(passed, key=lambda entry: -entry.get("weight", 0.0))[:2]
            if best:
                sentences.append(
                    f"{question['title']} holds where it counts: " + "; ".join(e["title"] for e in best) + "."
                )
    return sentences


def next_sentences(book: Book, questions: Sequence[ScoredQuestionJson]) -> list[str]:
    """The next steps: the heaviest failing check of each question that has one, then questions with nothing handed in."""
    steps: list[tuple[float, str]] = []
    for question in questions:
        grade = question["grades"].get("correctness")
        failing = [e for e in (grade or {"evidence": []})["evidence"] if e["kind"] == "check" and not e.get("passed")]
        if failing:
            heaviest = max(failing, key=lambda entry: entry.get("weight", 0.0))
            steps.append((heaviest.get("weight", 0.0), f"{question['title']}: {_lesson(book, question, failing)}."))
        elif grade is not None and grade["value"] == 0.0 and grade["because"]:
            steps.append((9.0, f"{question['title']}: {grade['because'][0]}"))
        elif not question["attempts"] and question["left"]:
            topics = ", ".join(book[question["question"]].topics[:2])
            steps.append((0.0, f"{question['title']}: nothing was handed in; practise {topics or 'it'} again."))
    steps.sort(key=lambda pair: -pair[0])
    return [sentence for _, sentence in steps[:SHOWN_STEPS]]


def _lesson(book: Book, question: ScoredQuestionJson, failing: Sequence[EvidenceJson]) -> str:
    """What to mend first: the bank's known fault where it fits exactly, else the heaviest failing check."""
    names = frozenset(entry["id"].rpartition("#")[2] for entry in failing)
    fault = likely_fault(names, book[question["question"]].faults)
    if fault is not None:
        return f"it looks as if {fault.says}"
    heaviest = max(failing, key=lambda entry: entry.get("weight", 0.0))
    return f"look at “{heaviest['title']}”"


def _correctness(question: ScoredQuestionJson) -> float | None:
    grade = question["grades"].get("correctness")
    return grade["value"] if grade is not None else None


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else noun + "s"
