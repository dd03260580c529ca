import torch


def train(model, loader, opt):
    for batch in loader:
        loss = model(batch).mean()
        loss.backward()
        opt.step()
        opt.zero_grad()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
