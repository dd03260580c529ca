"""What a question excludes is found in the code by every way of writing it, and nothing else is."""

import asyncio
from dataclasses import replace

import pytest

from tests.core.records import question
from viva.core.evidence import NotObserved
from viva.core.requests import InspectCode
from viva.craft import CodeReader, CraftInspector
from viva.craft.inside.inspect import Found, inspect
from viva.ports import Material

SDPA = "torch.nn.functional.scaled_dot_product_attention"
BACKWARD = "torch.Tensor.backward"


def found(source: str, *forbid: str, from_scratch: tuple[str, ...] = ()) -> list[Found]:
    return [one for one in inspect(source, from_scratch, forbid=forbid) if one.rule == "V030"]


USED = {
    "a path": (SDPA, "import torch\ny = torch.nn.functional.scaled_dot_product_attention(1, 2, 3)\n"),
    "an alias": (SDPA, "from torch.nn import functional as f\ny = f.scaled_dot_product_attention(1, 2, 3)\n"),
    "another door": (SDPA, "import torch\ny = torch.ops.aten.scaled_dot_product_attention(1, 2, 3)\n"),
    "Keras by way of TensorFlow": (
        "keras.layers.MultiHeadAttention",
        "import tensorflow as tf\nlayer = tf.keras.layers.MultiHeadAttention(2, 4)\n",
    ),
    "a method": (BACKWARD, "def step(loss):\n    loss.backward()\n"),
    "a method, unbound": (BACKWARD, "import torch\ntorch.Tensor.backward(loss)\n"),
}


@pytest.mark.parametrize("way", USED)
def test_an_excluded_part_is_found_with_its_line_and_called_excluded(way: str) -> None:
    name, source = USED[way]
    (one,) = found(source, name)
    assert (one.line, one.severity) == (2, "fault")
    assert one.says.startswith(f"{name} is excluded by this question.")


NOT_USED = {
    "a method of one's own": (BACKWARD, "class Value:\n    def backward(self):\n        ...\nValue().backward()\n"),
    "a function of the same name": (BACKWARD, "import torch\ntorch.autograd.backward(loss)\n"),
    "one's own function": (SDPA, "def scaled_dot_product_attention(q):\n    ...\nscaled_dot_product_attention(1)\n"),
    "words": (SDPA, "text = 'scaled_dot_product_attention'  # torch.nn.functional.scaled_dot_product_attention\n"),
}


@pytest.mark.parametrize("way", NOT_USED)
def test_what_only_sounds_like_it_is_not_found(way: str) -> None:
    name, source = NOT_USED[way]
    assert not found(source, name)


def test_a_part_in_both_lists_is_said_once_and_as_excluded() -> None:
    (one,) = found(USED["a path"][1], SDPA, from_scratch=(SDPA,))
    assert "is excluded" in one.says


def test_what_a_question_forbids_reaches_the_reader_of_code() -> None:
    async def story() -> None:
        asked = replace(question(), forbid=(SDPA,))
        material = Material(question=asked, files={}, framework="torch", content=USED["an alias"][1])
        async with CodeReader() as reader:
            seen = await CraftInspector(reader)(InspectCode(question=asked.digest, of="sha256:0"), material)
        assert not isinstance(seen, NotObserved)
        assert [(one.rule, one.line) for one in seen.findings] == [("V030", 2)]

    asyncio.run(story())
