"""What the checks use to see warnings. Your code need not use it."""

import warnings


def with_warnings(function, *args):
    """The result of `function(*args)`, and the texts of the warnings that would have been shown meanwhile."""
    with warnings.catch_warnings(record=True) as seen:
        result = function(*args)
    return result, [str(one.message) for one in seen]
