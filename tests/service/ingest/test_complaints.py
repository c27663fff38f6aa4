"""Posts that come in are shown to whoever opens tickets, also those that come again."""

from __future__ import annotations

from collections.abc import Sequence

from service.stores.post_store import StoredPost
from tests.support.ingest_scene import IngestScene


class Ears:
    """Hears of posts."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, tuple[str, ...]]] = []

    async def notice(self, posts: Sequence[StoredPost]) -> None:
        self.heard += [(post.native_id, post.monitors) for post in posts]


async def test_every_post_is_shown_with_its_monitors(scene: IngestScene) -> None:
    ears = Ears()
    ingest = scene.over(scene.store, complaints=ears)
    for _ in range(2):
        await ingest.ingest([scene.post(1, "青柚茶的客服不退款")], via="push")
    assert ears.heard == [("1", ("tea",))] * 2
