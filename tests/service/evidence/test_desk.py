"""Evidence is added to, never changed; and whoever changes it behind our back is found out."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import update

from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.evidence import Finding
from service.evidence.screenshots import MOST
from tests.service.evidence.conftest import PNG, EvidenceScene
from tests.support.incident_scene import RESPONDER, VIEWER


async def test_untouched_evidence_is_intact_and_the_check_is_kept(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", PNG)
    done = await scene.evidence.verify(VIEWER, opened.id)
    assert done.changed == ()
    assert [item.screenshot for item in done.items].count(True) == 1
    assert (await scene.kinds())[-1] == "evidence_verified"
    (row,) = [
        row
        for row in await scene.rows(tables.audit_entry)
        if row["action"] == "incident.evidence_verified"
    ]
    assert row["actor"] == VIEWER.id


async def test_a_changed_snapshot_is_found(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    async with scene.database.write() as connection:
        await connection.execute(
            update(tables.incident_post)
            .where(tables.incident_post.c.post_id == "post1")
            .values(snapshot={"text": "杯子很好", "likes": 3})
        )
    done = await scene.evidence.verify(VIEWER, opened.id)
    assert [(item.post_id, item.finding) for item in done.changed] == [("post1", Finding.CHANGED)]


async def test_a_changed_picture_is_found(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", PNG)
    async with scene.database.write() as connection:
        await connection.execute(update(tables.evidence_screenshot).values(content=PNG + b"x"))
    (item,) = (await scene.evidence.verify(VIEWER, opened.id)).changed
    assert item.screenshot
    assert item.computed == hashlib.sha256(PNG + b"x").hexdigest()


async def test_a_screenshot_comes_back_as_it_was_sent(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    shot = await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", PNG)
    assert (shot.media_type, shot.size) == ("image/png", len(PNG))
    kept, content = await scene.evidence.screenshot(VIEWER, opened.id, "post1", shot.sha256)
    assert (kept, content) == (shot, PNG)
    assert (await scene.evidence.frozen(VIEWER, opened.id)).screenshots == (shot,)


async def test_the_same_picture_twice_is_one(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    first = await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", PNG)
    again = await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", PNG)
    assert again == first
    assert (await scene.kinds()).count("screenshot_added") == 1


async def test_a_post_has_only_so_many(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    for number in range(MOST):
        content = PNG + bytes([number])
        await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", content)
    with pytest.raises(Conflict, match="that is the most"):
        await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", PNG + b"more")


async def test_only_evidence_has_screenshots(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    with pytest.raises(NotFound, match="no post 'post9' as evidence"):
        await scene.evidence.add_screenshot(RESPONDER, opened.id, "post9", PNG)
    with pytest.raises(NotFound, match="no such screenshot"):
        await scene.evidence.screenshot(VIEWER, opened.id, "post1", "0" * 64)


async def test_a_page_is_no_picture(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    with pytest.raises(InvalidInput, match="PNG, JPEG or WebP"):
        await scene.evidence.add_screenshot(RESPONDER, opened.id, "post1", b"<svg onload=1>")


async def test_a_viewer_adds_nothing(scene: EvidenceScene) -> None:
    opened = await scene.crisis()
    with pytest.raises(Forbidden):
        await scene.evidence.add_screenshot(VIEWER, opened.id, "post1", PNG)
