"""Checks of `beam-search`: small models whose outcome was worked out by hand, and random ones beside a plain reference.

No check depends on rounding: random models are drawn anew until every choice in them is clear by `CLEAR`, and tied sums are
sums of multiples of 0.25. A model is a function of the checker that the attempt calls; it notes with what it was called.
"""

import itertools

import numpy as np

from viva_check import AuthorError, Failure, check, close, equal, fail, scaling

requires = ("beam_search",)

CLEAR = 1e-3
NEVER = -np.inf


class Model:
    """`step`, with a note of its calls. `row` gives the log-probabilities (V,) for a tuple of tokens, without `start`."""

    def __init__(self, row, start):
        self.row, self.start, self.calls = row, start, []

    def step(self, tokens):
        if not row_of_integers(tokens):
            fail(f"`step` was called with {tokens!r:.80}; it takes the list of the tokens so far.")
        known = tuple(int(t) for t in tokens)
        if not known or known[0] != self.start:
            fail(f"`step` was called with {list(known)}, which does not begin with start = {self.start}.")
        self.calls.append(known)
        return self.row(known[1:])


def row_of_integers(thing):
    if isinstance(thing, np.ndarray):
        return thing.ndim == 1 and thing.dtype.kind in "iu"
    return type(thing) in (list, tuple) and all(type(one) is int or isinstance(one, np.integer) for one in thing)


def search(row, end, width, max_len, alpha=0.0, fault=""):
    """The result as the statement says it (or with a `fault` of `FAULTS`), and how clear the closest choice in it was."""
    live, finished, clear = [((), 0.0)], [], np.inf
    for _ in range(max_len):
        grown = [((*seq, t), total + lp) for seq, total in live for t, lp in enumerate(row(seq).tolist()) if lp > NEVER]
        grown.sort(key=lambda one: (-one[1], one[0]))
        if len(grown) > width:
            clear = min(clear, grown[width - 1][1] - grown[width][1])
        best = grown[: max(0, width - len(finished))] if fault == "finished narrow the beam" else grown[:width]
        finished += [one for one in (grown if fault == "every end is kept" else best) if one[0][-1] == end]
        live = [one for one in (grown if fault == "end takes no place" else best) if one[0][-1] != end][:width]
        if len(finished) >= {"stops at the first": 1, "stops when full": width}.get(fault, np.inf):
            break
    if fault == "the result is cut by sum":
        finished, live = sorted(finished + live, key=lambda one: (-one[1], one[0]))[:width], []
    scored = [(list(seq), total / len(seq) ** alpha) for seq, total in finished + live]
    scored.sort(key=lambda one: (-one[1], one[0]))
    for one, other in itertools.pairwise(scored[: width + 1]):
        clear = min(clear, one[1] - other[1])
    return scored[:width], clear


FAULTS = (
    "finished narrow the beam",
    "every end is kept",
    "end takes no place",
    "stops at the first",
    "stops when full",
    "the result is cut by sum",
)


def pairs(got):
    """`got` as a list of (list of int, score) if it is one."""
    if type(got) not in (list, tuple):
        fail(f"You returned {got!r:.80}; expected a list of pairs (tokens, score).")
    found = []
    for place, pair in enumerate(got):
        if type(pair) not in (list, tuple) or len(pair) != 2:
            fail(f"Item {place} of your result is {pair!r:.80}; expected a pair (tokens, score).")
        tokens, score = pair
        if not row_of_integers(tokens):
            fail(f"Item {place} of your result has {tokens!r:.80} for its tokens; expected a list of integers.")
        found.append(([int(t) for t in tokens], score))
    return found


def compare(got, want, about, dtype="float64"):
    """Fail unless the result `got` is `want`: as many pairs, the same tokens in the same order, scores within tolerance."""
    found = pairs(got)
    shown = ", ".join(str(tokens) for tokens, _ in found) or "nothing"
    wanted = ", ".join(str(tokens) for tokens, _ in want) or "nothing"
    if [tokens for tokens, _ in found] != [tokens for tokens, _ in want]:
        fail(f"{about}: your result holds {shown}; expected {wanted}."[:690])
    for (tokens, score), (_, right) in zip(found, want, strict=True):
        close(score, right, dtype=dtype, what=f"{about}: the score of {tokens}")


def follows(sut, model, end, settings, about):
    """Run the attempt on `model` and compare with the reference; gives the reference's result."""
    want, _ = search(model.row, end, **settings)
    compare(sut.beam_search(model.step, model.start, end, *settings.values()), want, about)
    return want


def random_model(rng, count, end, settings, *, history=True, never=()):
    """A random model over `count` tokens in which each choice is clear. Without `history` it looks at the last token only."""
    for _ in range(200):
        known = {}

        def row(seq, known=known):
            key = seq if history else seq[-1:]
            if key not in known:
                scores = rng.normal(scale=1.2, size=count)
                scores[list(never)] = NEVER
                known[key] = scores - np.log(np.exp(scores).sum())
            return known[key]

        if search(row, end, **settings)[1] > CLEAR:
            return Model(row, count)
    raise AuthorError("no clear model was found")


class Letters(Model):
    """A model over letters that looks at the last one only: `rows` gives for each the chances of the next. `.` is `end`, `^`
    `start`. Letters get random numbers, chances are slightly varied; so nothing can be learned by heart."""

    def __init__(self, rng, rows):
        self.letters = sorted({letter for row in rows.values() for letter in row})
        self.number = dict(zip(self.letters, rng.permutation(len(self.letters)).tolist(), strict=True))
        self.end = self.number["."]
        self.rows = {}
        for last, chances in rows.items():
            logs = np.full(len(self.letters), NEVER)
            for letter, chance in chances.items():
                logs[self.number[letter]] = min(0.0, np.log(chance * rng.uniform(0.98, 1.02)))
            self.rows[() if last == "^" else (self.number[last],)] = logs
        super().__init__(lambda seq: self.rows.get(seq[-1:], self.dead), len(self.letters) + int(rng.integers(4)))

    @property
    def dead(self):
        return np.full(len(self.letters), NEVER)

    def spell(self, word):
        return [self.number[letter] for letter in word]


def worked(sut, rng, rows, settings, words, about):
    """Compare with `words`, found by hand; their scores are the reference's, which must agree with them."""
    model = Letters(rng, rows)
    want, clear = search(model.row, model.end, **settings)
    if [tokens for tokens, _ in want] != [model.spell(word) for word in words] or clear < CLEAR:
        raise AuthorError(f"{about}: worked out as {words}, not so by the reference")
    names = ", ".join(f"{letter} is {number}" for letter, number in model.number.items()).replace(". is", "end is")
    compare(sut.beam_search(model.step, model.start, model.end, *settings.values()), want, f"{about} ({names})")


def given(width, max_len, alpha=0.0):
    return {"width": width, "max_len": max_len, "alpha": alpha}


STATEMENT = {3: [0.55, 0.45, 0.0], 0: [0.4, 0.3, 0.3], 1: [0.0, 0.1, 0.9]}


def statement_row(seq):
    with np.errstate(divide="ignore"):
        return np.log(np.array(STATEMENT.get(seq[-1] if seq else 3, [1 / 3] * 3)))


@check("the example of the statement with width 1, which is greedy", visible=True)
def statement_greedy(sut):
    compare(sut.beam_search(Model(statement_row, 3).step, 3, 2, 1, 2), [([0, 0], np.log(0.55 * 0.4))], "Width 1")


@check("the example of the statement with width 2", visible=True)
def statement_two(sut):
    want = [([1, 2], np.log(0.45 * 0.9)), ([0, 0], np.log(0.55 * 0.4))]
    compare(sut.beam_search(Model(statement_row, 3).step, 3, 2, 2, 2), want, "Width 2")


@check("one round only, with vocabularies of one, two and three tokens")
def one_round(sut, rng):
    for count, width in ((1, 1), (1, 2), (2, 1), (2, 3), (3, 2)):
        for end in range(count):
            settings = given(width, 1)
            model = random_model(rng, count, end, settings)
            follows(sut, model, end, settings, f"{count} tokens, width {width}, max_len 1")


@check("a beam as wide as all sequences together finds them all, in order", weight=2)
def everything(sut, rng):
    for end in (0, 2):
        settings = given(64, 3)
        model = random_model(rng, 3, end, settings)
        follows(sut, model, end, settings, "Three tokens, width 64, max_len 3")


@check("in each round the best `width` of all expansions together survive", weight=2)
def best_of_all(sut, rng):
    # `end` is impossible, and the model looks at the last token only: nothing but the choice is tried here.
    for width in (2, 3):
        settings = given(width, 4)
        for _ in range(3):
            model = random_model(rng, 7, 6, settings, history=False, never=(6,))
            follows(sut, model, 6, settings, f"Seven tokens, width {width}, max_len 4")


@check("`step` gets the whole sequence, and what it answers may depend on all of it")
def whole_history(sut, rng):
    settings = given(1, 4)
    for _ in range(2):
        model = random_model(rng, 5, 4, settings, never=(4,))
        follows(sut, model, 4, settings, "A model that looks at all tokens, width 1, max_len 4")


@check("finished hypotheses do not narrow later rounds", weight=2)
def finished_leave_room(sut, rng):
    rows = {"^": {"a": 0.5, ".": 0.4, "b": 0.1}, "a": {"a": 0.5, "b": 0.4, ".": 0.1}, "b": {".": 1.0}}
    worked(sut, rng, rows, given(2, 3), [".", "ab."], "One of two is finished after round 1, two survive round 2")


@check("an expansion by `end` outside the best `width` is dropped like any other", weight=2)
def end_outside(sut, rng):
    rows = {
        "^": {"a": 0.5, "b": 0.3, ".": 0.2},
        "a": {"a": 0.36, "b": 0.33, ".": 0.31},
        "b": {"a": 0.5, "b": 0.3, ".": 0.2},
    }
    worked(sut, rng, rows, given(2, 2), ["aa", "ab"], "`end` comes third in round 1, width 2")


@check("an expansion by `end` that survives takes one of the `width` places of its round", weight=2)
def end_takes_a_place(sut, rng):
    rows = {"^": {".": 0.5, "a": 0.3, "b": 0.2}, "a": {"a": 0.4, "b": 0.33, ".": 0.27}, "b": {".": 1.0}}
    worked(sut, rng, rows, given(2, 2), [".", "aa"], "`end` comes first in round 1, width 2")


@check("the search goes on while something better can come", weight=2)
def not_too_early(sut, rng):
    rows = {"^": {"a": 0.9, ".": 0.1}, "a": {"b": 0.55, ".": 0.45}, "b": {".": 1.0}}
    about = "Two finished hypotheses after round 2, and a better one after round 3"
    worked(sut, rng, rows, given(2, 5), ["ab.", "a."], about)


@check("hypotheses that run into max_len are finished as they are, without `end`")
def stopped(sut, rng):
    rows = {"^": {"a": 0.6, ".": 0.4}, "a": {"a": 0.65, "b": 0.35}, "b": {"a": 0.9, ".": 0.1}}
    worked(sut, rng, rows, given(3, 3), [".", "aaa", "aba"], "Live hypotheses after max_len = 3 beside finished ones")


@check("alpha divides each score by a power of the length, and decides what is best", weight=2)
def length_penalty(sut, rng):
    rows = {"^": {"a": 0.6, ".": 0.4}, "a": {"a": 0.75, ".": 0.25}}
    worked(sut, rng, rows, given(2, 4, 0.0), [".", "aaaa"], "alpha = 0")
    worked(sut, rng, rows, given(2, 4, 1.0), ["aaaa", "aaa."], "alpha = 1")
    worked(sut, rng, rows, given(2, 4, 0.5), ["aaaa", "."], "alpha = 0.5")
    worked(sut, rng, rows, given(2, 3, 2.0), ["aaa", "aa."], "alpha = 2, max_len 3")


@check("a longer hypothesis with a lower sum may end up best: stopping early must think of alpha")
def late_winner(sut, rng):
    rows = {
        "^": {"a": 0.5, ".": 0.45},
        "a": {"b": 0.8, ".": 0.2},
        "b": {"c": 0.9, ".": 0.1},
        "c": {".": 0.95, "a": 0.05},
    }
    worked(sut, rng, rows, given(2, 6, 1.0), ["abc.", "abcabc"], "alpha = 1, max_len 6")


@check("tied sums in a round: the smaller sequence survives")
def ties_in_round(sut, rng):
    unit = 0.25 * int(rng.integers(1, 5))
    x, other, y = sorted(rng.choice(4, size=3, replace=False).tolist())
    rows = {
        (): {1: -unit, 0: -2 * unit},  # live in the order [1], [0]
        (1,): {x: -2 * unit, other: -2 * unit},  # [1, x], [1, other] and [0, y] are tied for two places
        (0,): {y: -unit},
        (1, x): {0: -2 * unit},
        (1, other): {0: 0.0},  # it would be the best if it survived
        (0, y): {0: -unit},
    }
    model = dense(rows, 5)
    want = [([0, y, 0], -4 * unit), ([1, x, 0], -5 * unit)]
    about = f"[0, {y}], [1, {x}] and [1, {other}] have the same sum in round 2, width 2"
    compare(sut.beam_search(model.step, 5, 4, 2, 3), want, about)


@check("ties among many tokens of one row: the smallest survive, whatever sort or selection is used")
def ties_in_a_wide_row(sut, rng):
    unit = 0.25 * int(rng.integers(1, 5))
    tied = np.sort(rng.choice(np.arange(3, 79), size=50, replace=False)).tolist()
    rows = {
        (): {tied[0] - 1: -unit, **dict.fromkeys(tied, -2 * unit)},  # one is better, fifty are tied for two more places
        (tied[0] - 1,): {0: -4 * unit},
        (tied[0],): {1: -unit},
        **{(token,): {2: -2 * unit} for token in tied[1:]},
    }
    model = dense(rows, 80)
    want = [([tied[0], 1], -3 * unit), ([tied[1], 2], -4 * unit), ([tied[0] - 1, 0], -5 * unit)]
    about = f"Eighty tokens, {tied[0] - 1} is the best first one, {tied[0]}, {tied[1]} and 48 others are tied, width 3"
    compare(sut.beam_search(model.step, 80, 79, 3, 2), want, about)


@check("tied scores in the result: the smaller sequence goes first, also at the cut")
def ties_in_result(sut, rng):
    unit = 0.25 * int(rng.integers(1, 5))
    rows = {
        (): {0: -unit, 1: -2 * unit, 2: -3 * unit},
        (0,): {0: -unit},
        (1,): {3: -2 * unit},
        (2,): {3: -unit},
        (0, 0): {3: -2 * unit, 1: -2 * unit},
    }
    model = dense(rows, 4)
    want = [(tokens, -4 * unit) for tokens in ([0, 0, 1], [0, 0, 3], [1, 3])]
    about = "[1, 3] and [2, 3] finish in round 2, [0, 0, 1] and [0, 0, 3] in round 3, all with the same score, width 3"
    compare(sut.beam_search(model.step, 4, 3, 3, 3), want, about)


def dense(rows, count):
    """A model from `{sequence: {token: log-probability}}`; everything else is impossible."""

    def row(seq):
        logs = np.full(count, NEVER)
        for token, value in rows.get(seq, {}).items():
            logs[token] = value
        return logs

    return Model(row, count)


@check("impossible tokens are never kept, even where places stay free")
def impossible(sut, rng):
    rows = {"^": {"a": 0.7, "b": 0.3}, "a": {"b": 0.7, ".": 0.3}, "b": {".": 1.0}, "c": {"c": 1.0}}
    worked(
        sut, rng, rows, given(5, 3), ["ab.", "b.", "a."], "Four tokens, never more than two of them possible, width 5"
    )


@check(
    "a hypothesis without a possible expansion vanishes; if all do, what was finished is the result, or an empty list"
)
def vanishing(sut, rng):
    rows = {"^": {"a": 0.6, "b": 0.4}, "b": {".": 0.7, "b": 0.3}}  # nothing comes after a
    worked(sut, rng, rows, given(2, 2), ["b.", "bb"], "Nothing is possible after a")
    worked(sut, rng, {"^": {"a": 0.6, ".": 0.4}}, given(2, 4), ["."], "Nothing is possible after a, `end` is finished")
    worked(sut, rng, {"^": {"a": 0.7, ".": 0.3}}, given(1, 3), [], "Width 1, nothing is possible after a")


@check("`step` is called at most `width` times a round")
def calls(sut, rng):
    settings = given(3, 4)
    model = random_model(rng, 6, 5, settings, never=(5,))
    got = pairs(sut.beam_search(model.step, model.start, 5, *settings.values()))
    if len(got) != 3 or any(len(tokens) != 4 for tokens, _ in got):
        fail("Width 3, max_len 4 and no `end` in sight: expected three sequences of four tokens.")
    for length in range(1, 5):
        number = sum(len(tokens) == length for tokens in model.calls)
        if not number:
            fail(f"In round {length} `step` was not called at all; nothing else can tell which tokens are likely.")
        if number > 3:
            fail(
                f"In round {length} `step` was called {number} times; the width is 3. Call it once for each live hypothesis."
            )


@check("`start` may be one of the tokens, and may be generated again")
def start_inside(sut, rng):
    unit = 0.25 * int(rng.integers(1, 4))
    rows = {
        (): {0: -unit, 1: -3 * unit},
        (0,): {1: -unit, 2: -4 * unit},
        (1,): {0: -unit},
        (0, 1): {0: -unit, 2: -3 * unit},
        (1, 0): {2: 0.0},
    }
    model = dense(rows, 3)
    model.start = 0
    want = [([0, 1, 0], -3 * unit), ([1, 0, 2], -4 * unit)]
    compare(sut.beam_search(model.step, 0, 2, 2, 3), want, "start = 0, generated again")


@check("the array that `step` returns stays as it is: it may be the model's own")
def step_array_unchanged(sut, rng):
    rows = {
        (): [-0.5, -1.0, -2.0, NEVER],
        (0,): [-1.5, -0.75, NEVER, -1.0],
        (1,): [-0.25, -2.0, -1.75, -3.0],
        (2,): [-1.0] * 4,
    }
    rows = {last: np.array(row) - rng.uniform(0, 0.1, size=4) for last, row in rows.items()}
    want, _ = search(lambda seq: rows[seq[-1:]], 3, 2, 4)
    there = {last: sut.put(row) for last, row in rows.items()}
    model = Model(lambda seq: there.get(seq[-1:], there[()]), 4)
    got = pairs(sut.beam_search(model.step, 4, 3, 2, 4))
    if len(got) != len(want) or len(model.calls) < 2:
        fail(f"You called `step` {len(model.calls)} times and returned {len(got)} pairs; expected {len(want)}.")
    for last, row in rows.items():
        try:
            equal(sut.fetch(there[last]), row, what="it")
        except Failure as problem:
            after = f"token {last[0]}" if last else "start"
            fail(
                f"The array that `step` returned after {after} was changed: work on a copy. Afterwards: {problem.says}"
            )


@check("calls are independent of each other")
def independent_calls(sut, rng):
    settings = given(1, 3)
    one, two = (random_model(rng, 4, end, settings, never=(end,)) for end in (3, 0))
    for turn in (1, 2):
        follows(sut, one, 3, settings, f"A first model, call {turn}")
        follows(sut, two, 0, settings, f"A second model, call {turn}")


@check("log-probabilities in float32", weight=0.5)
def float32_rows(sut, rng):
    settings = given(1, 4, 0.5)
    wide = random_model(rng, 5, 4, settings, never=(4,))
    model = Model(lambda seq: wide.row(seq).astype(np.float32), wide.start)
    want, _ = search(model.row, 4, **settings)
    compare(sut.beam_search(model.step, model.start, 4, *settings.values()), want, "float32", dtype="float32")


@check("the arguments can be given by name", weight=0.5)
def by_name(sut, rng):
    model = Letters(rng, {"^": {"a": 1.0}, "a": {"b": 0.6, ".": 0.4}, "b": {".": 0.9, "a": 0.1}})
    settings = given(1, 4, 0.5)
    want, _ = search(model.row, model.end, **settings)
    got = sut.beam_search(alpha=0.5, max_len=4, width=1, end=model.end, start=model.start, step=model.step)
    compare(got, want, "All arguments by name")


def telling_model(rng, fault):
    """A random model with its `end` and settings, in which `fault` would show."""
    for _ in range(2000):
        count, width, max_len = (int(rng.integers(*span)) for span in ((3, 7), (2, 4), (3, 6)))
        alpha = 0.0 if fault == "every end is kept" else float(rng.choice([0.4, 0.7, 1.0]))
        settings, end = given(width, max_len, alpha), int(rng.integers(count))
        model = random_model(rng, count, end, settings)
        if search(model.row, end, **settings, fault=fault)[0] != search(model.row, end, **settings)[0]:
            return model, end, settings
    raise AuthorError(f"no model tells {fault!r}")


@check("random models, widths, lengths and alphas", weight=3)
def random_models(sut, rng):
    for fault in FAULTS:
        model, end, settings = telling_model(rng, fault)
        about = ", ".join(f"{name} {value}" for name, value in settings.items())
        follows(sut, model, end, settings, f"A random model, {about}")


@scaling("a beam of 4 over a vocabulary of V", sizes=(500, 1000, 2000, 4000), name="V", growth="n log n")
def cost(sut, rng, size):
    rows = np.log(rng.dirichlet(np.ones(size), size=8))

    def step(tokens):
        return rows[sum(tokens) % len(rows)]

    return lambda: sut.beam_search(step, 0, 1, 4, 4)
