# framework: tensorflow
# expect: correctness < 0.9
# expect: fails == example_norm_first, residuals_alone, scale_and_shift, eps_given, feed_forward, feed_forward_biases, norm_in_front, size_one, masked, empty_rows, empty_without_values, no_memory
# fault: norm-first-ignored: the norms were behind, whatever norm_first says
import tensorflow as tf


def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):
    if x.shape[-1] % n_heads:
        raise ValueError("n_heads must divide D")

    def linear(z, name):
        return tf.matmul(z, params["w" + name]) + params["b" + name]

    def split(z):
        return tf.stack(tf.split(z, n_heads, axis=-1), axis=1)  # (B, H, T, d)

    def attention(z):
        q, k, v = (split(linear(z, name)) for name in "qkv")
        scores = tf.einsum("bhid,bhjd->bhij", q, k) * q.shape[-1] ** -0.5
        if mask is None:
            weights = tf.nn.softmax(scores)
        else:
            may_look = tf.expand_dims(tf.broadcast_to(mask, (z.shape[0], z.shape[1], z.shape[1])), 1)
            weights = tf.nn.softmax(tf.where(may_look, scores, tf.cast(-1e9, scores.dtype)))
            weights *= tf.cast(may_look, weights.dtype)
        return linear(tf.concat(tf.unstack(weights @ v, axis=1), axis=-1), "o")

    def forward(z):
        return linear(tf.nn.relu(linear(z, "1")), "2")

    def norm(z, which):
        mean, variance = tf.nn.moments(z, axes=[-1], keepdims=True)
        return (z - mean) * tf.math.rsqrt(variance + eps) * params["g" + which] + params["h" + which]

    for part, which in ((attention, "1"), (forward, "2")):
        x = norm(x + part(x), which)
    return x
