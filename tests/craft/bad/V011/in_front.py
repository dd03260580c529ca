import torch


def reverse(chunks):
    out = None
    for chunk in chunks:
        out = chunk if out is None else torch.cat((chunk, out), dim=0)
    return out
