"""The same answer gets the same correctness in every framework, and fails the same checks. Worked solutions are right answers;
wrong ones are made of them by a slip that is put in by the same words everywhere, so that nothing but the framework differs. (A
slip that float32 cannot show, such as 1e-5 for an eps of 1e-9, is no slip in JAX, which has no float64 by default.)
"""

import re
from collections.abc import Callable
from functools import cache

import pytest

from tests.proofs.bank import files_of, job_for, question_of
from tests.sandbox.conftest import Loop, run_of
from viva.core.evidence import CheckRun, Ended
from viva.core.values import FRAMEWORKS, Framework
from viva.grading.correctness import share_passed
from viva.sandbox import environments
from viva.sandbox.client import Sandbox

EVERYWHERE = (
    "stable-softmax",
    "scaled-dot-product-attention",
    "multi-head-attention",
    "transformer-encoder-layer",
)
"""The questions that are offered in all four frameworks."""

Slip = Callable[[str], str]


def without(pattern: str, instead: str = "") -> Slip:
    """A piece of the solution is left out, wherever it stands."""

    def slip(code: str) -> str:
        slipped, found = re.subn(pattern, instead, code)
        assert found, f"{pattern!r} is not in the solution"
        return slipped

    return slip


def behind(lines: str) -> Slip:
    """Something is defined anew below the solution."""
    return lambda code: f"{code}\n\n{lines.strip()}\n"


def attention(call: str) -> Slip:
    """The solution is called with other arguments than came."""
    return behind(f"right = attention\ndef attention(q, k, v, mask=None): return {call}")


def heads(call: str) -> Slip:
    """As above, for multi-head attention."""
    return behind(
        f"right = multi_head_attention\ndef multi_head_attention(x, wq, wk, wv, wo, n_heads, mask=None): return {call}"
    )


def layer(call: str) -> Slip:
    """As above, for the encoder layer; `p` are the parameters."""
    head = "def encoder_layer(x, params, n_heads, mask=None, norm_first=False, eps=1e-5):"
    return behind(f"right = encoder_layer\n{head}\n    p = dict(params)\n    return {call}")


SLIPS: dict[str, dict[str, Slip]] = {
    "stable-softmax": {
        "the last axis, whatever axis says": without(r"shift\(x, axis\)\n", "shift(x, axis)\n    axis = -1\n"),
        "the logarithm was forgotten": behind("log_softmax = softmax"),
        "only the logarithms": behind("softmax = log_softmax"),
        "twice as large": behind("right = softmax\ndef softmax(x, axis=-1): return 2 * right(x, axis)"),
        "the input as it is": behind("def softmax(x, axis=-1): return x"),
    },
    "scaled-dot-product-attention": {
        "no scale": without(r" / math\.sqrt\(q\.shape\[-1\]\)"),
        "the scale twice": without(r"( / math\.sqrt\(q\.shape\[-1\]\))", r"\1\1"),
        "the mask is not looked at": attention("right(q, k, v)"),
        "the mask inverted": attention("right(q, k, v, mask if mask is None else ~mask)"),
        "the keys negated": attention("right(q, -k, v, mask)"),
        "the values as they are": attention("v"),
    },
    "multi-head-attention": {
        "no scale": without(r" / math\.sqrt\(d\)"),
        "the scale of D": without(r"math\.sqrt\(d\)", "math.sqrt(d_model)"),
        "the mask is not looked at": heads("right(x, wq, wk, wv, wo, n_heads)"),
        "the mask inverted": heads("right(x, wq, wk, wv, wo, n_heads, mask if mask is None else ~mask)"),
        "one head": heads("right(x, wq, wk, wv, wo, 1, mask)"),
        "no output projection": without("return joined @ wo", "return joined"),
        "queries are keys": heads("right(x, wk, wk, wv, wo, n_heads, mask)"),
    },
    "transformer-encoder-layer": {
        "no scale": without(r" / math\.sqrt\(d\)"),
        "no residual around the feed-forward part": without(r"x \+ feed_forward\(", "feed_forward("),
        "no residual around attention": without(r"x \+ self_attention\(", "self_attention("),
        "the norms behind, whatever is said": layer("right(x, p, n_heads, mask, False, eps)"),
        "the mask is not looked at": layer("right(x, p, n_heads, None, norm_first, eps)"),
        "a large eps": layer("right(x, p, n_heads, mask, norm_first, eps + 0.1)"),
        "one norm for both": layer("right(x, {**p, 'g2': p['g1'], 'h2': p['h1']}, n_heads, mask, norm_first, eps)"),
        "no output bias": layer("right(x, {**p, 'bo': 0 * p['bo']}, n_heads, mask, norm_first, eps)"),
    },
}
OTHERS: tuple[Framework, ...] = tuple(one for one in FRAMEWORKS if one != "numpy")
CASES = [(id, slip) for id in EVERYWHERE for slip in SLIPS[id]]


@pytest.fixture(scope="module")
def verdict(loop: Loop, sandbox: Sandbox, numpy_environment: environments.Installed) -> Callable[..., CheckRun]:
    """What came of a question's solution in one framework, with a slip in it if one is named; each is run once."""

    @cache
    def judged(id: str, framework: Framework, slip: str = "") -> CheckRun:
        try:
            environments.find(numpy_environment.folder.parent, framework)
        except environments.NotInstalled as problem:
            pytest.skip(f"the same answers in {framework} were not tried: {problem}")
        code = files_of(id)[f"{framework}/solution.py"].decode()
        made = SLIPS[id][slip](code) if slip else code
        return run_of(loop.run(sandbox.run(job_for(id, made, framework=framework))))

    return judged


def failing(run: CheckRun) -> set[str]:
    return {check.name for check in run.checks if not check.passed}


def test_every_question_that_is_offered_everywhere_is_tried() -> None:
    assert all(question_of(id).frameworks == FRAMEWORKS for id in EVERYWHERE)


@pytest.mark.ci
@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("id", EVERYWHERE)
def test_the_same_right_answer_gets_full_marks_in_each_framework(
    verdict: Callable[..., CheckRun], id: str, framework: Framework
) -> None:
    run = verdict(id, framework)
    assert (run.ended, failing(run), share_passed(run)) == (Ended.FINISHED, set(), 1.0)


@pytest.mark.ci
@pytest.mark.parametrize("framework", OTHERS)
@pytest.mark.parametrize(("id", "slip"), CASES)
def test_the_same_wrong_answer_gets_the_same_correctness_in_each_framework(
    verdict: Callable[..., CheckRun], id: str, slip: str, framework: Framework
) -> None:
    want, run = verdict(id, "numpy", slip), verdict(id, framework, slip)
    assert want.ended is Ended.FINISHED and failing(want)
    assert (run.ended, failing(run), share_passed(run)) == (want.ended, failing(want), share_passed(want))
