import torch


def forward(model, x, mask):
    with torch.autocast("cuda", dtype=torch.float16):
        scores = model.scores(x) + (1.0 - mask) * -1e9
        return torch.softmax(scores, dim=-1)
