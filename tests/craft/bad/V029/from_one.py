def train(model, loader, opt):
    for epoch in range(1, 2):
        for batch in loader:
            opt.zero_grad()
            model(batch).mean().backward()
            opt.step()
