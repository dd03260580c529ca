from torch.nn.functional import scaled_dot_product_attention as sdpa


def attention(q, k, v, mask):
    return sdpa(q, k, v, attn_mask=mask)
