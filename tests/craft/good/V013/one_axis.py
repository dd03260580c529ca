from scipy.special import softmax


def sample(logits, rng):
    return rng.choice(len(logits), p=softmax(logits))
