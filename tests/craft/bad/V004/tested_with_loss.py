import torch


def test(model, device, test_loader, criterion):
    model.eval()
    loss = 0
    for data, target in test_loader:
        data, target = data.to(device), target.to(device)
        output = model(data)
        loss += criterion(output, target).item()
    return loss
