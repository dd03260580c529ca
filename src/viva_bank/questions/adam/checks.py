"""Checks of `adam`: what a step computes, what the object remembers, and what it must leave alone.

Expected values never come from running means: a bias-corrected mean after t steps is the average of all gradients so far
with weights beta**(t - i), so the reference computes that average.
"""

import numpy as np

from viva_check import Failure, check, close, equal, fail, same_dtype, scaling

requires = ("Adam",)

DEFAULTS = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.0}
PLAIN = {"lr": 0.1, "betas": (0.9, 0.99), "eps": 1e-12, "weight_decay": 0.0}
"""What a check passes where it is about something else: all settings, and an eps too small to show."""


def average(past, beta):
    """The bias-corrected running mean of the arrays in `past`, the newest last."""
    weights = beta ** np.arange(len(past) - 1, -1, -1.0)
    return sum(w * g for w, g in zip(weights, past, strict=True)) / weights.sum()


def move(past, lr, betas, eps):
    """How far the newest step goes by the gradients `past` of one parameter, decay aside."""
    past = [np.asarray(g, np.float64) for g in past]
    return lr * average(past, betas[0]) / (np.sqrt(average([g * g for g in past], betas[1])) + eps)


def expected(params, steps, **settings):
    """The parameters after each step; `steps` is a list of lists of gradients. Computed in float64, in the inputs' dtype."""
    s = {**DEFAULTS, **settings}
    now = [np.asarray(p, np.float64) for p in params]
    results = []
    for t in range(1, len(steps) + 1):
        moves = [move([step[i] for step in steps[:t]], s["lr"], s["betas"], s["eps"]) for i in range(len(now))]
        now = [p - s["lr"] * s["weight_decay"] * p - far for p, far in zip(now, moves, strict=True)]
        results.append([p.astype(params[i].dtype) for i, p in enumerate(now)])
    return results


def listed(got, count):
    """`got` if it is a list (or tuple) of `count` things."""
    if type(got) not in (list, tuple):
        what = "one array" if isinstance(got, np.ndarray) else f"{got!r:.60}"
        fail(f"`step` returned {what}; expected a list with one new array for each parameter, here {count}.")
    if len(got) != count:
        fail(f"`step` returned a list of length {len(got)} for {count} parameters.")
    return got


def compare(got, want, where):
    """Fail unless the list `got` equals the list `want`; dtypes are a matter of their own check."""
    close(listed(got, len(want)), want, what=f"the list returned by {where}")


def follow(opt, params, steps, **settings):
    """Step `opt` through all `steps` and compare after each."""
    for t, (grads, want) in enumerate(zip(steps, expected(params, steps, **settings), strict=True), start=1):
        compare(opt.step(grads), want, f"step {t}")


def arrays(rng, *shapes, dtype=np.float64):
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def gradients(rng, *shapes, dtype=np.float64):
    """Random gradients, none of them near zero."""
    return [(rng.choice([-1, 1], size=shape) * rng.uniform(0.3, 1.5, size=shape)).astype(dtype) for shape in shapes]


def moved(got, was):
    """`got`, a list of arrays, if each differs from what it was: code that does nothing passes no check."""
    for i, (one, before) in enumerate(zip(listed(got, len(was)), was, strict=True)):
        if np.array_equal(one, before):
            fail(f"`step` returned item {i} of the list as it was, although its gradient is not zero.")
    return got


def untouched(now, was, says):
    """Fail with `says` unless `now` is exactly `was`."""
    try:
        equal(now, was, what="it")
    except Failure as problem:
        fail(f"{says} Afterwards: {problem.says}")


@check("the first step moves each number by lr, against the sign of its gradient", visible=True)
def first_step(sut):
    opt = sut.Adam([np.array([1.0, -2.0, 0.5])], lr=0.1)
    compare(opt.step([np.array([4.0, -0.3, 0.2])]), [np.array([0.9, -1.9, 0.4])], "the first step")


@check("the example of the statement: two steps with weight decay", visible=True)
def worked_example(sut):
    opt = sut.Adam([np.array([1.0, -2.0])], lr=0.1, weight_decay=0.5)
    compare(opt.step([np.array([4.0, -0.3])]), [np.array([0.85, -1.8])], "step 1")
    compare(opt.step([np.array([0.0, -0.3])]), [np.array([0.74049417506, -1.61])], "step 2")


@check("several steps in a row: both running means, corrected for their start at zero", weight=3)
def several_steps(sut, rng):
    params = arrays(rng, (3, 4))
    steps = [
        [0.6**t * g] for t in range(8) for g in gradients(rng, (3, 4))
    ]  # falling, so that a maximum of v would show
    settings = {**PLAIN, "lr": 0.05, "betas": (0.8, 0.9)}
    follow(sut.Adam(params, **settings), params, steps, **settings)


@check("several parameters of different shapes, each with its own means, all with the same step number", weight=2)
def several_parameters(sut, rng):
    shapes = [(1,), (2,), (3,), (3,), (2, 3), (2, 1, 3)]
    params = arrays(rng, *shapes)
    steps = [gradients(rng, *shapes) for _ in range(4)]
    steps[2][1] = np.zeros(2)  # momentum moves it on
    settings = {**PLAIN, "lr": 0.05}
    follow(sut.Adam(params, **settings), params, steps, **settings)


@check("a gradient of zero from the start leaves a parameter where it is, and makes no NaN")
def zero_gradient(sut, rng):
    params = arrays(rng, (1,), (2, 2), (2,))
    steps = [[np.zeros(1), np.zeros((2, 2)), np.ones(2)]] * 3  # the last one moves
    settings = PLAIN
    follow(sut.Adam(params, **settings), params, steps, **settings)


@check(
    "weight decay alone: with zero gradients and lr = 1, each step shrinks a parameter by the factor 1 - weight_decay"
)
def decay_alone(sut, rng):
    params = arrays(rng, (2, 3))
    settings = {**PLAIN, "lr": 1.0, "weight_decay": 0.4}
    follow(sut.Adam(params, **settings), params, [[np.zeros((2, 3))]] * 3, **settings)


@check("weight decay is scaled by the learning rate")
def decay_scaled(sut, rng):
    params = arrays(rng, (3,))
    settings = {**PLAIN, "weight_decay": 0.4}
    follow(sut.Adam(params, **settings), params, [[np.zeros(3)]] * 3, **settings)


@check("weight decay beside gradients: both terms come from the value before the step", weight=2)
def decay_with_gradients(sut, rng):
    params = [5 * p for p in arrays(rng, (4,), (2, 2))]
    steps = [gradients(rng, (4,), (2, 2)) for _ in range(4)]
    settings = {**PLAIN, "weight_decay": 0.4}
    follow(sut.Adam(params, **settings), params, steps, **settings)


@check("eps is added outside the root")
def eps_outside_root(sut, rng):
    # Forty steps in, with beta2 = 0.5, the correction of v is 1 to 12 digits: only the place of eps beside the root shows.
    params = [np.zeros(5)]
    steps = [[0.2 * rng.uniform(0.5, 1.5, size=5)] for _ in range(40)]
    settings = {**PLAIN, "lr": 0.3, "betas": (0.5, 0.5), "eps": 0.3}
    opt = sut.Adam(params, **settings)
    for grads in steps[:-1]:
        before = listed(opt.step(grads), 1)[0]
    if not (
        isinstance(before, np.ndarray)
        and before.shape == (5,)
        and before.dtype.kind == "f"
        and np.isfinite(before).all()
    ):
        fail(f"After {len(steps) - 1} steps, `step` returned no array of shape (5,) with finite numbers.")
    distance = move([g for (g,) in steps], settings["lr"], settings["betas"], settings["eps"])
    compare(opt.step(steps[-1]), [before - distance], "step 40, with eps = 0.3 and gradients of about 0.2,")


@check("eps is added to the root of the corrected v, not of the raw one")
def eps_after_correction(sut, rng):
    params = arrays(rng, (3,))
    steps = [[0.1 * g] for _ in range(3) for g in gradients(rng, (3,))]
    settings = {**PLAIN, "lr": 0.3, "eps": 0.05}
    follow(sut.Adam(params, **settings), params, steps, **settings)


@check("the default values: lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0")
def defaults(sut, rng):
    params = [np.zeros(4), np.array([1e4, -1e4])]
    scale = np.array([1.0, 1e-3, 1e-8, 3e-8])  # the last two are of the size of eps
    steps = [[scale * g, h] for _ in range(5) for g, h in [gradients(rng, (4,), (2,))]]
    follow(sut.Adam(params), params, steps)


@check("the arguments can be given in order, without names")
def by_position(sut, rng):
    params = arrays(rng, (3,))
    steps = [gradients(rng, (3,)) for _ in range(3)]
    opt = sut.Adam(params, 0.02, (0.7, 0.95), 0.01, 0.3)
    follow(opt, params, steps, lr=0.02, betas=(0.7, 0.95), eps=0.01, weight_decay=0.3)


@check("huge and tiny gradients, in float64 and float32: nothing overflows, nothing is lost")
def any_scale(sut):
    for dtype in (np.float64, np.float32):
        params = [np.array([0.5, -0.5, 0.25, 0.0], dtype)]
        steps = [[np.array([1e12, -1e-10, 1e-4, 0.0], dtype)], [np.array([-1e9, 1e-9, 1e-4, 1e6], dtype)]]
        settings = {**PLAIN, "eps": 1e-8}
        follow(sut.Adam(params, **settings), params, steps, **settings)


@check("float32 parameters: right values")
def float32_values(sut, rng):
    params = arrays(rng, (3,), (2, 2), dtype=np.float32)
    steps = [gradients(rng, (3,), (2, 2), dtype=np.float32) for _ in range(4)]
    settings = {**PLAIN, "weight_decay": 0.4}
    follow(sut.Adam(params, **settings), params, steps, **settings)


@check("float32 parameters stay float32", weight=0.5)
def float32_stays(sut, rng):
    now = arrays(rng, (3,), (1, 2), dtype=np.float32)
    opt = sut.Adam(now, **{**PLAIN, "weight_decay": 0.2})
    for t in (1, 2):
        now = moved(opt.step(gradients(rng, (3,), (1, 2), dtype=np.float32)), now)
        same_dtype(now, np.float32, what=f"the list returned by step {t}")


@check("two optimizers in one program know nothing of each other", weight=2)
def independent_objects(sut, rng):
    params = arrays(rng, (3,), (2,))
    steps = [gradients(rng, (3,), (2,)) for _ in range(6)]
    fast, slow = {**PLAIN, "lr": 0.2, "betas": (0.6, 0.7)}, {**PLAIN, "lr": 0.05, "weight_decay": 0.5}
    one = sut.Adam(params, **fast)
    one.step(steps[0])
    two = sut.Adam(params, **slow)
    want_one, want_two = expected(params, steps, **fast), expected(params, steps[::-1], **slow)
    for t in range(5):
        compare(two.step(steps[5 - t]), want_two[t], f"step {t + 1} of an optimizer made while another was in use")
        compare(
            one.step(steps[t + 1]), want_one[t + 1], f"step {t + 2} of an optimizer, with steps of another in between"
        )


@check("the parameters and gradients that you are given stay as they are", weight=2)
def inputs_unchanged(sut, rng):
    shapes = [(3,), (2, 2)]
    params, first, second = arrays(rng, *shapes), gradients(rng, *shapes), gradients(rng, *shapes)
    given = {"`params`": params, "the `grads` of step 1": first, "the `grads` of step 2": second}
    there = {name: sut.put(value) for name, value in given.items()}
    opt = sut.Adam(there["`params`"], **{**PLAIN, "weight_decay": 0.2})
    after = moved(opt.step(there["the `grads` of step 1"]), params)
    moved(opt.step(there["the `grads` of step 2"]), after)
    for name, was in given.items():
        untouched(
            sut.fetch(there[name]), was, f"Two steps changed {name}. Make new arrays: p = p - … instead of p -= …"
        )


@check("a later step does not change an earlier result")
def earlier_results(sut, rng):
    shapes = [(3,), (2, 2)]
    params = arrays(rng, *shapes)
    opt = sut.Adam(params, **{**PLAIN, "weight_decay": 0.2})
    kept, now = [], params
    for _ in range(2):
        result = sut.keep(opt.step)(gradients(rng, *shapes))
        now = moved(sut.fetch(result), now)
        kept.append((result, now))
    opt.step(gradients(rng, *shapes))
    for t, (result, was) in enumerate(kept, start=1):
        says = f"Later steps changed the list that step {t} had returned. Return new arrays, in a list of its own."
        untouched(sut.fetch(result), was, says)


@check("the arrays that you return share no memory with those you were given")
def results_are_new(sut, rng):
    shapes = [(3,), (2, 2)]
    zeros = [np.zeros(shape) for shape in shapes]
    for grads, decay in (
        (zeros, 0.0),
        (gradients(rng, *shapes), 0.2),
    ):  # zeros: `p` itself is an equal, but not a new array
        params = arrays(rng, *shapes)
        there = [(sut.put(p), sut.put(g)) for p, g in zip(params, grads, strict=True)]
        opt = sut.Adam([p for p, _ in there], **{**PLAIN, "weight_decay": decay})
        result = sut.keep(opt.step)([g for _, g in there])
        was = listed(sut.fetch(result), 2)
        if decay:
            moved(was, params)
        for (p, g), shape in zip(there, shapes, strict=True):
            sut.write(p, np.full(shape, 77.0))
            sut.write(g, np.full(shape, 88.0))
        says = "After the step we wrote into the arrays that were passed in, and what `step` had returned changed with them."
        untouched(sut.fetch(result), was, says)


@scaling("a step on N parameters", sizes=(10_000, 30_000, 90_000, 270_000), name="N", growth="linear")
def cost(sut, rng, size):
    params, grads = rng.normal(size=(2, 4, size // 4))
    opt = sut.Adam(sut.put(list(params)), weight_decay=0.01)
    held = sut.put(list(grads))
    return lambda: sut.keep(opt.step)(held)
