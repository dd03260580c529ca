def train(model, loader, opt):
    num_epochs = 1
    for _ in range(num_epochs):
        for batch in loader:
            opt.zero_grad()
            model(batch).mean().backward()
            opt.step()
