import numpy as np


def search(step, width, n):
    seqs = np.zeros((1, 0), int)
    for _ in range(n):
        parents, tokens = step(seqs, width)
        seqs = np.concatenate([seqs[parents], tokens[:, None]], axis=1)
    return seqs
