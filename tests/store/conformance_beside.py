"""What every plug of the store must do with what is kept beside the records; used like `conformance`."""

import pytest

from tests.store.conformance import HOSTILE
from tests.store.examples import NOON, chat_draft, editor_draft, heard, opened
from viva.core.errors import CandidateError, NotFound, StaleDraft
from viva.core.values import Digest
from viva.ports import Person, Store

# ---- drafts --------------------------------------------------------------------------------------------------------


async def test_a_draft_with_a_higher_number_replaces_the_stored_one(store: Store) -> None:
    await store.create("a", [opened()])
    await store.save_draft("a", editor_draft("one"), 1)
    saved = await store.save_draft("a", editor_draft(HOSTILE), 5)
    assert (saved.draft, saved.n) == (editor_draft(HOSTILE), 5)
    assert await store.drafts("a") == (saved,)


async def test_the_same_draft_again_is_no_fault(store: Store) -> None:
    await store.create("a", [opened()])
    first = await store.save_draft("a", editor_draft("one"), 1)
    assert await store.save_draft("a", editor_draft("one"), 1) == first


@pytest.mark.parametrize(("text", "n"), [("other", 3), ("same", 2), ("other", 0)])
async def test_a_stale_draft_is_answered_with_the_stored_one(store: Store, text: str, n: int) -> None:
    await store.create("a", [opened()])
    await store.save_draft("a", editor_draft("same"), 3)
    with pytest.raises(StaleDraft) as caught:
        await store.save_draft("a", editor_draft(text), n)
    assert (caught.value.text, caught.value.n) == ("same", 3)
    assert [saved.n for saved in await store.drafts("a")] == [3]


@pytest.mark.parametrize("n", [-1, 2**53, 10**30])
async def test_a_number_that_no_client_counts_to_is_refused(store: Store, n: int) -> None:
    await store.create("a", [opened()])
    with pytest.raises(CandidateError):
        await store.save_draft("a", editor_draft("x"), n)
    assert await store.drafts("a") == ()


async def test_each_question_framework_and_box_has_its_own_draft_newest_first(store: Store) -> None:
    await store.create("a", [opened()])
    await store.create("b", [opened()])
    await store.save_draft("a", editor_draft("code"), 9)
    await store.save_draft("a", chat_draft("words"), 1)
    await store.save_draft("a", editor_draft("elsewhere", question="beam \ud800 search"), 1)
    await store.save_draft("b", editor_draft("of b"), 1)
    assert [saved.draft.text for saved in await store.drafts("a")] == ["elsewhere", "words", "code"]


async def test_drafts_are_beside_the_record_not_in_it(store: Store) -> None:
    await store.create("a", [opened()])
    await store.save_draft("a", editor_draft("x"), 1)
    assert len(await store.read("a")) == 1
    assert (await store.append("a", 1, [heard("y")])).seq == 2


async def test_a_draft_of_no_interview_is_not_kept(store: Store) -> None:
    with pytest.raises(NotFound):
        await store.save_draft("nobody", editor_draft("x"), 1)


# ---- people, blobs, heartbeat --------------------------------------------------------------------------------------


async def test_a_person_is_kept_and_replaced(store: Store) -> None:
    assert await store.person("a") == Person()
    await store.save_person("a", Person(name=HOSTILE, email="ada@example.org", time_factor=1.25))
    assert await store.person("a") == Person(name=HOSTILE, email="ada@example.org", time_factor=1.25)
    await store.save_person("a", Person(time_factor=None))
    assert await store.person("a") == Person(time_factor=None)
    assert await store.person("b") == Person()


async def test_a_person_never_appears_in_the_record(store: Store) -> None:
    await store.create("a", [opened(), heard("hello")])
    await store.save_person("a", Person(name="token-of-ada", email="token-of-ada@example.org"))
    await store.append("a", 2, [heard("bye")])
    assert "token-of-ada" not in repr(await store.read("a"))
    assert "token-of-ada" not in repr(await store.interviews())


@pytest.mark.parametrize("content", [b"", b"\0\xff" * 10, b"x" * 300_000])
async def test_a_blob_is_named_by_its_bytes(store: Store, content: bytes) -> None:
    digest = await store.put_blob(content)
    assert await store.put_blob(content) == digest
    assert await store.blob(digest) == content
    assert await store.blob(Digest("sha256:" + "0" * 64)) is None


async def test_an_empty_blob_has_the_digest_that_sha256sum_gives(store: Store) -> None:
    known = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert await store.put_blob(b"") == known


async def test_a_heartbeat_gives_the_one_before_it(store: Store) -> None:
    assert await store.beat() is None
    first = await store.beat()
    second = await store.beat()
    assert first is not None
    assert second is not None
    assert NOON < first < second


async def test_closing_twice_does_nothing(store: Store) -> None:
    await store.create("a", [opened()])
    await store.close()
    await store.close()
