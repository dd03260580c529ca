def train(model, loader, optimizer, sched, scaler):
    for batch in loader:
        optimizer.zero_grad()
        scaler.scale(model(batch).mean()).backward()
        sched.step()
        scaler.step(optimizer)
        scaler.update()
