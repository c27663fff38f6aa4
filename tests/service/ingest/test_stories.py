from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.stories import Embedded
from tests.support.ingest_scene import IngestScene


class Intake:
    """Keeps what it was offered."""

    def __init__(self) -> None:
        self.offered: list[str] = []
        self.failures = 0

    async def offer(self, embedded: Sequence[Embedded], *, now: datetime) -> int:
        if self.failures:
            self.failures -= 1
            raise OSError("the state database is away")
        self.offered += [item.post.native_id for item in embedded]
        return len(embedded)


async def test_every_stored_post_is_offered_new_or_not(scene: IngestScene) -> None:
    intake = Intake()
    ingest = scene.over(scene.store, stories=intake)
    posts = [scene.post(1, "青柚茶里有玻璃"), scene.post(2, "转发微博")]

    await ingest.ingest(posts, via="push")
    await ingest.ingest(posts[:1], via="push")

    assert intake.offered == ["1", "2", "1"]


async def test_what_could_not_be_offered_comes_with_the_next_try(scene: IngestScene) -> None:
    intake = Intake()
    intake.failures = 1
    ingest = scene.over(scene.store, stories=intake)
    post = scene.post(1, "青柚茶里有玻璃")

    try:
        await ingest.ingest([post], via="push")
    except OSError:
        await ingest.ingest([post], via="push")

    assert intake.offered == ["1"]
