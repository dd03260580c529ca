import torch.nn.functional as F


def train(models, x, y, opt):
    total = 0
    opt.zero_grad()
    for model in models:
        loss = F.cross_entropy(model(x), y)
        total = total + loss
    total.backward()
    opt.step()
