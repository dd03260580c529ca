import numpy as np


def sample(probs, rng, size):
    return np.random.choice(len(probs), size=size, p=probs)
