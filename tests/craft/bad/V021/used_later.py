def softmax_weights(scores):
    max = scores[0]
    for score in scores:
        max = score if score > max else max
    return [score - max for score in scores]


def spread(xs):
    min = xs[0]
    return min(xs) - min
