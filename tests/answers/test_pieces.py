"""Pieces and windows are places in the text; joining keeps its limits; nothing of either depends on a model."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from viva.answers.joining import MOST_TOKENS, join
from viva.answers.languages import mostly_english
from viva.answers.pieces import LONGEST_READ, pieces_of, windows_of

_WORDS = st.sampled_from(
    "attention|is|all.|3.5|e.g.|x;|- |1. |(a)|```|$$|\n|\n\n|,|because|!|é|注意力。|🙂".split("|")  # noqa: SIM905 - a list of words
)
TEXTS = st.one_of(st.text(max_size=400), st.lists(_WORDS, max_size=120).map(" ".join))


def cut(text: str) -> list[str]:
    return [text[piece.start : piece.end] for piece in pieces_of(text)]


@given(TEXTS)
def test_pieces_are_places_in_the_text_in_order_without_white_space_around_them(text: str) -> None:
    pieces = pieces_of(text)
    assert all(0 <= piece.start < piece.end <= len(text) for piece in pieces)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert all(found == found.strip() for found in cut(text))


@given(TEXTS)
def test_no_word_of_three_letters_is_lost_between_the_pieces(text: str) -> None:
    kept: set[int] = set()
    for piece in pieces_of(text):
        kept.update(range(piece.start, piece.end))
    lost = "".join(letter if number not in kept and letter.isalnum() else " " for number, letter in enumerate(text))
    assert all(len(run) < 3 for run in lost.split())


@given(TEXTS)
def test_a_window_is_a_piece_or_two_neighbours(text: str) -> None:
    pieces = pieces_of(text)
    known = {(piece.start, piece.end) for piece in pieces}
    known |= {(one.start, other.end) for one, other in pairwise(pieces)}
    windows = [(window.start, window.end) for window in windows_of(text, pieces)]
    assert set(windows) <= known
    assert windows[: len(pieces)] == [(piece.start, piece.end) for piece in pieces]


def test_sentences_and_lines_of_a_list_are_pieces_and_marks_are_not_part_of_them() -> None:
    text = "Adam keeps two averages. They start at zero, e.g. m = 0.\n- clip the norm\n2) warm up"
    assert cut(text) == ["Adam keeps two averages.", "They start at zero, e.g. m = 0.", "clip the norm", "warm up"]


def test_a_wrapped_line_goes_on_and_a_block_of_code_stays_whole() -> None:
    assert cut("The gradient is noisy\nand cheap. Done") == ["The gradient is noisy\nand cheap.", "Done"]
    assert cut("So:\n```python\nx = 1.0\ny = x; z = y\n```") == ["So:", "```python\nx = 1.0\ny = x; z = y\n```"]


def test_a_sentence_without_end_is_cut_into_pieces_that_can_be_read() -> None:
    found = cut("word " * 400)
    assert len(found) > 8
    assert all(len(piece.split()) <= 45 for piece in found)
    assert max(map(len, cut("x" * 5000))) <= 540


def test_what_follows_the_longest_text_is_not_read() -> None:
    text = "All of it counts. " * (LONGEST_READ // 18)
    assert pieces_of(text + "x" * LONGEST_READ)[-1].end <= LONGEST_READ


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
@settings(max_examples=300)
def test_a_joined_row_is_never_too_long_and_loses_first_the_end_of_the_text(asked: int, says: int, answer: int) -> None:
    question, point, text = [1] * asked, [2] * says, [3] * answer
    ids, second = join(question, point, text, first=100, end=101)
    assert len(ids) <= MOST_TOKENS
    assert (ids[0], ids[-1], ids[second - 1]) == (100, 101, 101)
    assert ids[second:-1] == [3] * ids.count(3)
    assert ids.count(3) >= min(answer, MOST_TOKENS // 2)
    assert ids.count(2) >= min(says, 16)
    if asked + says + answer + 4 <= MOST_TOKENS:
        assert [ids.count(kind) for kind in (1, 2, 3)] == [asked, says, answer]
    if ids.count(2) < says:
        assert ids.count(3) in (answer, MOST_TOKENS // 2)


def test_without_a_question_there_is_no_separator_for_it() -> None:
    assert join([], [7], [8, 9], first=1, end=2) == ([1, 7, 2, 8, 9, 2], 3)
    assert join([6], [7], [8], first=1, end=2) == ([1, 6, 2, 7, 2, 8, 2], 5)


def test_what_is_mostly_not_english_is_told_apart_from_terse_english_with_formulas() -> None:
    foreign = (
        "Die Aufmerksamkeit ist ein gewichtetes Mittel der Werte, und die Gewichte kommen aus dem Softmax.",
        "La atención es una media ponderada de los valores y los pesos se obtienen con la función softmax.",
        "L'attention est une moyenne pondérée des valeurs et les poids sont donnés par la fonction softmax.",
        "注意力机制是值的加权平均，权重来自查询和键的点积经过 softmax。",
        "Внимание это взвешенное среднее значений, веса получаются из произведения запросов и ключей.",
    )
    english = (
        "softmax(QK^T/sqrt(d_k))V, O(n^2) time + memory, causal mask -> -inf above diagonal, KV cache at inference",
        "$$\\mathrm{head}_i = \\mathrm{softmax}(Q_i K_i^T / \\sqrt{d_k}) V_i$$ concat, W_O, residual, LayerNorm, FFN",
        "wd decoupled; lr warmup 1k steps, cosine -> 0; clip 1.0; betas .9/.95",
        "yes",
        "",
        "```python\nfür = die(das) # der die das ist ein und nicht\n```\nThis is the code that I would write for it.",
    )
    assert [mostly_english(text) for text in foreign] == [False] * 5
    assert [mostly_english(text) for text in english] == [True] * 6
