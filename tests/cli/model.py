"""Whether the embedded answer model is here: it ships with viva, but a checkout in the midst of training has none."""

from importlib.resources import files

import pytest

needs_model = pytest.mark.skipif(
    not all(
        (files("viva.answers") / "model" / name).is_file() for name in ("judge.json", "judge.onnx", "tokenizer.json")
    ),
    reason="the answer model is not in src/viva/answers/model",
)
