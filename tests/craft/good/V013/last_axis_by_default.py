import jax


def probs(logits):
    return jax.nn.softmax(logits)
