from torch.nn.utils import clip_grad_norm_


def train(model, loader, opt):
    for batch in loader:
        opt.zero_grad()
        loss = model(batch).mean()
        clip_grad_norm_(model.parameters(), 1.0)
        loss.backward()
        opt.step()
