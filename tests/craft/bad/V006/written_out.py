import torch.nn.functional as F


def epoch(model, loader, opt):
    running = 0.0
    for x, y in loader:
        opt.zero_grad()
        batch_loss = F.cross_entropy(model(x), y)
        batch_loss.backward()
        opt.step()
        running = running + batch_loss * x.size(0)
    return running
