from torch.optim import Adam


def build(params):
    return Adam(params, lr=1e-9)
