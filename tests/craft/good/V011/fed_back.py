import torch


def generate(model, tokens, n):
    for _ in range(n):
        following = model(tokens)[:, -1].argmax(-1, keepdim=True)
        tokens = torch.cat([tokens, following], dim=1)
    return tokens
