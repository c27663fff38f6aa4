"""Posts in which somebody speaks of self-harm are handed on, and never lost."""

from __future__ import annotations

import pytest

from crawlers import Author, PostKey
from tests.support.ingest_scene import IngestScene

TEXT = "我不想活了，遗书写好了"


async def test_a_stored_post_is_handed_on_with_the_wording_found(scene: IngestScene) -> None:
    post = scene.post(1, TEXT, author=Author(id="u1", name="小满"))
    await scene.put(scene.post(2, "青柚茶真好喝"), post)
    (found,) = scene.risks.found
    assert found.post == await scene.stored(post)
    assert found.post.author is not None
    assert found.post.author.startswith("au_")
    assert (found.rule, found.shares) == ("tired", None)


async def test_what_a_guard_suppresses_is_not(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "笑死，作业多到不想活了哈哈哈"))
    assert scene.risks.found == []


async def test_a_post_is_told_again_with_each_pull(scene: IngestScene) -> None:
    post = scene.post(1, TEXT)
    await scene.put(post)
    await scene.put(post)
    assert len(scene.risks.found) == 2


async def test_who_could_not_be_told_of_fails_the_batch_and_comes_again(
    scene: IngestScene,
) -> None:
    post = scene.post(1, TEXT)
    scene.risks.refusals = 1
    with pytest.raises(OSError, match="away"):
        await scene.put(post)
    await scene.put(post)
    assert [item.post.id for item in scene.risks.found] == [post.id]


async def test_a_share_names_what_it_shares(scene: IngestScene) -> None:
    first = scene.post(1, TEXT)
    share = scene.post(2, f"转发微博 //@小满:{TEXT}", repost_of="1")
    bare = scene.post(3, "转发微博", repost_of="1")
    await scene.put(first, share, bare)
    assert [item.shares for item in scene.risks.found] == [None, PostKey("weibo", "1").id]
