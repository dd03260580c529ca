import torch

w = torch.zeros(3, requires_grad=True)
sgd = torch.optim.SGD([w], lr=0.1)
x, y = torch.randn(100, 3), torch.randn(100)
for step in range(100):
    loss = ((x @ w - y) ** 2).mean()
    loss.backward()
    sgd.step()
