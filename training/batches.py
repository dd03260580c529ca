"""Pairs as tensors. Law: a pair becomes tokens as it does at run time, by `viva.answers.joining`."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from training.rows import Pair
from viva.answers.joining import join


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids of a pair, where its second segment begins, and its allowed classes as three flags."""

    ids: list[int]
    second: int
    allowed: tuple[bool, bool, bool]


class Joiner:
    """Turns pairs into tokens; each text is cut into tokens once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._first = tokenizer.token_to_id("[CLS]")
        self._end = tokenizer.token_to_id("[SEP]")
        self._known: dict[str, list[int]] = {}

    def _ids(self, text: str) -> list[int]:
        if text not in self._known:
            self._known[text] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return self._known[text]

    def join(self, pair: Pair) -> Encoded:
        """The pair's tokens, as the judge gets them at run time too."""
        ids, second = join(
            self._ids(pair.question), self._ids(pair.point), self._ids(pair.answer), first=self._first, end=self._end
        )
        allowed = tuple(number in pair.allowed for number in range(3))
        return Encoded(ids, second, (allowed[0], allowed[1], allowed[2]))


def tensors_of(batch: Sequence[Encoded]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Ids, mask, segment numbers `(B, T)` and allowed classes `(B, 3)` of a batch, padded to its longest."""
    longest = max(len(pair.ids) for pair in batch)
    ids = np.zeros((len(batch), longest), np.int64)
    mask, kinds = np.zeros_like(ids), np.zeros_like(ids)
    for row, pair in enumerate(batch):
        size = len(pair.ids)
        ids[row, :size] = pair.ids
        mask[row, :size] = 1
        kinds[row, pair.second : size] = 1
    allowed = torch.tensor([pair.allowed for pair in batch])
    return torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(kinds), allowed


def batches_of(pairs: Sequence[Encoded], tokens: int, seed: int) -> Iterator[list[Encoded]]:
    """The pairs in a seeded order, in batches of about equal length and at most `tokens` with padding."""
    chance = random.Random(seed)
    order = list(pairs)
    chance.shuffle(order)
    batches: list[list[Encoded]] = []
    for start in range(0, len(order), 2048):
        batch: list[Encoded] = []
        for pair in sorted(order[start : start + 2048], key=lambda pair: len(pair.ids)):
            if batch and (len(batch) + 1) * len(pair.ids) > tokens:
                batches.append(batch)
                batch = []
            batch.append(pair)
        batches.append(batch)
    chance.shuffle(batches)
    yield from batches
