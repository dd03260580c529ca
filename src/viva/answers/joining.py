"""Question, point and text as one row of tokens for the judge. Law: training and grading join them by this function alone,
so a model never meets at run time what it was not trained on."""

from collections.abc import Sequence

MOST_TOKENS = 160
"""Tokens of one joined row; the time that the judge takes grows with it."""

_QUESTION_LEAST = 24
_POINT_LEAST = 16


def join(
    question: Sequence[int], point: Sequence[int], text: Sequence[int], *, first: int, end: int
) -> tuple[list[int], int]:
    """Token ids of `[CLS] question [SEP] point [SEP] text [SEP]`, and where the text's segment begins. `first` and `end` are
    the ids of [CLS] and [SEP]; an empty question leaves no separator.

    What is too long loses its end: first the text, of which half of the row stays, then the point, then the question.
    """
    text = text[: max(MOST_TOKENS // 2, MOST_TOKENS - len(question) - len(point) - 4)]
    room = MOST_TOKENS - len(text) - 4
    point = point[: max(room - min(len(question), _QUESTION_LEAST), _POINT_LEAST)]
    question = question[: max(room - len(point), 0)]
    head = [first, *question, *([end] if question else []), *point, end]
    return [*head, *text, end], len(head)
