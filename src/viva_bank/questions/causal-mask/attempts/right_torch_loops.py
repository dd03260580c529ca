# framework: torch
# expect: correctness == 1
import torch


def causal_weights(scores, lengths=None, window=None):
    b, h, t, _ = scores.shape
    out = torch.zeros_like(scores)
    for text in range(b):
        length = t if lengths is None else int(lengths[text])
        for i in range(length):
            first = 0 if window is None else max(0, i - window + 1)
            row = (
                scores[text, :, i, first : i + 1].float()
                if scores.dtype == torch.float16
                else scores[text, :, i, first : i + 1]
            )
            out[text, :, i, first : i + 1] = torch.softmax(row, dim=-1).to(scores.dtype)
    return out
