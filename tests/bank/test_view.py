"""The candidate's view is derived, and nothing hidden is in it, whatever the question holds."""

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from tests.bank.folder import answer, attempt, coding, concept
from viva.bank import load_question, load_whole, view
from viva.core.values import (
    Budget,
    Digest,
    Fault,
    FollowUp,
    Misconception,
    Point,
    Question,
    QuestionView,
    Reading,
    Rubric,
)

SHOWN = {"id", "title", "kind", "level", "minutes", "topics", "frameworks", "starters", "statement", "given", "forbid"}
"""Fields of a question that its view repeats; of `hints` it has only the number."""


def _loaded(n: int) -> Question:
    """A loaded question in which every hidden place holds a token `hidden-N-…` and every shown place `shown-…`."""
    hidden = iter(f"hidden{n}x{place}x" for place in range(100))
    files = coding()
    for path in ("simple.md", "notes.md"):
        files[path] += next(hidden).encode()
    for path in ("checks.py", "numpy/solution.py"):
        files[path] += f"# {next(hidden)}\n".encode()
    for heading in (b"## Hint 1\n", b"## Hint 2\n", b"## Hint 3\n"):
        files["hints.md"] = files["hints.md"].replace(heading, heading + next(hidden).encode() + b" ")
    files["follow_ups.toml"] += f'[[follow_up]]\nid = "{next(hidden)}"\nasks = "{next(hidden)}"\n'.encode()
    files["rubric.toml"] = (
        concept()["rubric.toml"]
        + (
            f'[[point]]\nid = "{next(hidden)}"\nsays = "{next(hidden)}"\nalso = ["{next(hidden)}"]\nwithout = "{next(hidden)}"\n'
            f'weight = 1\ntopic = "{next(hidden)}"\nprobe = "{next(hidden)}"\n'
            f'read = [{{ title = "{next(hidden)}", url = "https://example.org/{next(hidden)}" }}]\n'
            f'[[misconception]]\nid = "{next(hidden)}"\nsays = "{next(hidden)}"\ncorrection = "{next(hidden)}"\ncosts = 1\n'
        ).encode()
    )
    for sort in ("right", "hostile"):
        files[f"attempts/{sort}_{next(hidden)}.py"] = attempt(f"return '{next(hidden)}'", "expect: correctness <= 1")
    files[f"attempts/wrong_{next(hidden)}.py"] = attempt(
        f"return '{next(hidden)}'", f"expect: fails == {next(hidden)}", f"fault: {next(hidden)}: {next(hidden)}"
    )
    files[f"answers/strong_{next(hidden)}.md"] = answer(next(hidden), 'said = ["plus"]')
    files[f"hidden/{next(hidden)}.txt"] = next(hidden).encode()
    files[f"data/{next(hidden)}.txt"] = next(hidden).encode()
    sheet = files["question.toml"].decode()
    sheet = sheet.replace('roles = ["llm-engineer"]', f'roles = ["{next(hidden)}"]')
    sheet = sheet.replace("example.org/adding", next(hidden)).replace("2026-11-25", "1987-06-05")
    files["question.toml"] = sheet.encode()
    files["statement.md"] += b"shown-statement\n"
    files["numpy/starter.py"] += b"# shown-starter\n"
    files["given.py"] = b"# shown-given\n"
    return load_question("add-arrays", files)


@given(st.integers(min_value=0, max_value=10**6))
def test_nothing_that_lies_hidden_in_a_folder_is_in_the_view(n: int) -> None:
    question = _loaded(n)
    seen = repr(view(question))
    assert f"hidden{n}x" in repr(question)
    assert f"hidden{n}x" not in seen
    assert "1987" not in seen
    assert question.digest not in seen
    for shown in ("shown-statement", "shown-starter", "shown-given", "Add two arrays", "numpy.add"):
        assert shown in seen


_shown = st.text(alphabet=st.characters(exclude_characters="⌘", exclude_categories=["Cs"]), max_size=20)
_hidden = _shown.map(lambda text: f"⌘{text}")
_some_hidden = st.lists(_hidden, max_size=3).map(tuple)
_some_shown = st.lists(_shown, max_size=3).map(tuple)


def _some(of: type, **parts: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    """Up to two values of a class."""
    return st.lists(st.builds(of, **parts), max_size=2).map(tuple)


_rubrics = st.builds(
    Rubric,
    points=_some(
        Point,
        id=_hidden,
        says=_hidden,
        weight=st.just(1.0),
        topic=_hidden,
        also=_some_hidden,
        without=_hidden,
        probe=_hidden,
        read=_some(Reading, title=_hidden, url=_hidden),
    ),
    misconceptions=_some(Misconception, id=_hidden, says=_hidden, correction=_hidden, costs=st.just(0.5)),
)
_questions = st.builds(
    Question,
    id=_shown,
    digest=_hidden,
    title=_shown,
    kind=st.sampled_from(["coding", "concept"]),
    level=st.integers(1, 5),
    minutes=st.floats(1, 60),
    topics=_some_shown,
    roles=_some_hidden,
    open=st.booleans(),
    reviewed=_hidden,
    sources=_some_hidden,
    frameworks=st.just(("numpy", "torch")),
    starters=st.tuples(st.tuples(st.just("numpy"), _shown), st.tuples(st.just("torch"), _shown)),
    statement=_shown,
    simple=_hidden,
    hints=_some_hidden,
    given=_shown,
    notes=_hidden,
    forbid=_some_shown,
    from_scratch=_some_hidden,
    budget=st.just(Budget()),
    rubric=_rubrics,
    follow_ups=_some(FollowUp, id=_hidden, asks=_hidden),
    faults=_some(Fault, id=_hidden, says=_hidden, checks=st.frozensets(_hidden, max_size=2)),
)
"""Questions with any words in every field; those of hidden fields begin with a character that no shown field has."""


@given(_questions)
def test_no_hidden_field_of_any_question_is_in_the_view(question: Question) -> None:
    seen = view(question)
    assert "⌘" not in repr(seen)
    assert seen.hints == len(question.hints)
    for name in SHOWN:
        assert getattr(seen, name) == getattr(question, name)


def test_the_view_has_exactly_the_fields_that_are_meant_to_be_shown() -> None:
    assert {field.name for field in fields(QuestionView)} == SHOWN | {"hints"}


def test_the_view_does_not_depend_on_anything_hidden() -> None:
    whole = load_whole("add-arrays", coding()).question
    other = replace(whole, digest=Digest("sha256:0"), simple="", notes="", sources=(), roles=(), faults=(), reviewed="")
    assert view(whole) == view(other)
