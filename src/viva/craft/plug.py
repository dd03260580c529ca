"""The plug of `InspectCode`: reads an attempt in the bounded child."""

from dataclasses import dataclass

from viva.core.evidence import Findings, NotObserved
from viva.core.requests import InspectCode
from viva.craft.child import CodeReader
from viva.ports import Material


@dataclass(frozen=True, slots=True)
class CraftInspector:
    """Answers `InspectCode` with what craft's rules find."""

    reader: CodeReader

    async def __call__(self, request: InspectCode, material: Material) -> Findings | NotObserved:
        """Findings in order of lines; one of rule V000 where the source cannot be read."""
        asked = material.question
        return await self.reader.read(
            material.content,
            framework=material.framework or "numpy",
            from_scratch=asked.from_scratch,
            forbid=asked.forbid,
        )
