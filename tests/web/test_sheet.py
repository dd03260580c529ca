"""The sheet: notes are tied to a line or a quote only where evidence names it."""

from typing import Any

from viva.interviews.views import EvidenceJson, GradeJson, ScorecardJson
from viva.web.sheet import Part, sheet_of

CODE = "import numpy as np\n\n\ndef f(x):\n    return x\n"


def check(title: str, passed: bool, line: int | None = None) -> EvidenceJson:
    says = "" if passed else f"{title} is not so"
    return {"kind": "check", "id": "sha256:1", "title": title, "says": says, "passed": passed, "line": line}


def quote(start: int, end: int, verdict: str, message: int = 7) -> EvidenceJson:
    return {"kind": "quote", "id": "sha256:2", "title": "point", "says": "why", "message": message, "start": start, "end": end,
            "text": "", "verdict": verdict}  # fmt: skip


def grade(value: float | None, evidence: list[EvidenceJson], whose: Any = None) -> GradeJson:
    unscored = None if value is not None else "Recorded."
    return {"value": value, "unscored": unscored, "whose": whose, "because": ["1 of 2."], "evidence": evidence, "grader": "g@1",
            "overruled": None}  # fmt: skip


def card(kind: Any, grades: dict[str, GradeJson]) -> ScorecardJson:
    attempt: Any = {"id": "sha256:a", "ordinal": 2, "code": CODE, "framework": "numpy", "seq": 9, "status": "done", "says": "",
                    "at": "2026-11-25T09:00:00+00:00", "question": "q", "result": None}  # fmt: skip
    older = {**attempt, "id": "sha256:b", "ordinal": 1}
    scored: Any = {"question": "q", "title": "Q", "kind": kind, "left": True, "attempts": [older, attempt], "counts": "sha256:a",
                   "messages": [{"seq": 7, "text": "Keys and values, and speed."}], "hints": [], "grades": grades,
                   "solution": None}  # fmt: skip
    whole: Any = {"questions": [scored]}
    return whole  # type: ignore[no-any-return]


def test_a_note_is_tied_to_a_line_only_where_evidence_names_it() -> None:
    evidence = [check("shape", True), check("mask", False), check("raises", False, 5), check("earlier", False, 4)]
    part = sheet_of(card("coding", {"correctness": grade(0.5, evidence)})).parts[0]
    assert part.paper is not None
    assert [(note.label, note.ties) for note in part.paper.notes] == [
        ("correctness · line 4", "q1-l4"),
        ("correctness · line 5", "q1-l5"),
        ("correctness", ""),
    ]
    assert [line.number for line in part.paper.lines if line.hit] == [4, 5]


def test_checks_that_one_line_stopped_share_a_note() -> None:
    evidence = [check("a", False, 5), check("b", False, 5), check("c", False, 5)]
    part = sheet_of(card("coding", {"correctness": grade(0.0, evidence)})).parts[0]
    assert part.paper is not None
    assert part.paper.notes[0].says == "a is not so The same line stops 2 more." and len(part.paper.notes) == 2


def test_a_line_that_the_code_does_not_have_ties_nothing() -> None:
    part = sheet_of(card("coding", {"correctness": grade(0.5, [check("far", False, 99)])})).parts[0]
    assert part.paper is not None and not any(line.hit for line in part.paper.lines)


def test_the_attempt_that_counts_is_annotated_and_the_others_are_there_too() -> None:
    part = sheet_of(card("coding", {"correctness": grade(1.0, [])})).parts[0]
    assert part.paper is not None and part.paper.attempt["ordinal"] == 2
    assert [paper.attempt["ordinal"] for paper in part.others] == [1]


def test_every_point_opens_evidence_and_passed_checks_are_folded_only_beside_failed_ones() -> None:
    mixed = (
        sheet_of(card("coding", {"correctness": grade(0.5, [check("a", True), check("b", False)])}))
        .parts[0]
        .dimensions[0]
    )
    assert [opened.evidence["title"] for opened in mixed.first] == ["b"]
    assert [opened.evidence["title"] for opened in mixed.passed] == ["a"]
    good = sheet_of(card("coding", {"correctness": grade(1.0, [check("a", True)])})).parts[0].dimensions[0]
    assert len(good.first) == 1 and not good.passed


def test_unscored_says_whose_matter_it_is() -> None:
    nothing: Any = {**grade(None, [], "nobody"), "unscored": "Nothing was handed in.", "grader": ""}
    assert sheet_of(card("coding", {"craft": nothing})).parts[0].dimensions[0].short == "nothing was handed in"
    shorts = {
        whose: sheet_of(card("coding", {"craft": grade(None, [], whose)})).parts[0].dimensions[0].short
        for whose in ("nobody", "machine", "unsure")
    }
    assert shorts == {
        "nobody": "recorded, not yet graded",
        "machine": "our fault, not yours",
        "unsure": "a person should look",
    }


WORDS = "Keys and values, and speed."


def words(*evidence: EvidenceJson, text: str = WORDS) -> Part:
    shown = card("concept", {"understanding": grade(0.5, list(evidence))})
    shown["questions"][0]["messages"] = [{"seq": 7, "text": text}]
    return sheet_of(shown).parts[0]


def marked(part: Part) -> list[tuple[str, str, str]]:
    return [
        (piece.text, piece.verdict, piece.signs) for spoken in part.words for piece in spoken.pieces if piece.verdict
    ]


def test_words_are_cut_at_quotes_without_losing_a_character() -> None:
    part = words(quote(0, 4, "said"), quote(9, 15, "partly"), quote(21, 26, "wrong"), quote(0, 3, "said", message=8))
    pieces = part.words[0].pieces
    assert "".join(piece.text for piece in pieces) == WORDS
    assert marked(part) == [("Keys", "said", "✓"), ("values", "partly", "½"), ("speed", "wrong", "✗")]
    assert part.paper is None and all(bool(piece.id) == bool(piece.verdict) for piece in pieces)


def test_quotes_that_overlap_are_marked_by_the_gravest_and_each_shows_its_sign_where_it_ends() -> None:
    assert marked(words(quote(0, 8, "said"), quote(5, 15, "wrong"), quote(5, 15, "unsure"))) == [
        ("Keys ", "said", ""),
        ("and", "wrong", "✓"),
        (" values", "wrong", "?✗"),
    ]
    part = words(quote(0, 8, "said"), quote(0, 8, "partly"))
    assert marked(part) == [("Keys and", "partly", "✓½")]
    assert len({note.ties for note in part.word_notes}) == 1 and len({note.opens for note in part.word_notes}) == 2


def test_every_note_on_words_is_tied_to_the_mark_that_its_quote_begins_with_in_the_order_of_the_words() -> None:
    missing: EvidenceJson = {
        "kind": "quote", "id": "sha256:2", "title": "order", "says": "Positions.", "weight": 1, "verdict": "missing",
    }  # fmt: skip
    unsure, said = quote(0, 15, "unsure"), quote(9, 15, "said")
    unsure["weight"] = said["weight"] = 1
    part = words(missing, quote(21, 26, "wrong"), unsure, said)
    assert [(note.label, note.says, note.ties) for note in part.word_notes] == [
        ("? unsure", "point: viva cannot tell. A person should look.", "q1-w7-0"),
        ("✓ said", "point.", "q1-w7-9"),
        ("✗ not so", "“point”: why", "q1-w7-21"),
        ("– missing", "order.", ""),
    ]
    assert [note.opens_all for note in part.word_notes] == [False, False, False, True]
    ids = {piece.id for spoken in part.words for piece in spoken.pieces}
    assert {note.ties for note in part.word_notes} - {""} <= ids


def test_a_contradiction_that_is_a_known_misconception_has_one_note_and_any_other_its_own() -> None:
    def labels(*evidence: EvidenceJson) -> list[str]:
        return [note.says for note in words(*evidence).word_notes]

    point, other, held = quote(0, 8, "wrong"), quote(9, 15, "wrong"), quote(5, 8, "wrong")
    point["weight"] = other["weight"] = 1
    point["title"], other["title"], held["title"] = "a", "b", "c"
    assert labels(point, other, held) == ["“c”: why", "b: why"]
    assert labels(point, other) == ["a: why", "b: why"]
    elsewhere = quote(5, 8, "wrong", message=8)
    assert labels(point, elsewhere)[0] == "a: why"


def test_a_missing_point_marks_nothing_even_where_something_came_near_it() -> None:
    assert marked(words(quote(0, 4, "missing"))) == []


def test_paragraphs_stand_apart_and_a_quote_over_both_is_marked_in_both() -> None:
    part = words(quote(5, 16, "said"), text="Keys. Values.\n \n  Speed.")
    assert [["".join(piece.text for piece in spoken.pieces)] for spoken in part.words] == [
        ["Keys. Values."],
        ["Speed."],
    ]
    whole = words(quote(6, 24, "said"), text="Keys. Values.\n \n  Speed.")
    assert marked(whole) == [("Values.", "said", ""), ("Speed.", "said", "✓")]
    assert words(text="\n\n").words == ()


def test_where_every_point_is_told_the_grades_sentences_are_not_told_twice() -> None:
    many = {**grade(0.5, [quote(0, 4, "said")]), "because": ["You said 1 of 2 points.", "One: you said it."]}
    shown = card("concept", {"understanding": many})  # type: ignore[dict-item]
    assert sheet_of(shown).parts[0].dimensions[0].reasons == ["You said 1 of 2 points."]
    assert sheet_of(card("coding", {"craft": grade(0.5, [])})).parts[0].dimensions[0].reasons == ["1 of 2."]
