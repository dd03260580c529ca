import torch


def train(model, loader, opt, scaler):
    for batch in loader:
        opt.zero_grad()
        scaler.scale(model(batch).mean()).backward()
        scaler.unscale_(opt)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(opt)
        scaler.update()
