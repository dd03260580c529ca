import numpy as np


def top_p_sample(
    logits: np.ndarray,  # (V,)
    p: float,
    temperature: float,
    rng: np.random.Generator,
    size: int,
) -> np.ndarray:  # integers, (size,)
    ...
