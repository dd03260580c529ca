"""What is mutated and what is not: each change is one slip of the hand, and reads as it was made."""

import ast

import pytest

from viva.bank.mutants import Mutant, lines_of_code, mutants_of
from viva.core.errors import CandidateError


def changed(source: str) -> dict[str, str]:
    """The last line of each mutant, by its change."""
    return {mutant.change: mutant.code.rstrip().split("\n")[-1].strip() for mutant in mutants_of(source)}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("f(a < b)", {"< -> <=": "f(a <= b)", "< -> >": "f(a > b)", "statement deleted": "pass"}),
        ("y = a + b", {"+ -> -": "y = a - b", "without + b": "y = a"}),
        ("y = a / b", {"/ -> *": "y = a * b", "without / b": "y = a", "/ the other way round": "y = b / a"}),
        ("y = a @ b", {"@ the other way round": "y = b @ a"}),
        ("y = -1", {"-1 -> 0": "y = 0", "-1 -> -2": "y = -2"}),
        ("y = 0", {"0 -> 1": "y = 1", "0 -> -1": "y = -1"}),
        ("y = 1e-06", {"1e-06 -> 2e-06": "y = 2e-06"}),
        ("y = 0.0", {"0.0 -> 1.0": "y = 1.0"}),
        ("y = not a", {"without not": "y = a"}),
        ("y = ~a & b", {"& -> |": "y = ~a | b", "without & b": "y = ~a", "without ~a &": "y = b", "without ~": "y = a & b"}),
        ("y = a and b", {"and -> or": "y = a or b", "without `a` in and": "y = b", "without `b` in and": "y = a"}),
        ("y = x[1:n]", {"1 -> 2": "y = x[2:n]", "1 -> 0": "y = x[0:n]"}),
        ("y += a", {"+= -> -=": "y -= a", "statement deleted": "pass"}),
        ("y = np.where(c, a, b)", {"the last two arguments of where swapped": "y = np.where(c, b, a)"}),
        ("y = np.maximum(a, b)", {"maximum -> minimum": "y = np.minimum(a, b)"}),
        ("y = x.sum(keepdims=True)", {"sum -> mean": "y = x.mean(keepdims=True)", "True -> False": "y = x.sum(keepdims=False)"}),
        ("y = x.sum(axis=k)", {"without axis=": "y = x.sum()"}),
        ("y = sqrt(v)", {"without sqrt": "y = v"}),
        ("y = a if c else b", {"condition -> False": "y = a if False else b"}),
    ],
)  # fmt: skip
def test_a_slip_of_the_hand(source: str, expected: dict[str, str]) -> None:
    assert expected.items() <= changed(source).items()


def test_only_what_runs_is_changed() -> None:
    source = (
        '"""Doc 1."""\nimport numpy as np\n\n\ndef f(x: list[1]) -> 1:\n    """Doc 2."""\n    raise ValueError("3")\n'
    )
    assert [mutant.change for mutant in mutants_of(source)] == ["statement deleted"]


def test_a_default_value_is_changed_and_an_annotation_is_not() -> None:
    assert changed("def f(x, eps: float = 0.5):\n    return x") == {"0.5 -> 1.0": "return x"}
    (mutant,) = mutants_of("def f(x, eps: float = 0.5):\n    return x")
    assert "eps: float=1.0" in mutant.code


def test_a_mutant_has_its_line_without_the_comment_behind_it() -> None:
    source = "a = 5\nb = a\ny = a * 2  # twice, not once\n"
    mutants = [mutant for mutant in mutants_of(source) if mutant.line == 3]
    assert {mutant.text for mutant in mutants} == {"y = a * 2"}
    assert Mutant(line=3, text="y = a * 2", change="* -> /", code="a = 5\nb = a\ny = a / 2\n") in mutants


def test_every_mutant_is_python_and_no_two_read_the_same() -> None:
    source = "def f(n):\n    while n > 1 and not n % 2:\n        n //= 2\n        g(n)\n    return [i ** 2 for i in n[1:-1]]\n"
    codes = [mutant.code for mutant in mutants_of(source)]
    assert len(codes) == len(set(codes)) > 20
    for code in codes:
        assert ast.unparse(ast.parse(code)) != ast.unparse(ast.parse(source))


@pytest.mark.parametrize(
    "source", ["y = (", "y = " + "(" * 400 + "1" + ")" * 400, "y = " + "-" * 5000 + "x", "\0", "y = 1\n" * 20_000]
)
def test_what_cannot_be_mutated_is_told(source: str) -> None:
    with pytest.raises(CandidateError):
        mutants_of(source)


def test_lines_of_code_leave_out_blank_ones_comments_and_docstrings() -> None:
    source = '"""Doc."""\n\nimport math\n\n\ndef f(x):\n    """Doc."""\n    # why\n    y = (\n        x\n    )\n\n    return y\n'
    assert lines_of_code(source) == 6
