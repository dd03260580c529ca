def train(model, loader, val_loader, opt, evaluate):
    best, bad = float("inf"), 0
    for epoch in range(10000):
        for batch in loader:
            opt.zero_grad()
            model(batch).mean().backward()
            opt.step()
        loss = evaluate(model, val_loader)
        best, bad = (loss, 0) if loss < best else (best, bad + 1)
        if bad > 5:
            break
