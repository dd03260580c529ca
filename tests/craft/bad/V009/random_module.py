import random


def shuffle_pairs(pairs):
    random.shuffle(pairs)
    return pairs[: len(pairs) // 2]
