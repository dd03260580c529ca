# framework: torch
# expect: correctness == 1
# Makes room in advance and doubles it, so a step copies one position.
import torch
from torch.nn.functional import scaled_dot_product_attention as attend


class CachedAttention:
    def __init__(self, wq, wk, wv, wo, n_heads):
        if len(wq) % n_heads != 0:
            raise ValueError("n_heads must divide D")
        self.w, self.wo, self.h = torch.cat([wq, wk, wv], dim=1), wo, n_heads
        self.reset()

    def reset(self):
        self.room, self.n = None, 0

    def _keep(self, kv):
        t = kv.shape[3]
        if self.room is None or self.n + t > self.room.shape[3]:
            size = max(2 * (self.n + t), 8)
            room = kv.new_zeros(*kv.shape[:3], size, kv.shape[4])
            if self.n:
                room[:, :, :, : self.n] = self.room[:, :, :, : self.n]
            self.room = room
        self.room[:, :, :, self.n : self.n + t] = kv
        self.n += t
        return self.room[:, :, :, : self.n]

    def prefill(self, x):
        b, t, width = x.shape
        q, k, v = (x @ self.w).view(b, t, 3, self.h, width // self.h).permute(2, 0, 3, 1, 4)
        k, v = self._keep(torch.stack([k, v]))
        may = torch.ones(t, self.n, dtype=torch.bool).tril(self.n - t)
        return attend(q, k, v, attn_mask=may).transpose(1, 2).reshape(b, t, width) @ self.wo

    step = prefill
