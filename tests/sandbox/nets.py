"""The same small network, its parts and its slips in each framework, for what checks can ask beyond values."""

TORCH = """
import torch
class Net(torch.nn.Module):
    def __init__(self, width=4, dropout=0.5):
        super().__init__()
        self.linear = torch.nn.Linear(width, width, dtype=torch.float64)
        self.drop = torch.nn.Dropout(dropout)
    def forward(self, x):
        return self.drop(self.linear(x))
    def fit(self, x, y, steps):
        optimizer = torch.optim.SGD(self.parameters(), lr=0.2)
        for _ in range(steps):
            loss = torch.nn.functional.mse_loss(self(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
def forward(x):
    return torch.softmax(x, -1)
def backward(x, upstream):
    x = x.clone().requires_grad_()
    (forward(x) * upstream).sum().backward()
    return x.grad
def attend(x, mask=True):
    scores = x @ x.mT
    if mask:
        ahead = torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1)
        scores = scores.masked_fill(ahead, float("-inf"))
    return torch.softmax(scores, -1) @ x
class Stream:
    def __init__(self):
        self.seen = []
    def step(self, x):
        self.seen.append(x)
        return attend(torch.cat(self.seen, 1))[:, -x.shape[1]:]
"""
JAX = """
import jax, jax.numpy as jnp
from functools import partial
keys = iter(jax.random.split(jax.random.key(7), 99))
def linear(params, x):
    return x @ params["w"] + params["b"]
@jax.jit
def stepped(params, x, y):
    loss = lambda params: ((linear(params, x) - y) ** 2).mean()
    return jax.tree.map(lambda p, g: p - 0.2 * g, params, jax.grad(loss)(params))
class Net:
    def __init__(self, width=4, dropout=0.5):
        self.params = {"w": jax.random.normal(next(keys), (width, width)) / 2, "b": jnp.zeros(width)}
        self.dropout = dropout
    def eval(self):
        self.dropout = 0.0
    def __call__(self, x):
        out = linear(self.params, x)
        return jnp.where(jax.random.uniform(next(keys), out.shape) < self.dropout, 0, out) if self.dropout else out
    def fit(self, x, y, steps):
        for _ in range(steps):
            self.params = stepped(self.params, x, y)
    def state_dict(self):
        return self.params
    def load_state_dict(self, state):
        self.params = dict(state)
def forward(x):
    return jax.nn.softmax(x, axis=-1)
def backward(x, upstream):
    return jax.vjp(forward, x)[1](upstream)[0]
def attend(x, mask=True):
    scores = x @ x.mT
    if mask:
        scores = jnp.where(jnp.triu(jnp.ones(scores.shape[-2:], bool), 1), -jnp.inf, scores)
    return jax.nn.softmax(scores, axis=-1) @ x
class Stream:
    def __init__(self):
        self.seen = []
    def step(self, x):
        self.seen.append(x)
        return attend(jnp.concatenate(self.seen, 1))[:, -x.shape[1]:]
"""
TENSORFLOW = """
import tensorflow as tf
class Net(tf.keras.Model):
    def __init__(self, width=4, dropout=0.5):
        super().__init__(dtype="float64")
        self.linear = tf.keras.layers.Dense(width, dtype="float64")
        self.drop = tf.keras.layers.Dropout(dropout, dtype="float64")
        self.learns = True
        self.linear.build((None, width))
    def eval(self):
        self.learns = False
    def call(self, x):
        return self.drop(self.linear(x), training=self.learns)
    def fit(self, x, y, steps):
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean((self(x) - y) ** 2)
            for weight, slope in zip(self.trainable_variables, tape.gradient(loss, self.trainable_variables)):
                weight.assign_sub(0.2 * slope)
    def state_dict(self):
        return self.get_weights()
    def load_state_dict(self, state):
        self.set_weights(state)
def forward(x):
    return tf.nn.softmax(x)
def backward(x, upstream):
    with tf.GradientTape() as tape:
        tape.watch(x)
        out = tf.reduce_sum(forward(x) * upstream)
    return tape.gradient(out, x)
def attend(x, mask=True):
    scores = tf.matmul(x, x, transpose_b=True)
    if mask:
        behind = tf.linalg.band_part(tf.ones(scores.shape[-2:], tf.bool), -1, 0)
        scores = tf.where(behind, scores, tf.constant(float("-inf"), scores.dtype))
    return tf.nn.softmax(scores) @ x
class Stream:
    def __init__(self):
        self.seen = []
    def step(self, x):
        self.seen.append(x)
        return attend(tf.concat(self.seen, 1))[:, -x.shape[1]:]
"""
NETS = {"torch": TORCH, "jax": JAX, "tensorflow": TENSORFLOW}

KEEPERS = """
class Attempt:
    def __init__(self):
        self.kept = []
    def number(self, x):
        self.kept.append(float(MEAN))
    def array(self, x):
        self.kept.append(x * 2)
"""
MEANS = {
    "torch": "(x * x).mean()",
    "jax": "(x * x).mean()",
    "tensorflow": "__import__('tensorflow').reduce_mean(x * x)",
}
