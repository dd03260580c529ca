"""The embedded reader, with the models that ship: what must hold of it whatever it has learnt."""

import json
import shutil
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from viva.answers import AnswerReader, Models
from viva.answers.models import Floats
from viva.answers.pieces import LONGEST_READ
from viva.bank import FolderBank
from viva.core.errors import OperatorError
from viva.core.evidence import Matches
from viva.core.values import Question, Rubric
from viva.grading.rubric import doubt_of, value_of

SHIPPED = Path(str(files("viva.answers") / "model"))
ANY_TEXT = (
    "",
    " \n\t ",
    "attention",
    "?!… —",
    "A lone \ud800 half and another \udfff, then words about low rank.",
    "NUL \x00 and \x1b[31m control \x7f characters stand here.",
    "מטריצות קטנות מאומנות ליד המשקולות הקפואות",
    "\u202eevil txet\u202c with marks of direction, and the base stays frozen.",
    "🙂🙃👩‍👩‍👧‍👦 🇩🇪 frozen weights 🔥 small matrices",
    "e" + "\u0301" * 500 + " is one letter.",
    "｜ＦＵＬＬ　ＷＩＤＴＨ｜ rank r",
    "```\nnever closed",
    "$$ W + BA",
    "| a | b |\n|---|---|\n| frozen | trained |",
)


class Counting(Models):
    """The shipped models, with a tally of what they were asked."""

    def __init__(self) -> None:
        super().__init__()
        self.judged = 0
        self.embedded = 0

    def logits(self, question: str, point: str, text: str) -> Floats:
        self.judged += 1
        return super().logits(question, point, text)

    def embed(self, texts: Sequence[str]) -> Floats:
        self.embedded += len(texts)
        return super().embed(texts)


@pytest.fixture(scope="module")
def bank() -> FolderBank:
    return FolderBank(Path(str(files("viva_bank"))))


@pytest.fixture(scope="module")
def whole(bank: FolderBank) -> Question:
    return bank.question("lora-explained")


@pytest.fixture(scope="module")
def question(whole: Question) -> Question:
    """Two points and a misconception of a question, which are read quickly."""
    return replace(whole, rubric=Rubric(points=whole.rubric.points[:2], misconceptions=whole.rubric.misconceptions[:1]))


@pytest.fixture(scope="module")
def reader() -> AnswerReader:
    return AnswerReader()


@pytest.mark.parametrize("text", ANY_TEXT, ids=range(len(ANY_TEXT)))
def test_any_text_is_an_answer_and_every_quote_lies_inside_it(
    reader: AnswerReader, question: Question, text: str
) -> None:
    matches = reader.match(question, text)
    if matches.unread:
        assert matches.points == ()
        return
    assert [match.point for match in matches.points] == [point.id for point in question.rubric.points]
    assert [match.point for match in matches.misconceptions] == [one.id for one in question.rubric.misconceptions]
    for match in (*matches.points, *matches.misconceptions):
        assert 0 <= match.probability <= 1
        assert match.quote is None or 0 <= match.quote[0] < match.quote[1] <= len(text)
        assert (match.quote is None) == (match.verdict == "missing")


@pytest.mark.parametrize("text", ["", " \n ", "?!", "…"])
def test_an_empty_answer_misses_everything_and_holds_nothing_wrong(
    reader: AnswerReader, whole: Question, text: str
) -> None:
    matches = reader.match(whole, text)
    assert {match.verdict for match in (*matches.points, *matches.misconceptions)} == {"missing"}
    assert value_of(whole.rubric, matches) == 0.0
    assert doubt_of(whole.rubric, matches) == ""


def test_a_point_in_the_very_words_of_the_rubric_is_said_and_quoted(reader: AnswerReader, question: Question) -> None:
    for number, point in enumerate(question.rubric.points):
        text = f"Good question. {point.says} That is all."
        match = reader.match(question, text).points[number]
        assert match.verdict == "said", (point.says, match)
        assert match.quote is not None
        assert point.says[:40] in text[slice(*match.quote)]


def test_the_question_repeated_is_worth_next_to_nothing(reader: AnswerReader, whole: Question) -> None:
    matches = reader.match(whole, f"{whole.title}. {whole.statement}")
    assert doubt_of(whole.rubric, matches) or value_of(whole.rubric, matches) < 0.2


def test_what_is_not_english_is_left_unread_and_terse_english_is_read(reader: AnswerReader, question: Question) -> None:
    german = "Die Gewichte bleiben eingefroren und nur zwei kleine Matrizen werden trainiert, die sich zu W addieren."
    assert "English" in reader.match(question, german).unread
    assert reader.match(question, "W frozen; train A (r x k), B (d x r), r << d; y = Wx + s BA x").unread == ""


def test_a_text_of_any_length_costs_a_bounded_number_of_judgements(question: Question) -> None:
    points, known = len(question.rubric.points), len(question.rubric.misconceptions)
    models = Counting()
    sentence = "The base stays frozen and two small matrices are trained next to it. "
    AnswerReader(models).match(question, sentence * (LONGEST_READ // len(sentence) + 1))
    assert 0 < models.judged <= 4 * points + 2 * known
    assert models.embedded <= 240 + 10 * (2 * points + known)


def test_what_follows_the_longest_text_changes_no_bit(reader: AnswerReader, question: Question) -> None:
    text = ("Only A and B are trained. " + "x " * 600 + "\n") * 60
    assert len(text) > LONGEST_READ
    assert reader.match(question, text) == reader.match(question, text[:LONGEST_READ])


def test_the_same_text_gives_the_same_bits_in_another_order_and_from_two_threads(question: Question) -> None:
    texts = (
        "The pretrained weights are frozen, B A is added, and the rank is small.",
        "frozen",
    )
    first = AnswerReader()
    alone = [first.match(question, text) for text in texts]
    other = AnswerReader()
    assert [other.match(question, text) for text in reversed(texts)] == alone[::-1]
    with ThreadPoolExecutor(2) as pool:
        together: list[Matches] = list(pool.map(lambda text: other.match(question, text), texts * 2))
    assert together == alone * 2


def test_an_empty_answer_is_like_no_reference(reader: AnswerReader) -> None:
    likeness = reader.compare("Why is the sky blue?", ("Blue light is scattered most.",), " \n")
    assert (likeness.verdict, likeness.probability, likeness.quote) == ("incorrect", 0.0, None)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_a_changed_judge_is_refused_before_it_judges(copied: Path, question: Question) -> None:
    content = bytearray((copied / "judge.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (copied / "judge.onnx").write_bytes(content)
    with pytest.raises(OperatorError, match=r"judge\.json"):
        AnswerReader(Models(copied)).match(question, "The weights are frozen.")


@pytest.mark.parametrize("name", ["judge.onnx", "judge.json", "tokenizer.json"])
def test_a_missing_file_is_named(copied: Path, question: Question, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(OperatorError, match=name):
        AnswerReader(Models(copied)).match(question, "The weights are frozen.")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", json.dumps({"name": "x"}).encode()])
def test_a_broken_card_is_named(copied: Path, question: Question, content: bytes) -> None:
    (copied / "judge.json").write_bytes(content)
    with pytest.raises(OperatorError, match=r"judge\.json"):
        AnswerReader(Models(copied)).match(question, "The weights are frozen.")
