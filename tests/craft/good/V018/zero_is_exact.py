def sample(logits, temperature):
    if temperature == 0.0:
        return logits.argmax()
    return logits / temperature
