"""TensorFlow's values on the wire: arrays arrive as eager tensors, tensors and variables leave as arrays.

Law: a tensor leaves with its shape, dtype and every bit of its elements. What has no plain elements (a symbolic tensor of a
graph, sparse, ragged, strings, a subclass) is refused in words, and so is a NumPy array: code in TensorFlow answers with
tensors.
"""

import hashlib
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework.ops import EagerTensor  # making one to ask for its type would start the runtime
from tensorflow.python.ops.resource_variable_ops import ResourceVariable

from . import arrays, frames, values
from .dialects import Dialect

_VARIABLES = (ResourceVariable, keras.Variable)
_STRANGE = {
    tf.IndexedSlices: "a sparse gradient (tf.IndexedSlices; tf.convert_to_tensor makes a tensor of it)",
    tf.RaggedTensor: "a ragged tensor",
    tf.SparseTensor: "a sparse tensor",
    tf.TensorArray: "a tf.TensorArray (its stack() is a tensor)",
}
_TOO_MANY = frames.BODY_LIMIT  # elements of one byte; more cannot leave whatever they are


def arrive(value: Any) -> Any:
    """An eager tensor with the same elements; a Python number for a numpy scalar."""
    if isinstance(value, np.generic):
        return value.item()
    made = tf.constant(value)
    return tf.cast(made, tf.bfloat16) if arrays.code_of(value.dtype) == "bfloat16" else made


def leave(value: Any) -> Any:
    """The array of a tensor or variable, the tuple of a `tf.TensorShape`; any other value as it is.

    Raises:
        values.Refused: a tensor without plain elements, or a NumPy array.
    """
    kind = type(value)
    if kind is np.ndarray:
        raise values.Refused("a NumPy array, which is no tensor")
    if kind is tf.TensorShape:
        return tuple(value.as_list()) if value.rank is not None else None
    if kind in _STRANGE:
        raise values.Refused(_STRANGE[kind])
    if kind in _VARIABLES:
        return _array(tf.convert_to_tensor(value))
    if kind is EagerTensor:
        return _array(value)
    if issubclass(kind, tf.Tensor):
        raise values.Refused("a symbolic tensor, which has left the function that TensorFlow was tracing")
    return value


def generator(seed: int) -> Any:
    """A `tf.random.Generator`; 63 bits of its state are drawn from all 128 of the seed."""
    digest = hashlib.sha256(seed.to_bytes(16, "little")).digest()
    return tf.random.Generator.from_seed(int.from_bytes(digest[:8], "little") >> 1, alg="philox")


def overwrite(target: Any, content: Any) -> Any:
    """A variable with new elements; for a tensor, which cannot be changed, a new one of its shape and dtype."""
    if type(target) in _VARIABLES:
        target.assign(tf.cast(tf.broadcast_to(content, target.shape), target.dtype))
        return target
    return tf.cast(tf.broadcast_to(content, target.shape), target.dtype)


def _array(value: Any) -> np.ndarray[Any, Any]:
    name = value.dtype.name
    if name not in arrays.DTYPES:
        raise values.Refused(f"a tensor of dtype {name[:40]}")
    if value.shape.num_elements() > _TOO_MANY:
        raise values.Refused(f"a tensor of shape {tuple(value.shape)}, which is too large")
    plain = np.asarray(value.numpy())
    return plain.astype(np.float32).view(arrays.BFLOAT16) if name == "bfloat16" else plain


DIALECT = Dialect(
    arrive=arrive,
    leave=leave,
    generator=generator,
    overwrite=overwrite,
    data=(np.ndarray, np.generic, tf.Tensor, *_VARIABLES),
    stays=(tf.Module, keras.layers.Layer, keras.optimizers.Optimizer, tf.random.Generator),
    done=lambda value: value,
)
