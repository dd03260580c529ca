import torch


def clip_(parameters, limit):
    norm = torch.linalg.vector_norm(torch.stack([p.grad.norm() for p in parameters]))
    for p in parameters:
        p.grad *= torch.clamp(limit / (norm + 1e-6), max=1.0)
