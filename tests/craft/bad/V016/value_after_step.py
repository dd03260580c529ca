from torch import nn


def update(model, loss, optimizer):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    nn.utils.clip_grad_value_(model.parameters(), 0.5)
