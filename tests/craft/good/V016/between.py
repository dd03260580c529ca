import torch


def train(model, loader, opt):
    for batch in loader:
        opt.zero_grad()
        model(batch).mean().backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
