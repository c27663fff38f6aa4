"""No author is named anywhere but in the encrypted handle: the bytes of every file are searched."""

from __future__ import annotations

import base64
import logging
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from crawlers import Author
from service.db import Database
from service.incidents.model import Kind, Opening
from service.monitoring.evidence import freeze
from service.stores.post_store import PostStore
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene
from tests.support.ingest_scene import BrokenStore, IngestScene

HANDLE_ID = "u7Qx93Zk55"
HANDLE_NAME = "柚子皮不苦Qz81"
FORMS = tuple(
    form
    for text in (HANDLE_ID, HANDLE_NAME)
    for form in (
        text.encode(),
        text.encode("utf-16-le"),
        text.encode("unicode_escape"),
        base64.b64encode(text.encode())[:-4],
    )
)


def found_in(folder: Path) -> list[tuple[str, bytes]]:
    """(file, form) of every place in which the author can be read."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.startswith("posts.db") for path in files)
    assert any(path.name.startswith("state.db") for path in files)
    return [(path.name, form) for path in files for form in FORMS if form in path.read_bytes()]


async def test_an_author_is_in_no_file_and_in_no_log(
    sqlite_database: Database,
    clock: SteppingClock,
    posts: PostStore,
    scene: IngestScene,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    author = Author(id=HANDLE_ID, name=HANDLE_NAME, followers=7)
    post = scene.post(
        1,
        "澄屿青柚茶里喝出虫子，恶心",
        author=author,
        url=f"https://mastodon.example/@{HANDLE_ID}/1?by={HANDLE_NAME}",
        extra={"posted_by": HANDLE_NAME, "via": [HANDLE_ID]},
    )
    broken = BrokenStore(posts)
    broken.refusals = 1
    with capture_logs() as logs:
        with pytest.raises(OSError, match="no space") as failure:
            await scene.over(broken).ingest([post], via="push")
        await scene.put(post)
        await scene.put(scene.post(1, "改过的话，还是有虫子", author=author))
        await scene.put(scene.post(2, "转发微博", repost_of="1", author=author))
        await _open_incident(IncidentScene(sqlite_database, clock), scene)
    said = f"{logs}{caplog.text}{failure.value}"
    assert not [text for text in (HANDLE_ID, HANDLE_NAME) if text in said]
    assert found_in(tmp_path) == []
    stored = await scene.stored(post)
    assert stored.author == scene.ring.pseudonym("weibo", HANDLE_ID)


async def test_the_search_would_find_it(
    sqlite_database: Database, posts: PostStore, scene: IngestScene, tmp_path: Path
) -> None:
    await scene.put(scene.post(1, f"我是{HANDLE_NAME}"))
    assert {form for _, form in found_in(tmp_path)} >= {HANDLE_NAME.encode()}


async def _open_incident(incidents: IncidentScene, scene: IngestScene) -> None:
    stored = await scene.stored(scene.post(1, ""))
    now = scene.clock.now()
    opening = Opening(
        kind=Kind.CRISIS,
        monitor_id="tea",
        scenario="safety_incident",
        title="tea",
        tier="yellow",
        tier_rank=1,
        reasons=(),
        posts=1,
        first_post_id=stored.id,
        first_post_at=stored.published_at,
        last_post_at=stored.published_at,
        evidence=(freeze(stored, now=now),),
    )
    async with incidents.database.write() as connection:
        await incidents.incidents.open(connection, opening, now=now)
