import numpy as np


def sample(probs, rng: np.random.Generator, size):
    return rng.choice(len(probs), size=size, p=probs)
