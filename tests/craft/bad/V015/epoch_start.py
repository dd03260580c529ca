from torch.optim.lr_scheduler import CosineAnnealingLR


def fit(model, loss_of, loader, opt, epochs):
    schedule = CosineAnnealingLR(opt, epochs)
    for _ in range(epochs):
        schedule.step()
        for batch in loader:
            opt.zero_grad()
            loss_of(model, batch).backward()
            opt.step()
