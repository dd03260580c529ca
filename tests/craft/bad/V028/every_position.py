import torch


def embed(model, tokens, device):
    out = []
    t = 0
    while t < tokens.shape[1]:
        positions = torch.full((tokens.shape[0],), t).to(device)
        out.append(model(tokens[:, t], positions))
        t += 1
    return torch.stack(out, dim=1)
