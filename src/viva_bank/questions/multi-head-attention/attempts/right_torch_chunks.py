# framework: torch
# expect: correctness == 1
# expect: ended == finished
# Heads are chunks along the last axis, treated one after the other.
import torch


def multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None):
    if x.size(2) % n_heads:
        raise ValueError("the number of heads must divide the width")
    heads = zip(*(torch.matmul(x, w).chunk(n_heads, dim=2) for w in (wq, wk, wv)), strict=True)
    contexts = []
    for q, k, v in heads:
        scores = torch.bmm(q, k.transpose(1, 2)) * q.size(2) ** -0.5
        if mask is None:
            contexts.append(scores.softmax(2).bmm(v))
            continue
        scores = torch.where(mask, scores, scores.new_tensor(-1e9))
        weights = scores.softmax(2) * mask
        contexts.append(weights.bmm(v))
    return torch.cat(contexts, dim=2) @ wo
