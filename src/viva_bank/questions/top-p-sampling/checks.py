"""Checks of `top-p-sampling`: they compare how often each token comes with the exact probabilities, never single draws.

Right code fails a check by bad luck with probability at most 1e-6 (`viva_check.chance` proves its part, each check divides that
among its samples; where a check waits for a token to appear, the chance that it does not is below 1e-9).
"""

import math

import numpy as np

from viva_check import (
    AuthorError,
    Failure,
    check,
    equal,
    fail,
    independent,
    keeps_earlier_result,
    same_distribution,
    scaling,
    seed,
    unchanged,
)

requires = ("top_p_sample",)

ALARM = 1e-6


def tempered(logits, temperature):
    """softmax(logits / temperature), in float64."""
    scores = np.asarray(logits, np.float64)
    weights = np.exp((scores - scores.max()) / temperature)
    return weights / weights.sum()


def nucleus(logits, p, temperature):
    """The tokens that may be drawn, most probable first.

    Raises:
        AuthorError: `p` is so close to a sum of probabilities that rounding could decide.
    """
    order = sorted(range(len(logits)), key=lambda token: (-float(logits[token]), token))
    if p >= 1:
        return order
    probs = tempered(logits, temperature)
    sums = [math.fsum(probs[token] for token in order[: n + 1]) for n in range(len(order))]
    if min(abs(total - p) for total in sums) < 1e-6:
        raise AuthorError(f"p = {p} is a sum of probabilities")
    return order[: 1 + sum(total < p for total in sums)]


def exact(logits, p, temperature):
    """The probability of each token, (V,)."""
    chances = np.zeros(len(logits))
    if temperature == 0:
        chances[int(np.argmax(logits))] = 1.0
        return chances
    kept = nucleus(logits, p, temperature)
    chances[kept] = tempered(logits, temperature)[kept]
    return chances / chances.sum()


def fresh(rng):
    """A seed that becomes a new generator over there."""
    return seed(int(rng.integers(2**63)))


def tokens(got, size):
    """`got` as integers if it holds `size` whole numbers; that it is an array of integers is a check of its own."""
    if type(got) in (list, tuple) and all(type(one) is int and 0 <= one < 2**31 for one in got):
        got = np.array(got, np.int64)
    if not isinstance(got, np.ndarray) or got.shape != (size,):
        what = f"an array of shape {got.shape}" if isinstance(got, np.ndarray) else f"{got!r:.60}"
        fail(f"You returned {what}; expected an integer array of shape ({size},).")
    if got.dtype.kind == "f" and np.isfinite(got).all() and (got == np.floor(got)).all() and (abs(got) < 1e9).all():
        return got.astype(np.int64)
    if got.dtype.kind not in "iu":
        fail(f"You returned an array of {got.dtype}, and not all of it whole numbers; expected token numbers.")
    return got


def sample(sut, rng, logits, p, temperature, size):
    """`size` draws of the attempt, from a generator of its own."""
    return tokens(sut.top_p_sample(logits, p, temperature, fresh(rng), size), size)


def told(logits, p, temperature):
    """What was asked, in words."""
    shares = ", ".join(f"{x:.3g}" for x in (logits if temperature == 0 else tempered(logits, temperature))[:8])
    more = ", …" if len(logits) > 8 else ""
    kind = "logits" if temperature == 0 else "probabilities after temperature"
    return f"draws with {kind} {shares}{more}, p = {p:g}, temperature = {temperature:g}"


def follows(sut, rng, cases, size):
    """Fail unless the draws for each case (logits, p, temperature) follow the exact distribution."""
    for logits, p, temperature in cases:
        drawn = sample(sut, rng, logits, p, temperature, size)
        chances = exact(logits, p, temperature)
        same_distribution(drawn, chances, false_alarm=ALARM / len(cases), what=f"the {told(logits, p, temperature)},")


def shuffled(rng, probs):
    """Logits whose softmax is `probs`, slightly varied, in random order and shifted by a random constant."""
    logits = np.log(np.asarray(probs) * rng.uniform(0.97, 1.03, size=len(probs)))
    while (
        np.argsort(-logits)[0] < 1 or np.argsort(-logits)[1] < 2
    ):  # else places in the sorted order could pass for tokens
        rng.shuffle(logits)
    return logits + rng.uniform(-3, 3)


def steep(rng):
    """Six tokens of about 0.40, 0.25, 0.15, 0.10, 0.06 and 0.04."""
    return shuffled(rng, [0.40, 0.25, 0.15, 0.10, 0.06, 0.04])


def whole(rng):
    """Five tokens that `WHOLE` keeps all, at temperature 1. The one that reaches it is too rare to be missed here, should
    it be dropped: where the cut is, is the matter of other checks."""
    return shuffled(rng, [0.45, 0.25, 0.2, 0.0997, 0.0003])


WHOLE = 0.9999
CUTS = (0.52, 0.72, 0.85)  # two, three and four of the tokens of `steep`


@check("the example of the statement: 0.5, 0.3, 0.15, 0.05 with p = 0.7", visible=True)
def statement_example(sut, rng):
    follows(sut, rng, [(np.log([0.5, 0.3, 0.15, 0.05]), 0.7, 1.0)], 4000)


@check("temperature 0 takes the lowest index of the highest logit: [1, 3, 3] gives 1", visible=True)
def greedy_example(sut, rng):
    follows(sut, rng, [(np.array([1.0, 3.0, 3.0]), 0.9, 0.0)], 4)


@check("the result is an integer array of shape (size,), also for sizes and vocabularies of 1, 2 and 3")
def integer_array(sut, rng):
    for size in (1, 2, 3):
        for count in (1, 2, 3):
            logits = np.array([-60.0, -60.0, 0.0])[-count:]  # whoever draws at all draws the last one
            for temperature in (0.0, 1.0):
                got = sut.top_p_sample(logits, 0.9, temperature, fresh(rng), size)
                drawn = tokens(got, size)
                if not isinstance(got, np.ndarray) or got.dtype.kind not in "iu":
                    what = f"an array of {got.dtype}" if isinstance(got, np.ndarray) else f"a {type(got).__name__}"
                    fail(f"You returned {what}; expected an array of integers.")
                if temperature and not (drawn == count - 1).all():
                    fail(
                        f"You drew {drawn.tolist()} from logits {logits.tolist()}: token {count - 1} has all the probability."
                    )


@check("one, two and three tokens, all of them kept: drawn with their probabilities")
def few_tokens(sut, rng):
    cases = [([0.7], 1.0), ([0.3, 0.7], 1.0), ([0.2, 0.5, 0.3], 1.0)]
    follows(sut, rng, [(np.log(probs), p, 1.0) for probs, p in cases], 1500)


@check("temperature divides the logits: 0.5 sharpens, 2 flattens", weight=2)
def temperature_alone(sut, rng):
    follows(sut, rng, [(temperature * whole(rng), WHOLE, temperature) for temperature in (0.5, 1.0, 2.0)], 2500)


@check("a token after the one that reaches p is never drawn", weight=2)
def nothing_after(sut, rng):
    for p in CUTS:
        logits = steep(rng)
        drawn = sample(sut, rng, logits, p, 1.0, 1500)
        kept = nucleus(logits, p, 1.0)
        strangers = sorted(set(drawn.tolist()) - set(kept))
        if strangers:
            fail(
                f"{told(logits, p, 1.0).capitalize()}: token {strangers[0]} came; only {sorted(kept)} make up the nucleus."
            )
        if len(set(drawn.tolist())) == 1:
            fail(
                f"{told(logits, p, 1.0).capitalize()}: all 1500 were token {drawn[0]}; the nucleus has {len(kept)} tokens."
            )


@check("the token that takes the sum to p belongs to the nucleus", weight=2)
def crossing_token(sut, rng):
    for p in CUTS:
        logits = steep(rng)
        drawn = sample(sut, rng, logits, p, 1.0, 1500)
        crossing = nucleus(logits, p, 1.0)[-1]  # a share of at least 0.1: absent from 1500 draws with chance 1e-68
        if crossing not in drawn:
            fail(f"{told(logits, p, 1.0).capitalize()}: token {crossing} reaches p and never came in 1500 draws.")
        if (drawn == crossing).mean() > 0.7:
            fail(
                f"{told(logits, p, 1.0).capitalize()}: token {crossing} came {(drawn == crossing).sum()} times of 1500."
            )


@check("tokens of the nucleus come with their probabilities, renormalised", weight=2)
def renormalised(sut, rng):
    follows(sut, rng, [(steep(rng), p, 1.0) for p in CUTS], 3000)


@check("a small p keeps exactly one token, the most probable")
def one_token(sut, rng):
    follows(sut, rng, [(steep(rng), p, 1.0) for p in (0.2, 1e-4)], 300)


@check("the nucleus is cut after the temperature, not before", weight=2)
def temperature_then_cut(sut, rng):
    # Untempered, p = 0.8 keeps three tokens. At 0.5 it keeps two, at 2 four.
    logits = shuffled(rng, [0.48, 0.24, 0.16, 0.08, 0.04])
    follows(sut, rng, [(logits, 0.8, temperature) for temperature in (0.5, 2.0)], 3000)


@check("among tied tokens the lower index is kept")
def ties(sut, rng):
    flat, mixed, top = np.zeros(5), np.array([0.0, 1.0, 0.0, 1.0, 0.0, 1.0]), np.array([-1.0, 2.0, 2.0])
    follows(sut, rng, [(flat, 0.5, 1.0), (mixed, 0.5, 1.0), (mixed, 0.85, 1.0), (top, 0.1, 1.0)], 1500)


@check("ties in a vocabulary of a hundred tokens: the sort must be stable")
def many_ties(sut, rng):
    for dtype in (np.float64, np.float32):
        logits = rng.choice([0.0, 0.0, 2.0, -3.0], size=100).astype(dtype)
        logits[:4] = (0.0, 2.0, -3.0, 2.0)
        high = int((logits == 2.0).sum())
        order = sorted(range(100), key=lambda token: (-float(logits[token]), token))
        sums = np.cumsum(tempered(logits, 1.0)[order])
        for n in (
            high // 2,
            high + int((logits == 0.0).sum()) // 2,
        ):  # in the middle of the highest, and of the next group
            p = float((sums[n] + sums[n - 1]) / 2)
            drawn = sample(sut, rng, logits, p, 1.0, 1500)
            kept = set(nucleus(logits, p, 1.0))
            strangers = sorted(set(drawn.tolist()) - kept)
            if strangers:
                lower = min(kept - set(drawn.tolist()), default=None)
                instead = "" if lower is None else f", while token {lower}, of equal or higher logit, never came"
                fail(f"100 tokens, p = {p:.6g}: token {strangers[0]} came, which is not in the nucleus{instead}.")
            if len(set(drawn.tolist())) == 1:
                fail(f"100 tokens, p = {p:.6g}: all 1500 draws were token {drawn[0]}.")


@check("p = 1 draws from all tokens, whatever rounding does to the sum")
def p_is_one(sut, rng):
    cases = []
    for dtype in (np.float64, np.float32):
        for _ in range(400):
            logits = rng.normal(size=9).astype(dtype)
            weights = np.exp(logits - logits.max())
            total = np.cumsum(np.sort(weights / weights.sum())[::-1])[-1]
            if total < 1:  # computed in this order and dtype, the sum never reaches one
                cases.append((logits, 1.0, 1.0))
            if len(cases) == (3 if dtype is np.float64 else 6):
                break
    follows(sut, rng, cases, 1000)


@check("temperature 0 is greedy for any p, any size, with ties and without")
def greedy(sut, rng):
    wide = rng.normal(size=50)
    tied = np.full(40, -1.5)
    tied[[7, 23, 39]] = 4.0
    cases = [(np.array([-2.0]), 1.0), (np.array([0.5, 0.5]), 0.3), (wide, 0.01), (wide * 1e4, 1.0), (tied, 0.99)]
    follows(sut, rng, [(logits, p, 0.0) for logits, p in cases], 5)
    follows(sut, rng, [(tied.astype(np.float32), 0.5, 0.0)], 7)


@check("large logits and small temperatures, in float64 and float32: nothing overflows or vanishes", weight=2)
def large_logits(sut, rng):
    cases = []
    for dtype in (np.float64, np.float32):
        high = np.array([1e4, -1e4, 1e4 - 1, 1e4 - 2], dtype)  # exact in float32, and so are its quotients by 0.5
        cases += [(high, 1.0, 1.0), (high, 0.9, 0.5), (-high, 1.0, 1.0)]
        cases += [(np.array([-1e4, -1e4 + 1], dtype), 1.0, 1.0), (np.array([1.0, 3.0, 2.0], dtype), 1.0, 1e-4)]
        cases += [(np.array([3.0, 1.0, 3.0], dtype), 0.9, 1e-4)]  # cold, but not greedy: both of the highest come
    follows(sut, rng, cases, 800)


@check("float32 logits")
def float32_logits(sut, rng):
    cases = [(steep(rng).astype(np.float32), 0.72, 1.0), ((2 * whole(rng)).astype(np.float32), WHOLE, 2.0)]
    follows(sut, rng, cases, 2500)


def telling(logits, p, temperature):
    """Whether the usual faults would show in draws for these arguments, and rounding would not."""
    probs = np.sort(tempered(logits, temperature))[::-1]
    n = int((np.cumsum(probs) < p).sum()) + 1
    if not 2 <= n < len(probs) or abs(np.cumsum(probs) - p).min() < 0.005:
        return False
    plain = int((np.cumsum(np.sort(tempered(logits, 1.0))[::-1]) < p).sum()) + 1
    return n != plain and probs[n] > 0.03 and probs[0] > 1.8 * probs[n - 1] > 0.1


@check("random logits, p and temperatures", weight=2)
def random_cases(sut, rng):
    cases = []
    while len(cases) < 6:
        temperature = float(rng.choice([0.5, 0.6, 1.8, 2.2]))
        logits, p = rng.normal(scale=1.5, size=int(rng.integers(4, 9))), float(rng.uniform(0.3, 0.95))
        if telling(logits, p, temperature):
            cases.append((logits, p, temperature))
    follows(sut, rng, cases, 2000)


@check("the arguments can be given by name", weight=0.5)
def by_name(sut, rng):
    logits = np.log([0.2, 0.65, 0.15])
    drawn = sut.top_p_sample(size=2000, rng=fresh(rng), temperature=1.0, p=0.7, logits=logits)
    same_distribution(tokens(drawn, 2000), exact(logits, 0.7, 1.0))


@check("two generators in the same state give the same draws, others give others")
def same_state(sut, rng):
    logits = np.zeros(8)
    number = int(rng.integers(2**63))
    one, two = (tokens(sut.top_p_sample(logits, 0.56, 1.0, seed(number), 200), 200) for _ in range(2))
    try:
        equal(two, one)
    except Failure:
        fail("Two calls with generators in the same state gave different draws: take all chance from `rng`.")
    if all(np.array_equal(one, sample(sut, rng, logits, 0.56, 1.0, 200)) for _ in range(8)):
        fail("Nine generators with different seeds gave the same 200 draws: the draws must come from `rng`.")


def even(drawn):
    """Equal chances for the tokens that came: which of eight tied ones are kept is the matter of other checks."""
    present = np.isin(np.arange(8), drawn)
    if present.sum() < 2:
        fail(f"All {drawn.size} draws were token {drawn.flat[0]}, although several tokens are equally probable.")
    return present / present.sum()


@check("draws within a call are independent of each other", weight=2)
def independent_draws(sut, rng):
    drawn = sample(sut, rng, np.zeros(8), 0.56, 1.0, 4000)
    chances = even(drawn)
    independent(drawn, chances, false_alarm=ALARM / 2)
    halves = np.stack([drawn[:2000], drawn[2000:]], axis=1)
    independent(halves, chances, false_alarm=ALARM / 2, what="your draws, each beside the one 2000 places later,")


@check("calls one after another with the same generator are independent of each other", weight=2)
def independent_calls(sut, rng):
    one = sut.rng(int(rng.integers(2**63)))
    first, second = (tokens(sut.top_p_sample(np.zeros(8), 0.56, 1.0, one, 2000), 2000) for _ in range(2))
    if np.array_equal(first, second):
        fail(
            "Two calls with the same `rng` gave the same 2000 draws: use `rng` itself, not a copy or a seed of your own."
        )
    pairs = np.stack([first, second], axis=1)
    chances = even(pairs)
    independent(pairs, chances, false_alarm=ALARM / 2, what="the draws of two calls in a row, side by side,")
    singles = [tokens(sut.top_p_sample(np.zeros(8), 0.56, 1.0, one, 1), 1)[0] for _ in range(60)]
    same_distribution(np.array(singles), chances, false_alarm=ALARM / 2, what="60 calls for one draw each")


@check("`logits` stay as they are", weight=2)
def logits_unchanged(sut, rng):
    for dtype in (np.float64, np.float32):
        for p, temperature in ((0.72, 1.0), (0.9, 0.5), (0.97, 2.0), (0.5, 0.0)):
            logits = steep(rng).astype(dtype)
            drawn = tokens(unchanged(sut, sut.top_p_sample, logits, p, temperature, fresh(rng), 200), 200)
            if temperature and len(set(drawn.tolist())) == 1:
                fail(f"All 200 {told(logits, p, temperature)} were token {drawn[0]}.")


@check("a later call does not change an earlier result")
def earlier_result(sut, rng):
    first, second = steep(rng), steep(rng)[:5]
    drawn = sample(sut, rng, first, 0.9, 1.0, 200)
    if len(set(drawn.tolist())) == 1:
        fail(f"All 200 {told(first, 0.9, 1.0)} were token {drawn[0]}.")
    call = sut.top_p_sample
    keeps_earlier_result(sut, call, (first, 0.9, 1.0, fresh(rng), 200), (second, 0.9, 1.0, fresh(rng), 200))
    keeps_earlier_result(sut, call, (first, 0.9, 0.0, fresh(rng), 3), (-first, 0.9, 0.0, fresh(rng), 3))


@scaling("draws from V tokens", sizes=(5_000, 15_000, 45_000, 135_000), name="V", growth="n log n")
def cost(sut, rng, size):
    logits, generator = sut.put(rng.normal(size=size)), sut.rng(int(rng.integers(2**63)))
    return lambda: sut.keep.top_p_sample(logits, 0.9, 0.8, generator, 16)
