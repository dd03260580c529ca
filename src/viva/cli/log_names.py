"""Which record a typed name means."""

from viva.core.errors import CandidateError, NotFound
from viva.ports import Store


async def resolved(store: Store, typed: str) -> str:
    """The one record whose name is, or begins with, what was typed.

    Raises:
        NotFound: none does.
        CandidateError: several do.
    """
    names = await store.interviews()
    matching = [name for name in names if name == typed] or [name for name in names if typed and name.startswith(typed)]
    if not matching:
        raise NotFound(f"No interview's name begins with {typed!r}.", mend="`viva log list` shows the names.")
    if len(matching) > 1:
        raise CandidateError(f"{len(matching)} interviews' names begin with {typed!r}.", mend="Type more of the name.")
    return matching[0]
