def log_probs(logits):
    return logits.softmax(dim=-1).log()
