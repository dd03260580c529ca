import torch.nn.functional as F


def token_log_probs(logits):
    return F.log_softmax(logits, dim=-1)
