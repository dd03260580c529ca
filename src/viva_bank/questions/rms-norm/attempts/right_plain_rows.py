# framework: numpy
# expect: correctness == 1
# expect: ended == finished
import math

import numpy as np


def rms_norm(x, weight, eps=1e-6):
    result = np.zeros_like(x, order="C")
    rows = result.reshape(-1, x.shape[-1])
    factors = [float(w) for w in weight]
    for row, numbers in zip(rows, x.reshape(-1, x.shape[-1]).tolist()):
        size = math.sqrt(math.fsum(n * n for n in numbers) / len(numbers) + eps)
        row[:] = [n / size * w for n, w in zip(numbers, factors)]
    return result
