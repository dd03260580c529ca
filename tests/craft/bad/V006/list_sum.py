def train(model, loader, opt, criterion):
    losses = []
    for x, y in loader:
        opt.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        opt.step()
        losses += [loss]
    return losses
