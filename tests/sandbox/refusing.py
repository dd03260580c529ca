"""A program that forbids itself one system call, then judges: `refusing.py FOLDER NUMBER` prints what came.

So a layer of the jail fails for real, as it would on a machine that does not allow it.
"""

import asyncio
import json
import struct
import sys
from pathlib import Path

from tests.sandbox.judging import RIGHT, job_of, seen_as_json
from viva.sandbox.client import Sandbox
from viva.sandbox.inside import kernel

EPERM = 0x00050001


def refuse(number: int) -> bytes:
    """BPF: EPERM for one system call, all else allowed."""
    steps = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (0x06, 0, 0, EPERM), (0x06, 0, 0, 0x7FFF0000)]
    return b"".join(struct.pack("<HBBI", *step) for step in steps)


async def _judge(folder: Path) -> None:
    async with Sandbox(folder=folder, spares=0) as sandbox:
        print(json.dumps(seen_as_json(await sandbox.run(job_of(RIGHT)))))


if __name__ == "__main__":
    kernel.no_new_privileges()
    kernel.load_filter(refuse(int(sys.argv[2])))
    asyncio.run(_judge(Path(sys.argv[1])))
