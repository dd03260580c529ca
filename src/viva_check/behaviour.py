"""Promises about what a call does beside its result: exceptions, inputs left alone, results that stay, memory given back.

`sut` is what the check was given, `call` something of it: `sut.attention`, `opt.step`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import compare, shown
from .outcomes import AuthorError, CandidateError, Failure, Seed

_LEAST_BYTES = 32 << 10
_WARM_BYTES = 16 << 20
_GIVEN_BYTES = 48 << 20


def raises(
    kind: type[Exception] | tuple[type[Exception], ...], call: Callable[..., Any], *args: Any, **kwargs: Any
) -> None:
    """Return if `call(*args, **kwargs)` ends in an exception of `kind`, or of a subclass of it, in the candidate's code.

    `call` may also be a function of the check that makes several calls.

    Raises:
        Failure: it returned, or raised something else.
    """
    kinds = kind if isinstance(kind, tuple) else (kind,)
    wanted = " or ".join(shown.article(one.__name__) for one in kinds)
    try:
        result = call(*args, **kwargs)
    except CandidateError as error:
        if any(one.__name__ in error.kinds for one in kinds):
            return
        raise Failure(f"{error.says} {shown.sentence(wanted)} was expected.") from None
    raise Failure(f"Your code returned {shown.value(result)}; {wanted} was expected.")


def unchanged(sut: Any, call: Any, *args: Any, **kwargs: Any) -> Any:
    """The result of `call(*args, **kwargs)`, having seen that it left every array, list and dict among its arguments as it was.

    Raises:
        Failure: an argument was changed; names it by its position (from 1) or keyword.
    """
    there_args, there_kwargs, held = _held(sut, args, kwargs)
    result = call(*there_args, **there_kwargs)
    for name, before, there in held:
        try:
            compare.equal(sut.fetch(there), before, what="it")
        except Failure as failure:
            raise Failure(f"Your code changed {name}, which must stay as it was. Afterwards: {failure.says}") from None
    return result


def not_aliased(sut: Any, call: Any, *args: Any, **kwargs: Any) -> None:
    """Return if the result of `call(*args, **kwargs)` shares no memory with an argument: each array is overwritten after the
    call, and the result must stay as it was.

    Raises:
        Failure: the result changed; names the argument.
    """
    there_args, there_kwargs, held = _held(sut, args, kwargs)
    result = sut.keep(call)(*there_args, **there_kwargs)
    before = sut.fetch(result)
    for name, value, there in held:
        _overwrite(sut, value, there)
        try:
            compare.equal(sut.fetch(result), before, what="it")
        except Failure:
            raise Failure(
                f"Your result shares memory with {name}: when that was overwritten after the call, the result changed too."
            ) from None


def keeps_earlier_result(sut: Any, call: Any, first: tuple[Any, ...], second: tuple[Any, ...]) -> None:
    """Return if the result of `call(*first)` is still the same after `call(*second)`.

    Raises:
        Failure: the later call changed it.
    """
    result = sut.keep(call)(*first)
    before = sut.fetch(result)
    sut.keep(call)(*second)
    try:
        compare.equal(sut.fetch(result), before, what="it")
    except Failure as failure:
        raise Failure(f"A later call changed an earlier result of yours. Afterwards: {failure.says}") from None


def steady_memory(sut: Any, step: Any, x: np.ndarray[Any, Any]) -> None:
    """Return if what the candidate's process holds does not grow with the number of calls `step(x)`.

    `x` is given again and again, 64 MiB in all. From the first 16 MiB on, measured from outside, the process may come to hold
    an eighth of what it is given. Results are not kept. Take an `x` of 64 KiB or more: then it takes few calls.

    Raises:
        Failure: the process holds more.
        AuthorError: `x` has under 32 KiB.
    """
    if x.nbytes < _LEAST_BYTES:
        raise AuthorError(f"steady_memory() takes an array of at least {_LEAST_BYTES >> 10} KiB, not {x.nbytes} bytes")
    warm, calls = (-(-given // x.nbytes) for given in (_WARM_BYTES, _GIVEN_BYTES))
    for _ in range(warm):
        step(x)
    before = sut.resident_bytes()
    for _ in range(calls):
        step(x)
    more = sut.resident_bytes() - before
    if more > calls * x.nbytes // 8:
        raise Failure(
            f"After {calls} more calls with {shown.number(x.nbytes / 2**20, 3)} MiB each, your process holds "
            f"{more >> 20} MiB more; what it keeps must not grow with the number of calls."
        )


_Held = list[tuple[str, Any, Any]]


def _held(sut: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[list[Any], dict[str, Any], _Held]:
    """Arguments with every array, list and dict among them put on the other side; and (name, value, there) of those."""
    held: _Held = []

    def put(name: str, value: Any) -> Any:
        if type(value) not in (np.ndarray, list, tuple, dict) or not _plain(value):
            return value
        there = sut.put(value)
        held.append((name, value, there))
        return there

    there_args = [put(f"argument {place}", value) for place, value in enumerate(args, 1)]
    there_kwargs = {key: put(f"the argument {key}", value) for key, value in kwargs.items()}
    return there_args, there_kwargs, held


def _plain(value: Any) -> bool:
    if type(value) in (list, tuple):
        return all(_plain(item) for item in value)
    if type(value) is dict:
        return all(_plain(item) for item in value.values())
    return type(value) is not Seed and (
        value is None or isinstance(value, (bool, int, float, str, bytes, np.generic, np.ndarray))
    )


def _overwrite(sut: Any, value: Any, there: Any) -> None:
    if isinstance(value, np.ndarray):
        sut.write(there, ~value if value.dtype.kind == "b" else np.where(value == 1, 2, 1).astype(value.dtype))
    elif type(value) in (list, tuple):
        for place, item in enumerate(value):
            _overwrite(sut, item, there[place])
    elif type(value) is dict:
        for key, item in value.items():
            if type(key) in (int, str):
                _overwrite(sut, item, there[key])
