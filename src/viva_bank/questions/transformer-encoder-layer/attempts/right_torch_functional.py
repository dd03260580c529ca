# framework: torch
# expect: correctness == 1
# expect: ended == finished
import torch
import torch.nn.functional as F


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    if x.shape[2] % n_heads != 0:
        raise ValueError(f"cannot cut {x.shape[2]} columns into {n_heads} heads")

    def linear(z, name):
        return torch.matmul(z, params["w" + name]) + params["b" + name]

    def attention(z):
        contexts = []
        for q, k, v in zip(*(linear(z, name).chunk(n_heads, -1) for name in "qkv"), strict=True):
            scores = torch.bmm(q, k.transpose(1, 2)) * q.shape[-1] ** -0.5
            if mask is None:
                contexts.append(F.softmax(scores, -1) @ v)
            else:
                weights = F.softmax(torch.where(mask, scores, scores.new_tensor(-1e9)), -1)
                contexts.append((weights * mask) @ v)
        return linear(torch.cat(contexts, -1), "o")

    def norm(z, name):
        return F.layer_norm(z, z.shape[-1:], eps=eps) * params["g" + name] + params["h" + name]

    steps = ((attention, "1"), (lambda z: linear(F.relu(linear(z, "1")), "2"), "2"))
    for step, name in steps:
        x = x + step(norm(x, name)) if norm_first else norm(x + step(x), name)
    return x
