import torch
import torch.utils.data as data


def train(dataset, model):
    device = "cuda" if torch.cuda.is_available() else "cpu"
    for x, y in data.DataLoader(dataset, batch_size=32):
        model(x.to(device))
