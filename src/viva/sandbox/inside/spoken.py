"""The sentences in which a candidate reads what its code did. Built in the checker, from fields that were checked."""


def clean(text: str) -> str:
    """`text` as it may be stored and shown anywhere: no lone surrogates, no control characters but newlines."""
    plain = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(mark if mark == "\n" or mark.isprintable() else " " for mark in plain)


def raised(name: str, message: str) -> str:
    """What an exception of the candidate's code says; `name` is its type."""
    if name == "SystemExit":
        return f"Your code called sys.exit({message[:60]})"
    if name == "MemoryError":
        return "Your code ran out of memory" + (f": {message[:300]}" if message else "")
    if name == "RecursionError":
        return "Your code calls itself too often (RecursionError)"
    return f"Your code raised {name[:80]}" + (f": {message[:500].strip()}" if message.strip() else "")


def with_line(says: str, line: int | None, text: str) -> str:
    """`says` as a sentence, with the candidate's own line where one is known."""
    says = says.rstrip(". \n")
    if line is None:
        return f"{says}."
    return f"{says} (line {line}: `{text[:120]}`)." if text else f"{says} (line {line})."


def refused(found: str, where: str, framework: str) -> str:
    """That a result is no plain data; `where` is "item 1 of " or empty."""
    arrays = "arrays" if framework in ("numpy", "jax") else "tensors"
    expected = f"expected {arrays}, numbers, strings, lists or dicts"
    if where:
        return f"Your function returned {found[:200]} as {where[:100]}its result; {expected}."
    return f"Your function returned {found[:200]}; {expected}."


def missing(name: str, of: str) -> str:
    """That a name is not there; `of` is the type that lacks it, empty for the module."""
    if of:
        return f"Your `{of[:80]}` has no `{name[:80]}`."
    kind = "class" if name[:1].isupper() else "function"
    return f"Your code has no {kind} `{name[:80]}`."
