def fit(model, loader, opt, scheduler, epochs):
    for _ in range(epochs):
        for batch in loader:
            opt.zero_grad()
            model(batch).mean().backward()
            opt.step()
        scheduler.step()
