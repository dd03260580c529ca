import torch


def run_validation(model, x_val, y_val):
    with torch.no_grad():
        return torch.nn.functional.mse_loss(model(x_val), y_val).item()
