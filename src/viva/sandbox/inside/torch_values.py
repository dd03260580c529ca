"""PyTorch's values on the wire: arrays arrive as tensors, tensors leave as arrays.

Law: a tensor leaves with its shape, dtype and every bit of its elements; gradients stay behind. What has no plain elements
here (another device, sparse, nested, quantized, a subclass but `Parameter`) is refused in words, and so is a NumPy array:
code in PyTorch answers with tensors.
"""

import hashlib
from typing import Any

import numpy as np
import torch

from . import arrays, frames, values
from .dialects import Dialect

_PLAIN_TYPES = (torch.Tensor, torch.nn.Parameter)
_TOO_MANY = frames.BODY_LIMIT  # elements of one byte; more cannot leave whatever they are
_NAMES = {
    **{getattr(torch, name): name for name in arrays.DTYPES if name != "bool" and hasattr(torch, name)},
    torch.bool: "bool",
}


def arrive(value: Any) -> Any:
    """A tensor over an array's own memory (bfloat16 over a copy); a Python number for a numpy scalar."""
    if isinstance(value, np.generic):
        return value.item()
    tensor = torch.from_numpy(value)
    return tensor.to(torch.bfloat16) if arrays.code_of(value.dtype) == "bfloat16" else tensor


def leave(value: Any) -> Any:
    """The array of a tensor, the tuple of a `torch.Size`; any other value as it is.

    Raises:
        values.Refused: a tensor without plain elements here, or a NumPy array.
    """
    kind = type(value)
    if kind is torch.Size:
        return tuple(value)
    if kind is np.ndarray:
        raise values.Refused("a NumPy array, which is no tensor")
    if not issubclass(kind, torch.Tensor):
        return value
    if kind not in _PLAIN_TYPES:
        raise values.Refused(f"an object of type {values.safe_type_name(value)}, a subclass of torch.Tensor")
    strange = _strange(value)
    if strange:
        raise values.Refused(strange)
    try:
        return _array(value)
    except (RuntimeError, TypeError):  # inside a transform of torch.func a tensor has no values of its own
        raise values.Refused("a tensor whose values cannot be read") from None


def generator(seed: int) -> torch.Generator:
    """A generator on the CPU; all 128 bits of the seed count."""
    digest = hashlib.sha256(seed.to_bytes(16, "little")).digest()
    made = torch.Generator()
    made.manual_seed(int.from_bytes(digest[:7], "little"))
    return made


def overwrite(target: Any, content: Any) -> Any:
    """`target` with new elements, in place, whether or not a gradient is kept of it."""
    with torch.no_grad():
        target[...] = content
    return target


def _strange(tensor: torch.Tensor) -> str:
    """What a tensor is that cannot leave; empty where it can."""
    if tensor.device.type != "cpu":
        return f"a tensor on the device {tensor.device.type!r}, not on the CPU"
    if tensor.is_nested:
        return "a nested tensor"
    if tensor.layout is not torch.strided:
        return f"a sparse tensor ({str(tensor.layout).removeprefix('torch.')})"
    if tensor.is_quantized:
        return "a quantized tensor"
    if tensor.dtype not in _NAMES:
        return f"a tensor of dtype {str(tensor.dtype).removeprefix('torch.')}"
    if tensor.numel() > _TOO_MANY:
        return f"a tensor of shape {tuple(tensor.shape)}, which is too large"
    return ""


def _array(tensor: torch.Tensor) -> np.ndarray[Any, Any]:
    plain = tensor.detach().resolve_conj().resolve_neg()
    if plain.dtype is torch.bfloat16:
        made: np.ndarray[Any, Any] = plain.to(torch.float32).numpy().view(arrays.BFLOAT16)
    else:
        made = plain.numpy()
    return made


DIALECT = Dialect(
    arrive=arrive,
    leave=leave,
    generator=generator,
    overwrite=overwrite,
    data=(np.ndarray, np.generic, torch.Tensor),
    stays=(torch.nn.Module, torch.optim.Optimizer),
    done=lambda value: value,
)
