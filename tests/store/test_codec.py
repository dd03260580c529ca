"""What was written reads back equal, and what does not fit is refused."""

import json
import math
import types
import typing
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal, NewType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.store.examples import heard, opened
from viva.core import events, evidence, values
from viva.core.errors import BrokenRecord
from viva.core.events import Agreed, Event, Graded, Observed, Opened, Submitted
from viva.core.evidence import CheckOutcome, CheckRun, Ended, Matches, NotObserved, PointMatch
from viva.core.values import Attempt, Digest, Dimension, Score
from viva.ports import Person
from viva.store.codec import body_of, event_body, event_from, from_plain, kind_of, to_plain, value_from

EVENTS: tuple[type[Any], ...] = typing.get_args(Event)
VALUES: tuple[type[Any], ...] = (
    Person,
    *(
        value
        for module in (values, evidence, events)
        for value in vars(module).values()
        if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__
    ),
)

ANY_TEXT = st.text(
    st.characters(exclude_categories=()) | st.sampled_from("\ud83d\ude00\0\x1b\u2028\ufeff"), max_size=12
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9000, 1, 1), timezones=ZONES | st.just(UTC))  # noqa: DTZ001


def built(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a type of core; written apart from the codec, so that neither hides the other's mistakes."""
    if isinstance(hint, NewType):
        return built(hint.__supertype__)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: ANY_TEXT,
        bool: st.booleans(),
        int: st.integers() | st.just(2**128),
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: TIMES,
        type(None): st.none(),
    }
    if hint in simple:
        return simple[hint]
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    if isinstance(hint, type) and is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return st.builds(hint, **{field.name: built(hints[field.name]) for field in fields(hint)})
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple and args[-1] is Ellipsis:
        return st.lists(built(args[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*map(built, args))
    if origin is frozenset:
        return st.frozensets(built(args[0]), max_size=3)
    assert origin in (types.UnionType, typing.Union), hint
    return st.one_of(*map(built, args))


def run(**changes: Any) -> CheckRun:
    check = CheckOutcome(
        name="rows", title="empty rows", passed=False, weight=2, visible=True, says="row 3: nan", line=7
    )
    whole = CheckRun(
        ended=Ended.FINISHED, says="", line=None, checks=(check,), prints="hi\n", prints_cut=False, cpu_seconds=0.25,
        memory_mib=3, environment="numpy",
    )  # fmt: skip
    return replace(whole, **changes)


def observed(**changes: Any) -> Observed:
    return Observed(request=Digest("sha256:ab"), evidence=run(**changes))


def plain_of(event: Event) -> Any:
    return json.loads(event_body(event))


def read_back(kind: str, plain: Any) -> Event:
    return event_from(kind, json.dumps(plain).encode())


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_event_reads_back_equal(kind: type[Any], data: st.DataObject) -> None:
    event = data.draw(built(kind))
    back = event_from(kind_of(event), event_body(event))
    assert back == event
    assert type(back) is type(event)
    assert event_body(back) == event_body(event), "writing what was read gives the same bytes"


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_value_of_core_reads_back_equal(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(built(kind))
    assert value_from(body_of(value, kind), kind) == value


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_any_text_a_candidate_types_survives(text: str) -> None:
    attempt = Attempt(question="q", question_digest=Digest("d"), framework=None, content=text, ordinal=1)
    back = event_from("Submitted", event_body(Submitted(attempt=attempt)))
    assert isinstance(back, Submitted)
    assert back.attempt.content == text
    assert back.attempt.digest == attempt.digest


def test_two_lone_surrogates_do_not_become_one_character() -> None:
    back = event_from("Heard", event_body(heard("\ud83d\ude00")))
    assert back == heard("\ud83d\ude00")
    assert back != heard("\U0001f600")


RECORDED: tuple[tuple[str, str, Event], ...] = (
    ("Heard", '{"text":"caf\u00e9 \\u0000"}', heard("caf\u00e9 \0")),
    (
        "Observed",
        ('{"evidence":{"CheckRun":{"checks":[{"line":7,"name":"rows","passed":false,"ran":true,"says":"row 3: nan",'
        '"title":"empty rows","visible":true,"weight":2.0}],"cpu_seconds":0.25,"ended":"finished","environment":"numpy",'
        '"jail":true,"line":null,"memory_mib":3.0,"prints":"hi\\n","prints_cut":false,"says":""}},"request":"sha256:ab"}'),
        observed(),
    ),
    (
        "Agreed",
        '{"deadline":"2026-03-01T12:00:00.000000+00:00"}',
        Agreed(deadline=datetime(2026, 3, 1, 13, 0, tzinfo=timezone(timedelta(hours=1)))),
    ),
    (
        "Graded",
        ('{"grade":{"Score":{"attempt":"sha256:cd","because":["passed"],"dimension":"correctness","evidence":[],'
        '"grader":"checks@1","value":1.0}}}'),
        Graded(
            grade=Score(
                dimension=Dimension.CORRECTNESS, attempt=Digest("sha256:cd"), value=1, because=("passed",), evidence=(),
                grader="checks@1",
            )
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "body", "event"), RECORDED, ids=[kind for kind, _, _ in RECORDED])
def test_what_schema_1_recorded_stays_readable_and_is_written_so(kind: str, body: str, event: Event) -> None:
    assert event_from(kind, body.encode()) == event
    assert event_body(event).decode() == body


OF_SCHEMA_1 = (
    '{"evidence":{"Matches":{"points":[{"point":"a","probability":0.9,"quote":[0,4],"verdict":"said"}]}},"request":"r"}'
)


def test_a_row_from_before_a_field_came_reads_with_its_default_and_any_other_field_must_be_there() -> None:
    match = PointMatch(point="a", verdict="said", probability=0.9, quote=(0, 4))
    back = event_from("Observed", OF_SCHEMA_1.encode())
    assert back == Observed(request=Digest("r"), evidence=Matches(points=(match,)))
    whole = plain_of(back)["evidence"]["Matches"]
    assert whole.keys() - {"points"} == {"misconceptions", "unread", "model"}, "what is written has every field"
    with pytest.raises(BrokenRecord, match="lacks its field 'points'"):
        read_back("Observed", {"request": "r", "evidence": {"Matches": {"model": "m"}}})
    with pytest.raises(BrokenRecord, match=r"Matches\.unread: 1 is not a text"):
        read_back("Observed", {"request": "r", "evidence": {"Matches": {"points": [], "unread": 1}}})


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
@settings(max_examples=3, deadline=None)
@given(data=st.data())
def test_a_field_too_many_or_too_few_is_refused(kind: type[Any], data: st.DataObject) -> None:
    plain = plain_of(data.draw(built(kind)))
    with pytest.raises(BrokenRecord, match="has no field 'more'"):
        read_back(kind.__name__, {**plain, "more": 1})
    for name in plain:
        with pytest.raises(BrokenRecord, match="lacks its field"):
            read_back(kind.__name__, {other: value for other, value in plain.items() if other != name})


def test_a_field_too_many_is_refused_at_any_depth() -> None:
    plain = plain_of(observed())
    plain["evidence"]["CheckRun"]["checks"][0]["more"] = 1
    with pytest.raises(BrokenRecord, match=r"evidence\.CheckRun\.checks\.0: CheckOutcome has no field 'more'"):
        read_back("Observed", plain)


@pytest.mark.parametrize("kind", ["", "heard", "Envelope", "CheckRun", "Heard2"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(BrokenRecord, match="no event"):
        event_from(kind, b"{}")


@pytest.mark.parametrize(
    "tagged", [{}, {"Heard": {"text": ""}}, {"Reply": {}, "Costs": {}}, [], "CheckRun", None, {"": 1}]
)
def test_an_unknown_tag_is_refused(tagged: Any) -> None:
    with pytest.raises(BrokenRecord):
        read_back("Observed", {"request": "r", "evidence": tagged})


WRONG: tuple[tuple[str, Any], ...] = (
    ("cpu_seconds", "0.25"), ("cpu_seconds", True), ("cpu_seconds", None), ("cpu_seconds", 10**400),
    ("line", 7.0), ("line", "7"), ("line", True), ("prints", None), ("prints", 3), ("prints_cut", 0),
    ("ended", "exploded"), ("ended", None), ("checks", {}), ("checks", "x"), ("checks", [1]), ("checks", None),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_type_is_refused_and_named(name: str, value: Any) -> None:
    plain = plain_of(observed())
    plain["evidence"]["CheckRun"][name] = value
    with pytest.raises(BrokenRecord, match=name):
        read_back("Observed", plain)


@pytest.mark.parametrize("quote", [[1], [1, 2, 3], [1, "2"], "ab", {}])
def test_a_pair_is_exactly_two(quote: Any) -> None:
    match = PointMatch(point="p", verdict="said", probability=0.9, quote=(1, 2))
    plain = to_plain(match, PointMatch)
    assert from_plain(plain, PointMatch) == match
    with pytest.raises(BrokenRecord):
        from_plain({**plain, "quote": quote}, PointMatch)


@pytest.mark.parametrize(
    "time",
    [
        "2026-03-01T12:00:00",
        "2026-03-01T12:00:00.000000",
        "2026-03-01",
        "2026-03-01T13:00:00.000000+01:00",
        5,
        "",
        "now",
    ],
)
def test_a_time_without_a_zone_or_in_another_spelling_is_refused(time: Any) -> None:
    with pytest.raises(BrokenRecord):
        read_back("Agreed", {"deadline": time})


def test_a_naive_time_cannot_be_recorded() -> None:
    with pytest.raises(BrokenRecord, match="no time zone"):
        event_body(Agreed(deadline=datetime(2026, 3, 1)))  # noqa: DTZ001


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_both_ways(number: float) -> None:
    with pytest.raises(BrokenRecord, match="cpu_seconds"):
        event_body(observed(cpu_seconds=number))
    text = json.dumps({**plain_of(observed())["evidence"]["CheckRun"], "cpu_seconds": number})
    with pytest.raises(BrokenRecord):
        value_from(text.encode(), CheckRun)
    with pytest.raises(BrokenRecord):
        value_from(text.replace(str(number), "1e999").encode(), CheckRun)


@pytest.mark.parametrize("wrong", [{"checks": []}, {"ended": "finished"}, {"line": 1.5}, {"says": b"x"}, {"jail": 1}])
def test_what_does_not_fit_its_type_cannot_be_recorded(wrong: dict[str, Any]) -> None:
    with pytest.raises(BrokenRecord, match=next(iter(wrong))):
        event_body(observed(**wrong))


def test_evidence_of_no_known_kind_cannot_be_recorded() -> None:
    with pytest.raises(BrokenRecord, match="evidence"):
        event_body(Observed(request=Digest("r"), evidence=heard("x")))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"text":"a","text":"b"}', b"\xff", b'{"text":"a"} x', b"[" * 100_000, b"1" * 5000],
)
def test_bytes_that_are_no_event_are_refused(body: bytes) -> None:
    with pytest.raises(BrokenRecord):
        event_from("Heard", body)


def test_whole_numbers_stand_for_floats_and_come_back_as_floats() -> None:
    back = event_from("Observed", event_body(observed(cpu_seconds=2)))
    assert isinstance(back, Observed)
    assert isinstance(back.evidence, CheckRun)
    assert type(back.evidence.cpu_seconds) is float


def test_a_refusal_shows_no_more_than_a_few_characters_of_what_it_refused() -> None:
    plain = {**plain_of(opened()), "mode": "secret " * 100}
    with pytest.raises(BrokenRecord) as caught:
        read_back("Opened", plain)
    assert len(caught.value.says) < 200


def test_not_observed_is_told_from_observed() -> None:
    nothing = Observed(request=Digest("r"), evidence=NotObserved(whose="machine", why="down"))
    assert plain_of(nothing) == {"request": "r", "evidence": {"NotObserved": {"whose": "machine", "why": "down"}}}


def test_an_opening_reads_back_with_its_plan() -> None:
    back = event_from("Opened", event_body(opened()))
    assert isinstance(back, Opened)
    assert back == opened()
