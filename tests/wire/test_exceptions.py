"""What a candidate's code raises comes back as words with the candidate's own line, whatever the exception does."""

import textwrap

import pytest

from tests.wire.harness import judge

ONE = 'from viva_check import check\n@check("a")\ndef a(sut): sut.f()\n'


def told(body: str) -> tuple[str, int | None]:
    """The words and the line of a check that calls `f`."""
    ran = judge(ONE, textwrap.dedent(body))
    return ran.says("a"), ran.checks["a"]["line"]


def test_an_exception_names_its_type_message_and_the_candidates_own_line() -> None:
    says, line = told("""\
        import numpy as np
        def f():
            a = np.ones((2, 3))
            return a @ a
    """)
    assert says.startswith("Your code raised ValueError: matmul: ")
    assert says.endswith("(line 4: `return a @ a`).")
    assert line == 4


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        ("raise SystemExit", "Your code called sys.exit() (line"),
        ("raise SystemExit(0)", "Your code called sys.exit(0) (line"),
        ("raise KeyboardInterrupt", "Your code raised KeyboardInterrupt (line"),
        ("raise GeneratorExit('x')", "Your code raised GeneratorExit: x (line"),
        ("raise BaseException('x')", "Your code raised BaseException: x (line"),
        ("raise ExceptionGroup('g', [ValueError(1)])", "Your code raised ExceptionGroup: g (1 sub-exception) (line"),
        ("return f()", "Your code calls itself too often (RecursionError) (line"),
        ("exec('1 +')", "Your code raised SyntaxError: invalid syntax"),
        ("input()", "Your code raised EOFError"),
        ("raise ValueError('x' * 10**6)", "Your code raised ValueError: " + "x" * 400),
        ("raise ValueError('\\ud800 \\x1b[31m \\0')", "Your code raised ValueError: ?  [31m   (line"),
        ("raise ValueError", "Your code raised ValueError (line"),
    ],
)
def test_every_kind_of_exception_has_its_words(raised: str, says: str) -> None:
    came, line = told(f"def f():\n    {raised}\n")
    assert came.startswith(says)
    assert line == 2
    assert len(came) <= 700


LIARS = """
class Liar(Exception):
    def __str__(self): raise KeyboardInterrupt
    def __repr__(self): raise SystemExit
    @property
    def __class__(self): raise ValueError
class NoText(Exception):
    def __str__(self): return 3
class Long(Exception):
    def __str__(self): return "y" * 10**7
class Meta(type):
    def __getattribute__(cls, name): raise SystemExit("meta")
class Hidden(Exception, metaclass=Meta): pass
Huge = type("N" * 10**6, (Exception,), {})
class Errno(OSError):
    @property
    def errno(self): raise SystemExit
"""


@pytest.mark.parametrize("name", ["Liar", "NoText", "Long", "Hidden", "Huge", "Errno"])
def test_an_exception_that_lies_or_raises_is_told_all_the_same(name: str) -> None:
    says, line = told(LIARS + f"def f():\n    raise {name}()\n")
    assert says.startswith("Your code raised ")
    assert line == LIARS.count("\n") + 2
    assert len(says) <= 700


def test_a_line_is_taken_from_the_text_handed_in_and_from_no_file() -> None:
    says, line = told("""\
        import linecache
        linecache.cache['attempt.py'] = (1, None, ['forged'] * 99, 'attempt.py')
        def f():
            code = compile('\\n' * 90000 + 'raise ValueError', 'attempt.py', 'exec')
            exec(code)
    """)
    assert says == "Your code raised ValueError (line 5: `exec(code)`)."
    assert line == 5
    says, line = told("def f():\n    exec(compile('raise ValueError', '/etc/passwd', 'exec'))\n")
    assert line == 2
    assert "root" not in says


def test_lines_are_counted_as_python_counts_them() -> None:
    assert told("x = '\u2028'\r\ny = 1\x0c\rdef f():\n  raise ValueError\n")[1] == 4


def test_running_out_of_memory_is_said_and_flagged() -> None:
    ran = judge(ONE, "def f():\n    raise MemoryError('Unable to allocate 9 TiB')\n")
    assert (
        ran.says("a")
        == "Your code ran out of memory: Unable to allocate 9 TiB (line 2: `raise MemoryError('Unable to allocate 9 TiB')`)."
    )
    assert ran.last["memory_error"] is True


def test_what_the_jail_refuses_is_explained() -> None:
    says, _ = told("def f():\n    raise PermissionError(1, 'Operation not permitted')\n")
    assert "starting processes, opening connections and files outside /tmp are not possible here" in says
    assert (
        "only a few threads are possible here"
        in told('def f():\n    raise RuntimeError("can\'t start new thread")\n')[0]
    )


def test_tracebacks_that_the_candidate_prints_show_its_own_lines() -> None:
    code = "import traceback\ndef f():\n    try: 1 / 0\n    except Exception: traceback.print_exc()\n"
    ran = judge(ONE, code)
    assert 'File "attempt.py", line 3, in f\n    try: 1 / 0' in ran.prints


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (b"(" * 6_000, "Your code is not valid Python: too many nested parentheses (line 1: `(((("),
        (b"x = " + b"-" * 40_000 + b"1", "Your code is nested too deeply to be read."),
        (b"x = " + b"1+" * 300_000 + b"1", "Your code is nested too deeply to be read."),
        (b"x = 1\ny = '\0'\n", "Your code contains a null byte (line 2: `y = '"),
        (
            "x = 1\ny = '\ud800'\n".encode("utf-8", "surrogatepass"),
            "Your code contains bytes that are not text in UTF-8 (line 2",
        ),
        (b"\xff\xfe\x00", "Your code contains a null byte"),
        (b"x = '\xe9'", "Your code contains bytes that are not text in UTF-8 (line 1"),
        (b"x = 1\n" * 400_000, "Your code has 2400000 bytes; at most 2097152 are read."),
        (b"def f(:\n" + b"x" * 1_000_000, "Your code is not valid Python: invalid syntax (line 1: `def f(:`)."),
        (b"    x = 1\n  y = 2", "Your code is not valid Python: unexpected indent"),
        (
            b"\n".join(b" " * i + b"if 1:" for i in range(200)),
            "Your code is not valid Python: too many levels of indentation",
        ),
    ],
    ids=lambda value: "code" if isinstance(value, bytes) else value[:40],
)
def test_any_bytes_are_read_or_refused_in_words(code: bytes, says: str) -> None:
    ran = judge(ONE, code)
    assert ran.endings == []
    assert ran.last["import_error"]["says"].startswith(says)
    assert len(ran.last["import_error"]["says"]) <= 700


@pytest.mark.parametrize(
    "code",
    [
        "# coding: latin-1\ndef f(): return 'é'",
        "\ufeffdef f(): return 1",
        "def f(): return 1\r\n",
        "x = '" + "a" * 1_000_000 + "'\ndef f(): return 1",
        "x = 1;" * 100_000 + "\ndef f(): return 1",
        "x = '\\d'\ndef f(): return 1",
        "",
    ],
    ids=["cookie", "bom", "crlf", "long line", "many statements", "odd escape", "empty"],
)
def test_unusual_text_that_is_python_runs(code: str) -> None:
    ran = judge('from viva_check import check\n@check("a")\ndef a(sut): sut.has("f")\n', code)
    assert ran.passed == ["a"]


def test_code_knows_itself_as_a_module_of_its_own() -> None:
    code = """
import dataclasses, inspect, pickle, sys
@dataclasses.dataclass
class P: x: int
def f():
    assert __name__ == "attempt" and sys.modules["attempt"].f is f
    assert pickle.loads(pickle.dumps(P(3))) == P(3)
    assert "dataclass" in inspect.getsource(sys.modules["attempt"])
"""
    assert judge(ONE, code).passed == ["a"]
