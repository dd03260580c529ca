import torch
import torch.nn.functional as F


def token_log_probs(logits):
    return torch.log(F.softmax(logits, dim=-1))
