"""The trained judge as one int8 ONNX file. Law: what is shipped is what was measured, so its logits are compared with the
trained model's before anything is written."""

import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from training.base import Judge
from training.batches import Encoded, tensors_of

_NAMES = ("input_ids", "attention_mask", "token_type_ids")
_MOST_DIFFERENCE = 1e-3


def export(judge: Judge, to: Path, tries: list[Encoded]) -> float:
    """Write the judge to `to`, weights in int8 by output channel, activations quantised as they come (dynamic). Gives the
    mean absolute difference of the int8 logits from the trained ones over `tries`.

    Raises:
        ValueError: the ONNX graph before quantisation gives other logits than the trained model.
    """
    judge = judge.cpu().eval().float()
    judge.encoder.set_attn_implementation("eager")
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        example = tensors_of(tries[:2])[:3]
        axes = {name: {0: "batch", 1: "tokens"} for name in _NAMES}
        torch.onnx.export(
            judge, example, str(whole), input_names=list(_NAMES), output_names=["logits"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        with torch.no_grad():
            trained = np.concatenate([judge(*_inputs(pair)).numpy() for pair in tries])
        difference = float(np.abs(_logits(whole, tries) - trained).max())
        if difference > _MOST_DIFFERENCE:
            raise ValueError(
                f"The exported graph differs from the trained model by {difference:.4f}; is it in eval mode?"
            )
        quantize_dynamic(whole, to, per_channel=True, reduce_range=False, weight_type=QuantType.QInt8)
    return float(np.abs(_logits(to, tries) - trained).mean())


def _inputs(pair: Encoded) -> tuple[Tensor, Tensor, Tensor]:
    return tensors_of([pair])[:3]


def _logits(file: Path, pairs: list[Encoded]) -> np.ndarray:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    fed = (dict(zip(_NAMES, (tensor.numpy() for tensor in _inputs(pair)), strict=True)) for pair in pairs)
    return np.concatenate([session.run(None, feed)[0] for feed in fed])
