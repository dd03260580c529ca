"""Errors: what each carries to whoever must act, and as what the web door answers."""

import pytest

from viva.core.errors import (
    AuthorError,
    BrokenRecord,
    CandidateError,
    Conflict,
    InterviewClosed,
    KeyReused,
    NotAllowed,
    NotFound,
    NotNow,
    OperatorError,
    QuestionLeft,
    StaleDraft,
    TooLarge,
    VivaError,
)

TREE: dict[type[VivaError], tuple[type[VivaError], int, str]] = {
    CandidateError: (VivaError, 400, "bad-request"),
    NotFound: (CandidateError, 404, "not-found"),
    QuestionLeft: (CandidateError, 409, "question_left"),
    InterviewClosed: (CandidateError, 409, "closed"),
    NotNow: (CandidateError, 409, "not-now"),
    KeyReused: (CandidateError, 422, "key-reused"),
    StaleDraft: (CandidateError, 409, "stale-draft"),
    TooLarge: (CandidateError, 413, "too-large"),
    NotAllowed: (CandidateError, 403, "not-allowed"),
    AuthorError: (VivaError, 500, "author"),
    OperatorError: (VivaError, 503, "operator"),
    Conflict: (VivaError, 409, "conflict"),
    BrokenRecord: (VivaError, 500, "broken-record"),
}


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_an_error_says_who_must_act_and_how_it_is_mended(kind: type[VivaError]) -> None:
    error = kind("The thing 'x' is not so.", mend="Do y.")
    assert (str(error), error.says, error.mend) == ("The thing 'x' is not so.", "The thing 'x' is not so.", "Do y.")
    assert (kind.__bases__, kind.status, kind.type) == ((TREE[kind][0],), *TREE[kind][1:])
    assert kind("x").mend == ""


def test_every_error_is_in_the_table_above() -> None:
    def below(kind: type[VivaError]) -> set[type[VivaError]]:
        return {kind}.union(*map(below, kind.__subclasses__()))

    ours = {kind for kind in below(VivaError) if kind.__module__ == VivaError.__module__}
    assert ours == {VivaError, *TREE}


def test_a_stale_draft_brings_back_what_is_stored() -> None:
    error = StaleDraft("A newer draft is kept.", mend="Merge.", text="kept", n=7)
    assert (error.text, error.n, error.mend) == ("kept", 7, "Merge.")
    assert (StaleDraft("x").text, StaleDraft("x").n) == ("", 0)


def test_an_author_reads_file_line_and_key() -> None:
    error = AuthorError("level is 9", mend="Give 1 to 5.", path="adam/question.toml", line=4, key="level")
    assert (error.path, error.line, error.key, error.mend) == ("adam/question.toml", 4, "level", "Give 1 to 5.")
    assert (AuthorError("x").path, AuthorError("x").line, AuthorError("x").key) == ("", None, "")
