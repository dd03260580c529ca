"""What JAX's zygote does once, and what each of its forks does for itself.

Law: the zygote imports and no more. A parent in which JAX's backend has started, be it by `jax.devices()`, leaves children
that hang; so the backend starts in each fork, once its jail is up.
"""

import importlib

import jax
import numpy as np

MODULES = (
    *("jax.numpy", "jax.nn", "jax.nn.initializers", "jax.lax", "jax.random", "jax.tree_util", "jax.flatten_util"),
    *("jax.scipy.special", "jax.scipy.linalg", "jax.scipy.stats", "jax.numpy.linalg", "jax.numpy.fft", "jax.ops"),
    *("jax.test_util", "jax.experimental", "jax.debug", "jax.errors", "optax"),
    "jaxlib.mlir._mlir_libs._mlirHlo",  # what the first compilation imports
    *("jaxlib.mlir.dialects.builtin", "jaxlib.mlir.dialects.mhlo", "jaxlib.mlir.extras.meta"),
)


def warm() -> None:
    """Import what candidates use."""
    for name in MODULES:
        importlib.import_module(name)


def begin() -> None:
    """Start the backend with its threads, whose stacks then count as the machine's and not as the candidate's memory."""
    x = jax.numpy.asarray(np.ones((2, 2), np.float32))
    np.asarray(x @ x)
