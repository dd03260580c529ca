"""What PyTorch's zygote does once so that no fork has to: imports, and the first call of what candidates use.

Law: one thread (a parent that ran an operation on two leaves children that hang), nothing random from the global generator
is kept, and nothing stays but code and tables.
"""

import importlib
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

MODULES = (
    *("torch._dynamo", "torch.optim", "torch.optim.lr_scheduler", "torch.utils.data", "torch.distributions"),
    *("torch.func", "torch._functorch.vmap", "torch.autograd.gradcheck", "torch.autograd.functional"),
    *("torch.nn.functional", "torch.nn.utils.rnn", "torch.nn.utils.parametrizations", "torch.fft", "torch.linalg"),
)
"""`torch._dynamo` is the one that counts: any optimizer imports it, 0.9 s and 110 MB in every fork."""

_OPTIMIZERS = (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop, torch.optim.Adagrad)


def warm() -> None:
    """Import and run everything once, without gradients and with them."""
    torch.set_num_threads(1)
    for name in MODULES:
        importlib.import_module(name)
    with torch.no_grad():
        _operations(torch.arange(64.0).reshape(8, 8) / 64)
        _layers()
    _operations((torch.arange(64.0).reshape(8, 8) / 64).requires_grad_())
    _layers()
    _training()
    _transforms()
    torch.manual_seed(0)


def _operations(x: torch.Tensor) -> None:
    whole = torch.eye(8) + x @ x.mT / 8
    results = [
        torch.einsum("ij,jk->ik", x, x),
        torch.linalg.svd(x).S,
        torch.linalg.solve(whole, x),
        torch.linalg.eigh(whole).eigenvalues,
        torch.softmax(x, -1).log() + torch.log_softmax(x, 0) + torch.logsumexp(x, -1, keepdim=True),
        torch.where(x > 0, x, 0.0).masked_fill(x > 0.5, 0.0).clamp(min=0.1).sqrt(),
        x.std(-1, correction=0) + x.var(0) + x.amax(-1),
        torch.cat([x, x]).sort(dim=0).values.cumsum(0),
        torch.stack([x, x]).transpose(1, 2).contiguous().view(-1),
        torch.fft.rfft(x).abs(),
        x.gather(1, torch.arange(8).reshape(8, 1)) * x[torch.tensor([1, 2])][:, None].sum(),
        x.topk(2).values,
        torch.exp(x).tanh().sigmoid(),
        (x[None] @ x[None].mT).tril(),
        nn.functional.scaled_dot_product_attention(x[None, None], x[None, None], x[None, None]),
        nn.functional.gelu(x) + nn.functional.silu(x) + nn.functional.relu(x),
        *((x.to(dtype) @ x.to(dtype).mT).float() for dtype in (torch.float16, torch.bfloat16, torch.float64)),
        x.to(torch.complex64).abs(),
    ]
    if x.requires_grad:
        sum(result.sum() for result in results).backward()
        torch.autograd.grad((x * x).sum(), x, create_graph=True)[0].sum().backward()
    torch.randperm(4, generator=torch.Generator())
    torch.multinomial(x.detach().softmax(-1), 2, generator=torch.Generator())
    torch.randn(2, 2, generator=torch.Generator()).bernoulli(0.5)
    torch.bincount(torch.arange(4)), torch.argmax(x), torch.isfinite(x).all(), repr(x), x.tolist()


def _layers() -> None:
    tokens, features, picture = torch.arange(6).reshape(2, 3), torch.ones(2, 3, 8), torch.ones(2, 3, 8, 8)
    pairs: tuple[tuple[nn.Module, Any], ...] = (
        (nn.Linear(8, 4), features),
        (nn.Embedding(6, 8), tokens),
        (nn.LayerNorm(8), features),
        (nn.Sequential(nn.Linear(8, 8), nn.GELU(), nn.Dropout(0.1), nn.Linear(8, 8)), features),
        (nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()), picture),
        (nn.Conv1d(3, 4, 3), features),
        (nn.TransformerEncoderLayer(8, 2, 16, batch_first=True), features),
        (nn.LSTM(8, 8, batch_first=True), features),
        (nn.GRU(8, 8, batch_first=True), features),
    )
    for layer, given in pairs:
        came = layer(given)
        out = came[0] if isinstance(came, tuple) else came
        if out.requires_grad:
            out.sum().backward()
        layer.eval().load_state_dict(layer.state_dict())
        layer(given)
    repr(pairs[3][0])


def _training() -> None:
    data = torch.utils.data.TensorDataset(torch.ones(4, 3), torch.tensor([0, 1, 0, 1]))
    for kind in _OPTIMIZERS:
        model = nn.Linear(3, 2)
        optimizer = kind(model.parameters(), lr=0.1)
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda _: 1.0)
        for x, y in torch.utils.data.DataLoader(data, batch_size=2):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y) + nn.functional.mse_loss(model(x), torch.zeros(2, 2))
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        scheduler.step()


def _transforms() -> None:
    square: Callable[[torch.Tensor], torch.Tensor] = lambda x: (x * x).sum()  # noqa: E731
    torch.func.vmap(torch.func.grad(square))(torch.ones(2, 3))
    torch.autograd.gradcheck(square, torch.ones(2, dtype=torch.float64, requires_grad=True))
    torch.compile(square)(torch.ones(2))


def begin() -> None:
    """Nothing is left to a fork: all of it was done before."""
