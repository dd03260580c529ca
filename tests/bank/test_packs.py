"""A pack names its content, gives it back, and brings nothing from outside with it."""

import base64
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bank.folder import coding
from viva.bank import load_question, pack, pack_digest, problems_of, unpack
from viva.bank.limits import FILE_BYTES, FILES, FOLDER_BYTES
from viva.core.errors import AuthorError

_part = st.from_regex(r"[a-z0-9_][a-z0-9._-]{0,8}", fullmatch=True)
_files = st.dictionaries(_part.map(lambda name: f"data/{name}"), st.binary(max_size=64), max_size=6)


def _coded(paths: dict[str, str]) -> bytes:
    return json.dumps(paths, sort_keys=True, separators=(",", ":")).encode()


@given(_files)
def test_a_pack_gives_back_exactly_the_files(files: dict[str, bytes]) -> None:
    assert unpack(pack(files)) == files


@given(_files)
def test_the_order_of_files_does_not_change_the_digest(files: dict[str, bytes]) -> None:
    assert pack_digest(dict(reversed(files.items()))) == pack_digest(files)


@given(_files, _part, st.binary(max_size=8))
def test_any_change_of_a_file_changes_the_digest(files: dict[str, bytes], name: str, content: bytes) -> None:
    changed = {**files, f"data/{name}": content}
    assert (pack_digest(changed) == pack_digest(files)) == (changed == files)


def test_the_digest_of_a_question_is_that_of_its_pack_and_stays_from_version_to_version() -> None:
    files = {"a.md": b"one", "b/c.py": b"\x00\xff"}
    assert pack(files) == b'{"a.md":"b25l","b/c.py":"AP8="}'
    assert pack_digest(files) == "sha256:ceca2b166a8deeb58691ea0a5afe86082da8cc2b849404ab894ebec61538e1fe"
    assert load_question("add-arrays", coding()).digest == pack_digest(coding())


@pytest.mark.parametrize(
    "path",
    [
        "../evil.md", "/etc/passwd", "data/../../x", "data//x", "data/./x", "./x", "", ".", "..", "data/", ".hidden",
        "data/.x", "data\\x", "C:\\x", "data/x\n", "data/\0", "data/ä", "data/a b", "-rf", "data/" + "x" * 200, "a/b/c/d/e",
        "~root/x",
    ],
)  # fmt: skip
def test_a_path_that_could_leave_the_folder_is_refused(path: str) -> None:
    packed = _coded({path: base64.b64encode(b"x").decode()})
    with pytest.raises(AuthorError, match="which is refused"):
        unpack(packed)
    assert any("which is refused" in error.says for error in problems_of("add-arrays", {**coding(), path: b"x"}))


@pytest.mark.parametrize(
    ("packed", "says"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b'{"a":' * 100_000, "is not JSON"),
        (b"[]", "not a JSON object"),
        (b'{"a.md":1}', "something else than base64"),
        (b'{"a.md":{"b":"eA=="}}', "something else than base64"),
        (b'{"a.md":"e"}', "broken base64"),
        (b'{"a.md":"eA==\\n"}', "broken base64"),
        ('{"a.md":"é"}'.encode(), "is not JSON"),
        (b'{"a.md":"\\u00e9"}', "broken base64"),
        (b'{ "a.md":"eA=="}', "canonical"),
        (b'{"a.md":"eA==","a.md":"eQ=="}', "canonical"),
        (b'{"b.md":"eA==","a.md":"eQ=="}', "canonical"),
        (b'{"a.md":"eB=="}', "canonical"),
        (b'{"a":"eA==","a/b":"eA=="}', "a file and a folder at once"),
        (b"9" * 10_000, "JSON"),
    ],
    ids=range(17),
)
def test_what_is_no_canonical_pack_is_refused_with_a_sentence(packed: bytes, says: str) -> None:
    with pytest.raises(AuthorError, match=says) as caught:
        unpack(packed)
    assert caught.value.mend


@given(st.binary(max_size=200))
def test_any_bytes_are_a_pack_or_an_author_error(packed: bytes) -> None:
    try:
        files = unpack(packed)
    except AuthorError:
        return
    assert pack(files) == packed


def test_a_pack_over_a_limit_is_refused() -> None:
    with pytest.raises(AuthorError, match="a file may have"):
        unpack(pack({"data/x": b"x" * (FILE_BYTES + 1)}))
    with pytest.raises(AuthorError, match="files; at most"):
        unpack(pack({f"data/{n}": b"" for n in range(FILES + 1)}))
    many = {f"data/{n}": b"x" * FILE_BYTES for n in range(FOLDER_BYTES // FILE_BYTES + 1)}
    with pytest.raises(AuthorError, match="bytes; at most"):
        unpack(pack(many))
    with pytest.raises(AuthorError, match="bytes; at most"):
        unpack(b" " * (33 << 20))


@pytest.mark.parametrize(
    "toml",
    [
        b"a = " + b"[" * 60_000,
        b"a = " + b"{a=" * 20_000,
        b"a." * 30_000 + b"a = 1",
        b"a . " * 15_000 + b"a = 1",
        b'"".' * 20_000 + b"a = 1",
        b"''." * 20_000 + b"a = 1",
        b"[" + b"a." * 30_000 + b"a]",
        b"a" * 64_000,
        b'"' * 64_000,
        b"\n".join(b"k%d=1" % n for n in range(6_000)),
        b"[[point]]\n" * 6_000,
        b"\r" * 60_000,
        b" " * 60_000,
    ],
    ids=range(13),
)
def test_no_hostile_toml_costs_more_than_a_moment(toml: bytes) -> None:
    began = time.process_time()
    assert problems_of("add-arrays", {**coding(), "question.toml": toml, "rubric.toml": toml})
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("hints.md", b"## Hint 1\n" * 6_000),
        ("hints.md", b"`" * 65_000),
        ("statement.md", b"```" + b" " * 60_000 + b"x"),
        ("statement.md", b"```\n" * 16_000),
        ("attempts/wrong_x.py", b"# a: " + b" " * 1_000_000 + b"x"),
        ("attempts/wrong_x.py", b"# expect: fails == " + b"a," * 500_000),
        ("attempts/wrong_x.py", b"# expect: x\n" * 80_000),
        ("attempts/wrong_x.py", b"#" * 1_000_000),
        ("answers/wrong_x.md", b"---\n" * 16_000),
        ("answers/wrong_x.md", b"---\n" + b"-" * 1_000_000),
        ("checks.py", b"(" * 6_000),
        ("given.py", b"\xed\xa0\x80"),
    ],
    ids=range(12),
)
def test_no_hostile_file_costs_more_than_a_moment(path: str, content: bytes) -> None:
    began = time.process_time()
    problems_of("add-arrays", {**coding(), path: content})
    assert time.process_time() - began < 3
