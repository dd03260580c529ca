"""What a question excludes, asked of the environments it is tried in: a name that is nowhere excludes nothing, and neither
does one that cannot be made to raise.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from viva.bank.finished import Remark
from viva.core.values import Framework

_MARK = "names: "


def probe_of(names: Sequence[str]) -> str:
    """Code that says of each name what the sandbox makes of it. It is viva's own and runs in place of an attempt."""
    return (
        f"import json\nfrom inside.excluded import states\n\nprint({_MARK!r} + json.dumps(states({list(names)!r})))\n"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """By framework, what its environment said of each name: "unknown", "open" (there, but cannot be made to raise), "shut", or
    the path that it has where it is defined."""

    by_framework: dict[Framework, Mapping[str, str]] = field(default_factory=dict)

    def enter(self, framework: Framework, prints: str) -> bool:
        """Take what the probe printed; False where it did not get so far."""
        said = [line for line in prints.splitlines() if line.startswith(_MARK)]
        if not said:
            return False
        self.by_framework[framework] = json.loads(said[-1].removeprefix(_MARK))
        return True

    def remarks(self, names: Sequence[str], left_out: Sequence[Framework]) -> Iterator[Remark]:
        """What is wrong with the names, as far as the environments that were asked can tell; those `left_out` might know
        more."""
        for name in names:
            found = {framework: seen[name] for framework, seen in self.by_framework.items() if name in seen}
            decided = not left_out or name.partition(".")[0] in found
            if decided and found and set(found.values()) == {"unknown"}:
                says = f"{name!r} is in none of {', '.join(found)}"
                mend = "Write the path of the module that defines it, then its name, or remove it."
                yield Remark(severity="wrong", path="question.toml", key="forbid", says=says, mend=mend)
            for framework, state in found.items():
                if state not in ("unknown", "shut"):
                    says = f"{name!r} cannot be made to raise in {framework}"
                    yield Remark(severity="wrong", path="question.toml", key="forbid", says=says, mend=_mend(state))


def _mend(state: str) -> str:
    if state == "open":
        return "It belongs to a type written in C: list it under `from_scratch`, which finds it in the code."
    return f"It is defined elsewhere: write {state[:200]!r}."
