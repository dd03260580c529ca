import numpy as np


def attention_scores(q, k):
    B, H, T, d = q.shape
    scores = np.zeros((B, H, T, T))
    for b in range(B):
        for h in range(H):
            for i in range(T):
                for j in range(T):
                    s = 0.0
                    for c in range(d):
                        s += q[b, h, i, c] * k[b, h, j, c]
                    scores[b, h, i, j] = s / d**0.5
    return scores
