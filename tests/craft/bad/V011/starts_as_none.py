import torch


def collect(model, batches):
    preds = None
    for batch in batches:
        p = model(batch)
        if preds is None:
            preds = p
        else:
            preds = torch.cat([preds, p], dim=0)
    return preds
