from collections.abc import Callable

import numpy as np


def beam_search(
    step: Callable[[list[int]], np.ndarray],  # tokens so far, beginning with start -> log-probabilities (V,)
    start: int,
    end: int,
    width: int,
    max_len: int,
    alpha: float = 0.0,
) -> list[tuple[list[int], float]]:  # (tokens, score), best first
    ...
