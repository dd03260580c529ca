"""Checks of layer normalisation, forward and backward. Law: the two halves are tried apart. Gradients are held against finite
differences of the candidate's own forward pass and against properties that every gradient here has, so that a fault of the
forward pass does not show there; only the checks of values compare with the truth. Expected values are worked out one row at a
time, dx by the matrix of all derivatives of a row. Where eps is not the matter, rows are spread so widely that it does not show.
"""

import math

import numpy as np

from viva_check import check, close, equal, fail, gradient, same_dtype, scaling, transposed

requires = ("layer_norm_forward", "layer_norm_backward")

FLOATS = ("float64", "float32")
TINY = 1e-12  # an eps that does not show
WIDE = 300.0  # a spread beside which the default eps does not show
NAMES = ("dx", "dgamma", "dbeta")
SHAPES = ((5,), (4, 3), (2, 3, 4), (2, 1, 3, 5))


def right(x, gamma, beta, dy, eps=1e-5):
    """The right (y, dx, dgamma, dbeta) in float64."""
    x, gamma, beta, dy = (np.asarray(array, np.float64) for array in (x, gamma, beta, dy))
    width = x.shape[-1]
    y, dx, normed = np.zeros(x.shape), np.zeros(x.shape), np.zeros(x.shape)
    for row in np.ndindex(x.shape[:-1]):
        mean = math.fsum(x[row]) / width
        apart = x[row] - mean
        deviation = math.sqrt(math.fsum(apart * apart) / width + eps)
        normed[row] = apart / deviation
        y[row] = normed[row] * gamma + beta
        moves = (np.eye(width) - 1 / width) / deviation - np.outer(apart, apart) / (width * deviation**3)
        dx[row] = moves @ (gamma * dy[row])
    rows = dy.reshape(-1, width), (dy * normed).reshape(-1, width)
    dbeta, dgamma = (np.array([math.fsum(column) for column in table.T]) for table in rows)
    return y, dx, dgamma, dbeta


def draw_x(rng, shape, spread=1.0):
    """Rows whose standard deviation is 1.5 to 2.5 times `spread`, and whose mean lies 1 to 4 times `spread` from zero."""
    x = rng.normal(size=shape)
    x -= x.mean(axis=-1, keepdims=True)
    size = np.sqrt(np.mean(x * x, axis=-1, keepdims=True))
    lead = (*shape[:-1], 1)
    wide = x / np.where(size == 0, 1, size) * rng.uniform(1.5, 2.5, size=lead)
    return spread * (wide + signs(rng, lead) * rng.uniform(1, 4, size=lead))


def signs(rng, shape):
    return rng.choice([-1.0, 1.0], size=shape)


def draw_weight(rng, width):
    """Numbers from 1.2 to 3, of both signs, each in a range of its own: none is near another, or near one."""
    return (1.2 + 1.8 * (rng.permutation(width) + rng.uniform(0, 0.5, size=width)) / width) * signs(rng, width)


def draw(rng, shape, dtype="float64", spread=1.0):
    """Random (x, gamma, beta, dy)."""
    width = shape[-1]
    dy = rng.uniform(0.3, 2.5, size=shape) * signs(rng, shape)
    given = draw_x(rng, shape, spread), draw_weight(rng, width), draw_weight(rng, width) / 2, dy
    return tuple(array.astype(dtype) for array in given)


def shown(x, eps=None):
    """A call in words."""
    return f"x {x.shape}, {x.dtype}" + ("" if eps is None else f", eps={eps:.3g}")


def forward(sut, x, gamma, beta, eps=None):
    """(y, cache) over there; eps is left out where there is none."""
    extra = {} if eps is None else {"eps": eps}
    return parts(sut.keep.layer_norm_forward(x, gamma, beta, **extra), 2, "`layer_norm_forward` must return (y, cache)")


def parts(kept, count, must):
    """The `count` things that a result, left over there, consists of."""
    try:
        found = list(kept)
    except (TypeError, ValueError):
        found = []
    if len(found) != count:
        fail(f"{must}; something else came.")
    return found


def only_y(sut, x, gamma, beta, eps=None):
    return sut.fetch(forward(sut, x, gamma, beta, eps)[0])


def backward(sut, dy, cache):
    """[dx, dgamma, dbeta] as they came."""
    out = sut.layer_norm_backward(dy, cache)
    if type(out) not in (tuple, list) or len(out) != 3:
        found = f"{len(out)} things" if type(out) in (tuple, list) else f"a {type(out).__name__}"
        fail(f"`layer_norm_backward` must return three arrays, (dx, dgamma, dbeta); {found} came.")
    return list(out)


def gradients(sut, given, eps=None):
    """[dx, dgamma, dbeta] of a forward and a backward pass."""
    x, gamma, beta, dy = given
    return backward(sut, dy, forward(sut, x, gamma, beta, eps)[1])


def try_y(sut, given, eps=None, why=""):
    """Compare the result of a forward pass with the right one."""
    want = right(*given, *([] if eps is None else [eps]))[0]
    close(only_y(sut, *given[:3], eps), want, dtype=given[0].dtype, what=said("y", given[0], eps, why))


def said(name, x, eps=None, why=""):
    return f"your {name} for {shown(x, eps)}" + (f" ({why})" if why else "")


def try_gradients(sut, given, eps=None, why="", names=NAMES):
    """Compare some of the gradients with the right ones."""
    want = dict(zip(NAMES, right(*given, *([] if eps is None else [eps]))[1:], strict=True))
    for name, got in zip(NAMES, gradients(sut, given, eps), strict=True):
        if name in names:
            close(got, want[name], dtype=given[0].dtype, what=said(name, given[0], eps, why))


def is_sane(name, out, like, what):
    """Fail what cannot be such a result, of the shape of `like`: not finite, the same everywhere, or the input itself."""
    if not isinstance(out, np.ndarray) or out.shape != like.shape:
        found = f"an array of shape {out.shape}" if isinstance(out, np.ndarray) else f"a {type(out).__name__}"
        fail(f"For {what}, {name} must be an array of shape {like.shape}, and {found} came.")
    seen = np.asarray(out, np.float64)
    if not np.isfinite(seen).all():
        fail(f"For {what}, {name} contains NaN or infinity.")
    if seen.size > 1 and np.ptp(seen) == 0:
        fail(f"For {what}, every element of {name} is {seen.flat[0]:g}, whatever the inputs are.")
    if name in ("y", "dx") and np.array_equal(seen, np.asarray(like, np.float64)):
        fail(f"For {what}, {name} is the input itself.")


def are_sane(out, given, eps=None):
    """`is_sane` for [dx, dgamma, dbeta]; `given` is (x, gamma, beta, dy)."""
    for name, one, like in zip(NAMES, out, (given[3], given[1], given[1]), strict=True):
        is_sane(name, one, like, shown(given[0], eps))
    return out


# ---- the statement's examples


def statement():
    x = np.array([[1.0, 7.0, 1.0, 7.0], [4.0, 4.0, -4.0, -4.0]])
    gamma, beta = np.array([1.0, 1.0, 2.0, 2.0]), np.array([0.0, 0.0, 0.0, 10.0])
    return x, gamma, beta, np.array([[12.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 10.0]])


@check("the statement's example, forward", visible=True)
def example_forward(sut):
    want = np.array([[-1.0, 1, -2, 12], [1, 1, -2, 8]])
    close(only_y(sut, *statement()[:3]), want, atol=1e-5, what="y of the example's first call")
    x, gamma, beta, _ = statement()
    want = np.array([0.8, 0.8, -1.6, 8.4])
    close(only_y(sut, x[1], gamma, beta, 9.0), want, what="y of the example's second call, with eps=9,")


@check("the statement's example, backward", visible=True)
def example_backward(sut):
    x, gamma, beta, dy = statement()
    want = np.array([[2.0, 0, -2, 0], [0, 0, -2.5, 2.5]]), np.array([-12.0, 0, 0, -10]), np.array([12.0, 0, 0, 10])
    for name, got, one in zip(NAMES, gradients(sut, statement()), want, strict=True):
        close(got, one, atol=1e-5, what=f"{name} of the example's first call")
    dx, _, _ = gradients(sut, (x[1], gamma, beta, dy[1]), 9.0)
    close(dx, np.array([-0.36, -0.36, -1.64, 2.36]), what="dx of the example's second call, with eps=9,")


# ---- the forward pass


@check("forward: with gamma 1 and beta 0, the mean of each row of y is 0")
def mean_zero(sut, rng):
    for shape in ((4, 3), (2, 3, 5), (6,)):
        y = plain_y(sut, draw_x(rng, shape, WIDE))
        close(y.mean(axis=-1), np.zeros(shape[:-1]), what=f"the mean of each row of y, x {shape},")


def plain_y(sut, x):
    """The rows of x normalised by the candidate: gamma 1, beta 0, an eps that does not show."""
    ones = np.ones(x.shape[-1])
    y = only_y(sut, x, ones, 0 * ones, TINY)
    is_sane("y", y, x, shown(x, TINY))
    return np.asarray(y, np.float64)


@check("forward: with gamma 1 and beta 0, the variance of each row of y is 1")
def variance_one(sut, rng):
    for shape in ((4, 3), (2, 3, 5), (6,)):
        y = plain_y(sut, draw_x(rng, shape, WIDE))
        squares = np.mean((y - y.mean(axis=-1, keepdims=True)) ** 2, axis=-1)
        close(squares, np.ones(shape[:-1]), what=f"the mean of the squared distances from the mean, x {shape},")


@check("forward: right values, for any number of leading axes", weight=2)
def forward_values(sut, rng):
    for shape in (*SHAPES, (3, 3), (2, 2, 2), (3, 4, 2), (2, 64), (6, 2)):
        try_y(sut, draw(rng, shape, spread=WIDE))


@check("forward: each column has its own gamma and beta")
def columns(sut, rng):
    for shape in ((4, 3), (3, 3), (2, 3, 3), (4,)):
        x, gamma, beta, _ = draw(rng, shape, spread=WIDE)
        plain = plain_y(sut, x)
        y = only_y(sut, x, gamma, beta, TINY)
        is_sane("y", y, x, shown(x))
        close(
            y, plain * gamma + beta, what=f"your y for x {shape}, beside gamma times your y without gamma, plus beta,"
        )


@check("forward: rows far from zero are normalised as well, and get no NaN")
def forward_far(sut, rng):
    for shift in (1e4, 1e6):
        x, *others = draw(rng, (4, 5))
        x = x + shift * signs(rng, (4, 1))
        try_y(sut, (x, *others), TINY, why=f"elements near ±{shift:g}")


@check("forward: eps is added to the variance, inside the root")
def forward_eps(sut, rng):
    for eps in (0.5, 30.0, float(rng.uniform(1, 5))):
        for shape in ((3, 4), (2,), (2, 2, 3)):
            try_y(sut, draw(rng, shape), eps)
    x, gamma, beta, dy = draw(rng, (2, 3))
    y, _ = parts(sut.keep.layer_norm_forward(x, gamma, beta, 2.0), 2, "`layer_norm_forward` must return (y, cache)")
    close(sut.fetch(y), right(x, gamma, beta, dy, 2.0)[0], what="your y for eps=2, given by position,")


@check("forward: where eps is not given, it is 0.00001")
def forward_default(sut, rng):
    x, gamma, beta, _ = draw(rng, (4, 5), spread=1e-3)
    given, left_out = only_y(sut, x, gamma, beta, 1e-5), only_y(sut, x, gamma, beta)
    is_sane("y", given, x, shown(x, 1e-5))
    close(left_out, given, what="your y where eps is left out, compared with that for eps=0.00001,")
    if np.allclose(only_y(sut, x, gamma, beta, 1e-3), given, rtol=1e-3):
        fail("An eps of 0.001 gives the same y as one of 0.00001, for rows whose elements differ by about 0.001.")


@check("forward: a constant row gives beta")
def forward_constant(sut, rng):
    x, *others = draw(rng, (4, 4))
    x[rng.integers(4)] = rng.choice([-3.0, 0.0, 2.0])
    try_y(sut, (x, *others), why="one row is constant")


# ---- the backward pass


@check("backward: dbeta is the sum of dy over all leading axes")
def dbeta_sum(sut, rng):
    for shape in (*SHAPES, (3, 3, 3)):
        given = draw(rng, shape)
        want = given[3].reshape(-1, shape[-1]).sum(axis=0)
        close(gradients(sut, given)[2], want, what=said("dbeta", given[0]))


@check("backward: dgamma is the sum of dy times the normalised rows, over all leading axes")
def dgamma_sum(sut, rng):
    for shape in (*SHAPES, (3, 3, 3)):
        x, _, _, dy = draw(rng, shape, spread=WIDE)
        given = x, np.ones(shape[-1]), np.zeros(shape[-1]), dy
        want = (dy * plain_y(sut, x)).reshape(-1, shape[-1]).sum(axis=0)
        close(gradients(sut, given, TINY)[1], want, what=f"{said('dgamma', x, TINY)}, with gamma 1 and beta 0,")


@check("backward: dgamma is the same for every gamma and beta")
def dgamma_alike(sut, rng):
    for shape in ((4, 3), (2, 3, 4), (5,)):
        x, _gamma, _beta, dy = given = draw(rng, shape, spread=WIDE)
        plain = are_sane(gradients(sut, (x, np.ones(shape[-1]), np.zeros(shape[-1]), dy)), given)
        what = f"{said('dgamma', x)}, beside that with gamma 1 and beta 0,"
        close(are_sane(gradients(sut, given), given)[1], plain[1], what=what)


@check("backward: each row of dx sums to zero, since adding a number to a row of x changes nothing")
def dx_shift(sut, rng):
    for shape in ((4, 3), (6,), (2, 3, 5)):
        given = draw(rng, shape, spread=WIDE)
        dx = are_sane(gradients(sut, given), given)[0]
        close(dx.sum(axis=-1), np.zeros(shape[:-1]), atol=1e-7, what=f"the sum of each row of dx, x {shape},")


@check(
    "backward: dx has no part along the normalised row, since stretching a row of x changes nothing where eps is tiny"
)
def dx_stretch(sut, rng):
    for shape in ((4, 3), (6,), (2, 3, 5)):
        given = draw(rng, shape, spread=WIDE)
        dx = are_sane(gradients(sut, given, TINY), given)[0]
        apart = given[0] - given[0].mean(axis=-1, keepdims=True)
        what = f"the sum of each row of dx times (x - mean), x {shape},"
        close((dx * apart).sum(axis=-1), np.zeros(shape[:-1]), atol=1e-7, what=what)


@check("backward: dx is the gradient of your own forward pass, by finite differences, with gamma 1", weight=2)
def dx_differences(sut, rng):
    for shape in ((4, 3), (3, 5), (2, 3, 4)):
        x, _, beta, dy = draw(rng, shape)
        is_sane("y", only_y(sut, x, np.ones(shape[-1]), beta), x, shown(x))
        try_differences(sut, x, np.ones(shape[-1]), beta, dy)


def try_differences(sut, x, gamma, beta, dy, eps=None):
    """dx against finite differences of the candidate's own forward pass."""
    given = x, gamma, beta, dy
    dx = are_sane(gradients(sut, given, eps), given, eps)[0]
    gradient(dx, lambda moved: only_y(sut, moved, gamma, beta, eps), x, upstream=dy, batched=True)


@check("backward: gamma has its part in dx")
def dx_gamma(sut, rng):
    for shape in ((4, 3), (3, 3), (5,), (2, 3, 4)):
        x, gamma, beta, dy = given = draw(rng, shape, spread=WIDE)
        through, plain = gradients(sut, given), gradients(sut, (x, np.ones(shape[-1]), beta, dy * gamma))
        are_sane(through, given)
        what = f"your dx for x {shape}, beside your dx where gamma is 1 and dy was multiplied by gamma,"
        close(through[0], plain[0], what=what)


@check("backward: right values, for any number of leading axes", weight=3)
def backward_values(sut, rng):
    for shape in (*SHAPES, (3, 3), (2, 2, 2), (3, 4, 2), (2, 64), (6, 2)):
        try_gradients(sut, draw(rng, shape, spread=WIDE))


@check("backward: for a single row, dgamma is dy times the normalised row, and dbeta is dy")
def single_row(sut, rng):
    for width in (2, 3, 6):
        try_gradients(sut, draw(rng, (width,), spread=WIDE))


@check("backward: elements of gamma may be zero or negative")
def gamma_zero(sut, rng):
    for shape in ((3, 4), (2, 3, 3), (5,)):
        x, gamma, beta, dy = draw(rng, shape, spread=WIDE)
        gamma[rng.integers(shape[-1])] = 0
        try_gradients(sut, (x, gamma, beta, dy), why="one element of gamma is 0")
    x, gamma, beta, dy = draw(rng, (3, 4), spread=WIDE)
    try_gradients(sut, (x, 0 * gamma, beta, dy), why="gamma is all zeros")
    try_gradients(sut, (x, -np.abs(gamma), beta, dy), why="gamma is negative")


@check("backward: a large eps is in dx too, by finite differences of your own forward pass")
def dx_eps(sut, rng):
    for eps in (1.0, float(rng.uniform(2, 9))):
        for shape in ((4, 3), (3, 5)):
            try_differences(sut, *draw(rng, shape), eps)


@check("backward: a large eps is in dgamma too")
def dgamma_eps(sut, rng):
    for eps in (1.0, float(rng.uniform(2, 9))):
        x, _gamma, _beta, dy = given = draw(rng, (4, 3))
        normed = only_y(sut, x, np.ones(3), np.zeros(3), eps)
        is_sane("y", normed, x, shown(x, eps))
        close(gradients(sut, given, eps)[1], (dy * normed).sum(axis=0), what=said("dgamma", x, eps))


@check("backward: where eps is not given, it is 0.00001")
def backward_default(sut, rng):
    _x, *_ = given = draw(rng, (4, 5), spread=1e-3)
    small, left_out = gradients(sut, given, 1e-5), gradients(sut, given)
    are_sane(small, given, 1e-5)
    close(left_out, small, what="your list of gradients where eps is left out, compared with that for eps=0.00001,")
    if np.allclose(gradients(sut, given, 1e-3)[0], small[0], rtol=1e-3):
        fail("An eps of 0.001 gives the same dx as one of 0.00001, for rows whose elements differ by about 0.001.")


@check("backward: rows far from zero")
def backward_far(sut, rng):
    x, *others = draw(rng, (4, 5))
    x = x + rng.permutation([1e4, -1e4, 1e6, -1e6])[:, None]
    try_gradients(sut, (x, *others), TINY, why="elements near ±10000 and ±1000000")


@check("backward: a constant row")
def backward_constant(sut, rng):
    x, *others = draw(rng, (4, 4))
    x[rng.integers(4)] = rng.choice([-3.0, 0.0, 2.0])
    try_gradients(sut, (x, *others), why="one row is constant")


@check("every size may be 1")
def size_one(sut, rng):
    for shape in ((1, 3), (1, 2), (1, 1, 2), (2, 1, 3), (1, 2, 3)):
        given = draw(rng, shape, spread=WIDE)
        try_y(sut, given)
        try_gradients(sut, given)


@check("with D = 1 only beta is left of y, and dx and dgamma are zero")
def width_one(sut, rng):
    for dtype in FLOATS:
        given = draw(rng, (2, 3), dtype)
        is_sane("y", only_y(sut, *given[:3]), given[0], shown(given[0]))
        are_sane(gradients(sut, given), given)
        for shape in ((3, 1), (1,), (1, 1), (2, 3, 1)):
            given = draw(rng, shape, dtype)
            try_y(sut, given)
            try_gradients(sut, given)


@check("float32: right values, forward and backward")
def float32_values(sut, rng):
    for shape in (*SHAPES, (3, 8), (6, 2)):
        given = draw(rng, shape, "float32", spread=1.5)
        try_y(sut, given, TINY)
        try_gradients(sut, given, TINY)


# ---- caches


@check("each cache belongs to its own forward pass, also with other passes in between", weight=2)
def caches_apart(sut, rng):
    for shapes in (((4, 3), (4, 3)), ((4, 3), (2, 3, 3), (5,)), ((2, 3), (4, 6))):
        cases = [(draw(rng, shape), eps) for shape, eps in zip(shapes, (None, 2.0, 0.5), strict=False)]
        alone = [are_sane(gradients(sut, given, eps), given, eps) for given, eps in cases]
        caches = [forward(sut, *given[:3], eps)[1] for given, eps in cases]
        for place in rng.permutation(len(cases)):
            got = backward(sut, cases[place][0][3], caches[place])
            what = f"your list of gradients for forward pass {place + 1} of {len(cases)}, after all of them,"
            equal(got, alone[place], what=what)


@check("the backward pass may be taken more than once with one cache, and nothing adds up")
def cache_again(sut, rng):
    for shape in ((4, 3), (5,)):
        x, gamma, beta, dy = given = draw(rng, shape)
        other = draw(rng, shape)[3]
        cache = forward(sut, x, gamma, beta)[1]
        first, second, third = (backward(sut, one, cache) for one in (dy, other, dy))
        are_sane(first, given)
        equal(third, first, what="your list of gradients for the same dy and cache, once more,")
        fresh = gradients(sut, (x, gamma, beta, other))
        equal(
            second, fresh, what="your list of gradients for another dy with the same cache, beside those of a new one,"
        )


@check("a call depends on nothing but its arguments")
def no_memory(sut, rng):
    x, gamma, beta, dy = given = draw(rng, (4, 3))
    first, grads = only_y(sut, x, gamma, beta), are_sane(gradients(sut, given), given)
    is_sane("y", first, x, shown(x))
    only_y(sut, *draw(rng, (4, 3))[:3], 2.0)
    equal(only_y(sut, x, gamma, beta), first, what="your y for the same arguments, called again,")
    there = [sut.put(array) for array in (x, gamma, beta)]
    new = draw(rng, (4, 3))
    for place in range(3):
        before, slope = only_y(sut, *there), backward(sut, dy, forward(sut, *there)[1])
        sut.write(there[place], new[place])
        name = ("x", "gamma", "beta")[place]
        differ(only_y(sut, *there), before, "y", f"before and after {name} was given other elements")
        if place < 2:
            after = backward(sut, dy, forward(sut, *there)[1])
            differ(after[0], slope[0], "dx", f"of two forward passes, between which {name} was given other elements,")
    equal(gradients(sut, given), grads, what="your list of gradients for the same arguments, called again,")


def differ(one, two, name, what):
    """Fail two results that are equal where the inputs are not."""
    close(np.shape(one), np.shape(two), what=f"the shape of your {name} {what}")
    if np.allclose(one, two, rtol=1e-9, atol=0):
        fail(f"Your {name} {what} is the same.")


# ---- what a call leaves behind


@check("y has the dtype of the inputs", weight=0.5)
def dtype_forward(sut, rng):
    for dtype in FLOATS:
        for shape, eps in (((3, 4), None), ((4,), 1e-3), ((2, 3, 2), 1e-3)):
            x, gamma, beta, _ = draw(rng, shape, dtype)
            y = only_y(sut, x, gamma, beta, eps)
            is_sane("y", y, x, shown(x, eps))
            same_dtype(y, dtype, what=said("y", x, eps))


@check("dx, dgamma and dbeta have the dtype of the inputs", weight=0.5)
def dtype_backward(sut, rng):
    for dtype in FLOATS:
        for shape, eps in (((3, 4), None), ((4,), 1e-3), ((2, 3, 2), 1e-3)):
            given = draw(rng, shape, dtype)
            out = are_sane(gradients(sut, given, eps), given, eps)
            for name, one in zip(NAMES, out, strict=True):
                same_dtype(one, dtype, what=said(name, given[0], eps))


def samples(rng):
    for dtype in FLOATS:
        for shape in ((3, 4), (4,), (2, 3, 3), (1, 3)):
            yield draw(rng, shape, dtype)


def is_left(sut, there, given, when):
    """Fail if an array over there is not what it was."""
    for name, handle, before in zip(("x", "gamma", "beta", "dy"), there, given, strict=True):
        equal(sut.fetch(handle), before, what=f"your {when} pass changed {name}, which must stay as it was: it")


@check("the forward pass leaves x, gamma and beta as they were")
def forward_leaves(sut, rng):
    for given in samples(rng):
        there = [sut.put(array) for array in given]
        is_sane("y", only_y(sut, *there[:3]), given[0], shown(given[0]))
        is_left(sut, there, given, "forward")


@check("the backward pass leaves dy, and x, gamma and beta, as they were")
def backward_leaves(sut, rng):
    for given in samples(rng):
        there = [sut.put(array) for array in given]
        cache = forward(sut, *there[:3])[1]
        before = [sut.fetch(handle) for handle in there]
        are_sane(backward(sut, there[3], cache), given)
        is_left(sut, there, before, "backward")


def stays(sut, handles, names, then, why):
    """Fail if what the handles lead to is another after `then()`."""
    before = [sut.fetch(handle) for handle in handles]
    then()
    for name, handle, was in zip(names, handles, before, strict=True):
        equal(sut.fetch(handle), was, what=f"your {name}, {why}")


@check("y shares no memory with x, gamma or beta")
def forward_no_alias(sut, rng):
    for given in samples(rng):
        for gamma, beta in ((given[1], given[2]), (np.ones_like(given[1]), np.zeros_like(given[2]))):
            there = [sut.put(array) for array in (given[0], gamma, beta)]
            y, _ = forward(sut, *there)
            is_sane("y", sut.fetch(y), given[0], shown(given[0]))
            for name, handle, new in zip(
                ("x", "gamma", "beta"), there, (7 + given[0], 7 + gamma, 7 + beta), strict=True
            ):
                overwrite = lambda handle=handle, new=new: sut.write(handle, new)  # noqa: E731
                stays(sut, [y], ["y"], overwrite, f"after {name} was overwritten behind the call,")


@check("dx, dgamma and dbeta share no memory with dy, x, gamma or beta")
def backward_no_alias(sut, rng):
    for given in samples(rng):
        there = [sut.put(array) for array in given]
        out = kept_gradients(sut, there[3], forward(sut, *there[:3])[1], given)
        for name, handle, array in zip(("x", "gamma", "beta", "dy"), there, given, strict=True):
            overwrite = lambda handle=handle, array=array: sut.write(handle, 7 + array)  # noqa: E731
            stays(sut, out, NAMES, overwrite, f"after {name} was overwritten behind the call,")


def kept_gradients(sut, dy, cache, given):
    """Three handles: the gradients, left over there."""
    must = "`layer_norm_backward` must return (dx, dgamma, dbeta)"
    out = parts(sut.keep.layer_norm_backward(dy, cache), 3, must)
    are_sane([sut.fetch(one) for one in out], given)
    return out


@check("later calls, forward or backward, do not change an earlier y")
def earlier_y(sut, rng):
    for given in samples(rng):
        x, gamma, beta, dy = given
        y, cache = forward(sut, x, gamma, beta)
        is_sane("y", sut.fetch(y), x, shown(x))
        later = draw(rng, x.shape, x.dtype)
        stays(sut, [y], ["y"], lambda later=later: forward(sut, *later[:3]), "after a later forward pass,")
        stays(sut, [y], ["y"], lambda dy=dy, cache=cache: backward(sut, dy, cache), "after its backward pass,")


@check("later calls, forward or backward, do not change earlier gradients")
def earlier_gradients(sut, rng):
    for given in samples(rng):
        x, gamma, beta, dy = given
        cache = forward(sut, x, gamma, beta)[1]
        out = kept_gradients(sut, dy, cache, given)
        later = draw(rng, x.shape, x.dtype)
        again = lambda later=later, cache=cache: backward(sut, later[3], cache)  # noqa: E731
        stays(sut, out, NAMES, again, "after another backward pass with the same cache,")
        stays(sut, out, NAMES, lambda later=later: gradients(sut, later), "after a later forward and backward pass,")


@check("inputs may be views: transposed arrays give the same as their copies", weight=0.5)
def views(sut, rng):
    for shape in ((5, 4), (2, 3, 4)):
        for dtype in FLOATS:
            x, gamma, beta, dy = given = draw(rng, shape, dtype)
            y, cache = forward(sut, transposed(sut, x), gamma, beta)
            is_sane("y", sut.fetch(y), x, shown(x))
            close(
                sut.fetch(y), only_y(sut, x, gamma, beta), what="your y for a transposed view, beside that for a copy,"
            )
            out = are_sane(backward(sut, transposed(sut, dy), cache), given)
            close(
                out, gradients(sut, given), what="your list of gradients for transposed views, beside that for copies,"
            )


@scaling("the way back for N rows", sizes=(1_000, 4_000, 16_000, 48_000), name="N", growth="linear")
def cost(sut, rng, size):
    x, dy = (sut.put(array) for array in rng.normal(size=(2, size, 16)))
    gamma, beta = (sut.put(array) for array in rng.normal(size=(2, 16)))
    cache = sut.keep.layer_norm_forward(x, gamma, beta)[1]
    return lambda: sut.keep.layer_norm_backward(dy, cache)
