"""JAX's values on the wire: arrays arrive as `jax.Array`, such arrays leave as NumPy's.

Law: an array leaves with its shape, dtype and every bit of its elements. What has no plain elements here (a random key, a
traced value, a deleted or foreign array) is refused in words, and so is a NumPy array: code in JAX answers with JAX's. JAX
is used with its defaults, so float64 and 64-bit integers arrive at half their width.
"""

import hashlib
from typing import Any

import jax
import numpy as np
from jax._src.array import ArrayImpl  # every concrete array's type; an array to ask for it would start the backend

from . import arrays, frames, values
from .dialects import Dialect

_TOO_MANY = frames.BODY_LIMIT  # elements of one byte; more cannot leave whatever they are


def arrive(value: Any) -> Any:
    """An array with the same elements (in JAX's default width); a Python number for a numpy scalar."""
    if isinstance(value, np.generic):
        return value.item()
    made = jax.numpy.asarray(value)
    return made.astype(jax.numpy.bfloat16) if arrays.code_of(value.dtype) == "bfloat16" else made


def leave(value: Any) -> Any:
    """The NumPy array of a `jax.Array`; any other value as it is.

    Raises:
        values.Refused: an array without plain elements here, a traced value, or a NumPy array.
    """
    kind = type(value)
    if kind is np.ndarray:
        raise values.Refused("a NumPy array, which is no jax.Array")
    if issubclass(kind, jax.core.Tracer):
        raise values.Refused("a traced value, which has left the function that JAX was tracing")
    if not issubclass(kind, jax.Array):
        return value
    if kind is not ArrayImpl:
        name = values.safe_type_name(value)
        found = (
            "a random key" if jax.dtypes.issubdtype(value.dtype, jax.dtypes.prng_key) else f"an object of type {name}"
        )
        raise values.Refused(found)
    return _array(value)


def generator(seed: int) -> Any:
    """A random key (`jax.random.key`); 64 of its bits are drawn from all 128 of the seed."""
    digest = hashlib.sha256(seed.to_bytes(16, "little")).digest()
    return jax.random.wrap_key_data(np.frombuffer(digest[:8], np.uint32), impl="threefry2x32")


def overwrite(target: Any, content: Any) -> Any:
    """A new array of `target`'s shape and dtype in its place, since arrays of JAX cannot be changed."""
    return jax.numpy.broadcast_to(content, target.shape).astype(target.dtype)


def _array(value: Any) -> np.ndarray[Any, Any]:
    name = value.dtype.name
    if name not in arrays.DTYPES:
        raise values.Refused(f"a jax.Array of dtype {name[:40]}")
    if value.size > _TOO_MANY:
        raise values.Refused(f"a jax.Array of shape {value.shape}, which is too large")
    try:
        plain = np.asarray(value)
    except RuntimeError:  # donated to a compiled function, or deleted
        raise values.Refused("a jax.Array whose values cannot be read (it was deleted or donated)") from None
    return plain.astype(np.float32).view(arrays.BFLOAT16) if name == "bfloat16" else plain


DIALECT = Dialect(
    arrive=arrive,
    leave=leave,
    generator=generator,
    overwrite=overwrite,
    data=(np.ndarray, np.generic, ArrayImpl),
    stays=(),
    done=jax.block_until_ready,
)
