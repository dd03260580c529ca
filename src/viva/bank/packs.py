"""A question's folder as one blob. Law: equal files give equal bytes, so the digest of a pack names its content,
and only the canonical form unpacks, so no second pack has the same files.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping

from viva.bank.limits import PACK_BYTES
from viva.bank.paths import check_sizes
from viva.bank.problems import Problems, author_error
from viva.core.errors import AuthorError
from viva.core.values import Digest, canonical_json

_OWNER = "pack"


def pack(files: Mapping[str, bytes]) -> bytes:
    """Canonical JSON `{path: base64}` in ASCII."""
    return canonical_json({path: base64.b64encode(raw).decode("ascii") for path, raw in files.items()}).encode("ascii")


def pack_digest(files: Mapping[str, bytes]) -> Digest:
    """`sha256:` of the pack: the digest of a question, and the name of its pack as a blob."""
    return Digest("sha256:" + hashlib.sha256(pack(files)).hexdigest())


def unpack(packed: bytes) -> dict[str, bytes]:
    """The files of a pack, by path.

    Raises:
        AuthorError: it is not a canonical pack, is over a limit, or holds a path that could leave its folder.
    """
    if len(packed) > PACK_BYTES:
        raise _refused(f"has {len(packed)} bytes; at most {PACK_BYTES} are read")
    try:
        content = json.loads(packed.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise _refused("is not JSON in ASCII") from error
    if not isinstance(content, dict):
        raise _refused("is not a JSON object of paths")
    files = {path: _decoded(path, coded) for path, coded in content.items()}
    problems = Problems(_OWNER)
    check_sizes(files, problems)
    problems.raise_first()
    if pack(files) != packed:
        raise _refused("is not in canonical form")
    return files


def _decoded(path: str, coded: object) -> bytes:
    if not isinstance(coded, str):
        raise _refused(f"holds something else than base64 under {path[:80]!r}")
    try:
        return base64.b64decode(coded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refused(f"holds broken base64 under {path[:80]!r}") from error


def _refused(says: str) -> AuthorError:
    return author_error(_OWNER, "", says, mend="Pack the question's folder again with this version of viva.")
