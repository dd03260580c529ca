from torch.nn.functional import dropout


def feed_forward(x, w1, w2):
    return dropout((x @ w1).relu(), p=0.2, training=True) @ w2
