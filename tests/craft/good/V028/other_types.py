import torch


def steps(xs):
    for x in xs:
        yield x.to(torch.float32), torch.zeros(3).to(x.dtype)
