"""A spare plays one small run through while it waits for its job, so that the real one meets no page for the first time.

A fork pays for every page that it first reads or writes; that is most of a short run. Law: nothing of a rehearsal is left
but warm pages: no module, no file, no descriptor.
"""

import importlib
import linecache
import os
import shutil
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from . import frames, values

_CHECKS = b"""
import numpy as np
from viva_check import check, fail
requires = ("attempt",)
@check("a rehearsal", visible=True)
def first(sut, rng):
    x = rng.normal(size=(4, 8))
    if not np.allclose(sut.attempt(x), np.exp(x - x.max(axis=-1, keepdims=True))):
        fail("no")
@check("another")
def second(sut, rng):
    if sut.attempt(np.ones((1, 2))).shape != (1, 2):
        fail("no")
"""
_ATTEMPTS = {
    "jax": b"""
import jax
import jax.numpy as jnp
def attempt(x):
    e = jnp.exp(x - x.max(axis=-1, keepdims=True))
    return jnp.where(x > 2, 0, e / e.sum(axis=-1, keepdims=True)) + jax.nn.softmax(x, axis=-1) @ jnp.ones((2, 2))
""",
    "tensorflow": b"""
import tensorflow as tf
def attempt(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        e = tf.exp(x - tf.reduce_max(x, axis=-1, keepdims=True))
        y = tf.where(x > 2, tf.zeros_like(x), e / tf.reduce_sum(e, axis=-1, keepdims=True))
    return tape.gradient(y, x) + tf.matmul(tf.nn.softmax(x), x, transpose_b=True)
""",
    "numpy": b"""
import numpy as np
def attempt(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True) * e.sum(axis=-1, keepdims=True)
""",
    "torch": b"""
import torch
def attempt(x):
    layer, target = torch.nn.Parameter(torch.ones(x.shape[-1], 3)), torch.zeros(len(x), dtype=torch.long)
    optimizer = torch.optim.SGD([layer], lr=0.1)
    for _ in range(2):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(torch.relu(x.float() @ layer), target).backward()
        optimizer.step()
    with torch.no_grad():
        return torch.exp(x - x.amax(-1, keepdim=True)) * torch.softmax(x, -1).sum(-1, keepdim=True)
""",
}
_FOLDER = Path("/tmp/rehearsal")


def of(role: str, framework: str, serve: Callable[[socket.socket], None]) -> None:
    """Play a run of `role` through.

    Raises:
        Exception: whatever goes wrong; the spare is then of no use.
    """
    if role == "checker":
        _checker(
            importlib.import_module(".checker", __package__), importlib.import_module(".candidate", __package__).serve
        )
    else:
        _candidate(serve, _ATTEMPTS[framework])
    for name in ("attempt", "checks"):
        sys.modules.pop(name, None)
    linecache.clearcache()
    shutil.rmtree(_FOLDER, ignore_errors=True)


def _candidate(serve: Callable[[socket.socket], None], attempt: bytes) -> None:
    """Let the candidate's side answer a few requests that lie ready."""
    ours, theirs = socket.socketpair()
    common: dict[str, Any] = {"nonce": "rehearsal", "drop": False}
    target = {"h": [0, ["attempt"]]}
    value, body = values.encode(((np.ones((1, 2)),), {}))
    with ours, theirs:
        frames.send(ours, common | {"op": "load"}, attempt)
        frames.send(ours, common | {"op": "has", "name": "attempt"})
        frames.send(ours, common | {"op": "call", "target": target, "value": value, "keep": False, "id": 1}, body)
        ours.shutdown(socket.SHUT_WR)
        serve(theirs)


def _checker(module: ModuleType, answers: Callable[[socket.socket], None]) -> None:
    """Let the checker run a question of two checks; `answers` serves the candidate's side in a thread beside it."""
    ours, ctl = socket.socketpair()
    wire, other = socket.socketpair()
    beside = threading.Thread(target=answers, args=(other,))
    beside.start()
    with ours, ctl, wire, other:
        job = {
            "op": "job",
            "question": "rehearsal",
            "which": "all",
            "framework": "numpy",
            "seed": "00",
            "budget": {"cpu_seconds": 1.0, "wall_seconds": 1.0, "memory_mib": 1},
            "files": [["checks.py", len(_CHECKS)]],
            "code_bytes": len(_ATTEMPTS["numpy"]),
        }
        frames.send(ours, job, _CHECKS + _ATTEMPTS["numpy"], fds=(wire.fileno(),))
        module.serve(ctl, _FOLDER)
        other.shutdown(socket.SHUT_RDWR)
        beside.join()
    os.chdir("/tmp")
