def train_step(model, batch, optimizer, scheduler):
    optimizer.zero_grad()
    loss = model(batch).mean()
    loss.backward()
    scheduler.step()
    optimizer.step()
    return loss.item()
