"""What TensorFlow's zygote does once, and what each of its forks does for itself.

Law: the zygote imports and no more. A parent that ran two small operations leaves children whose larger ones hang; so the
runtime starts in each fork, once its jail is up.
"""

import importlib

import numpy as np
import tensorflow as tf

MODULES = (
    *("keras", "keras.layers", "keras.optimizers", "keras.losses", "keras.ops", "keras.random"),
    *(
        "tensorflow.python.data.ops.concatenate_op",
        "tensorflow.python.data.ops.flat_map_op",
    ),  # keras imports these late
    *("tensorflow.python.data.ops.from_tensors_op", "tensorflow.python.data.ops.range_op"),
    "tensorflow.python.data.ops.zip_op",
)


def warm() -> None:
    """Import what candidates use."""
    for name in MODULES:
        importlib.import_module(name)


def begin() -> None:
    """Start the runtime with its threads, whose stacks then count as the machine's and not as the candidate's memory."""
    x = tf.constant(np.ones((2, 2), np.float32))
    (x @ x).numpy()
