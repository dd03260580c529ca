"""A bank of one small question with tight budgets, and for each way in which a run can end an attempt that ends so."""

from pathlib import Path

from tests.bank.folder import coding

QUESTION = "add-arrays"
RIGHT = "def add(a, b):\n    return a + b\n"
HALF = "def add(a, b):\n    a -= b\n    return a\n"

ENDINGS = {
    "finished": {
        "right": RIGHT,
        "wrong": HALF,
        "raises": "def add(a, b):\n    return a + b + undefined\n",
        "exits in a call": "import sys\n\n\ndef add(a, b):\n    sys.exit(0)\n",
        "prints": f"print('loaded')\n\n\n{RIGHT}",
    },
    "candidate_error": {
        "no Python": "def add(a, b)\n    return a + b\n",
        "does not import": "import nothing_of_that_name\n" + RIGHT,
        "raises at import": "1 / 0\n" + RIGHT,
        "exits at import": "import sys\n\nsys.exit(0)\n",
        "lacks the name": "def plus(a, b):\n    return a + b\n",
        "is empty": "",
    },
    "timed_out": {
        "spins": "def add(a, b):\n    while True:\n        pass\n",
        "spins at import": "while True:\n    pass\n",
        "sleeps": "import time\n\n\ndef add(a, b):\n    time.sleep(60)\n",
    },
    "out_of_memory": {
        "fills memory": "import numpy as np\n\n\ndef add(a, b):\n    return np.ones(1 << 28)\n",
    },
    "output_limit": {
        "prints without end": "def add(a, b):\n    while True:\n        print('x' * 10_000)\n",
    },
    "crashed": {
        "leaves": "import os\n\n\ndef add(a, b):\n    os._exit(0)\n",
        "aborts": "import os\n\n\ndef add(a, b):\n    os.abort()\n",
        "reads where nothing is": "import ctypes\n\n\ndef add(a, b):\n    return ctypes.string_at(8)\n",
    },
    "killed": {
        "writes on the connection": (
            "import os, stat\n\n\ndef add(a, b):\n    for fd in range(3, 64):\n        try:\n"
            "            if stat.S_ISSOCK(os.fstat(fd).st_mode):\n                os.write(fd, bytes(64))\n"
            "        except OSError:\n            pass\n    return a + b\n"
        ),
    },
    "forbidden": {
        "calls by another table": (
            "import ctypes\n\n\ndef add(a, b):\n    return ctypes.CDLL(None).syscall(ctypes.c_long(0x40000000 + 39))\n"
        ),
    },
}


def write_bank(folder: Path) -> Path:
    """The bank under `folder`."""
    question = folder / "questions" / QUESTION
    for path, content in coding().items():
        text = content.decode()
        if path == "question.toml":
            text = text.replace("cpu_seconds = 2", "cpu_seconds = 0.4").replace(
                "wall_seconds = 4", "wall_seconds = 1.5"
            )
        if path == "checks.py":
            text = text.replace("@check(", 'requires = ("add",)\n\n\n@check(', 1)
        place = question / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


def write_attempts(folder: Path) -> dict[str, str]:
    """Every attempt as a file under `folder`; gives for each path how its run must end."""
    folder.mkdir()
    ends: dict[str, str] = {}
    for ended, attempts in ENDINGS.items():
        for name, code in attempts.items():
            path = folder / f"{ended} {name}.py"
            path.write_text(code)
            ends[str(path)] = ended
    return ends
