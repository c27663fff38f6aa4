"""The lexicon walked: an entry tried on stored posts, saved, in force at once, and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from service.api.classification import Classification
from service.api.quota import Quota
from service.auth import Role
from service.db import tables
from service.lexicon import SaveKind
from tests.support.console_walk import Walk
from tests.support.stored_posts import stored_post

TERM = "云雀割韭菜"
SAID = "又是云雀割韭菜，大家别买"


async def hits(walk: Walk) -> list[str]:
    """The terms that classify finds in the sentence, as a caller of the API is told."""
    container = walk.scene.container
    quota = Quota(container.settings.classify_per_minute, monotonic=container.clock.monotonic)
    asked = Classification(container.reader, quota=quota, judge=container.judgement)
    answer = await asked.one({"text": SAID}, principal="caller")
    return [hit["term"] for hit in answer["hits"]]


@pytest.mark.timeout(480)
async def test_an_entry_is_previewed_saved_in_force_and_rolled_back(walk: Walk):
    scene, page = walk.scene, walk.page
    at = scene.clock.now() - timedelta(days=2)
    post = stored_post(1, SAID, published_at=at, fetched_at=at, stored_at=at)
    await scene.container.store.upsert([post])
    assert TERM not in await hits(walk)
    await walk.sign_in("lin", Role.ANALYST)

    await walk.go("/lexicon")
    await page.get_by_role("link", name="新增词条").click()
    await page.locator("#main form [name=term]").fill(TERM)
    await page.locator("#main form [name=category]").select_option("complaint")
    await page.locator("#main form [name=hits]").fill("它根本不提这个词")
    await page.locator("#main form [name=misses]").fill("今天天气不错")
    await page.locator("#main form [name=reason]").fill("投诉里新出现的说法")
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_text("这样保存会被拒绝：")).to_be_visible()
    await page.get_by_role("button", name="保存").click()
    await expect(page.locator("[data-error='hits']")).to_be_visible()

    await page.locator("#main form [name=hits]").fill(SAID)
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_text("会命中的帖子（个人信息已遮盖）")).to_be_visible()
    await expect(page.locator("mark", has_text=TERM)).to_be_visible()
    await walk.accessible()
    await walk.shot("lexicon-preview")
    assert TERM not in await hits(walk)
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存，从下一条帖子起生效")).to_be_visible()
    assert TERM in await hits(walk)
    records = scene.container.lexicon.directory.shelf.records.values()
    (entry_id,) = (item.entry.id for item in records if item.entry.term == TERM)

    await page.get_by_role("link", name=TERM).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(TERM)
    await page.get_by_role("link", name="第 1 版").click()
    await expect(page.get_by_text("现在就是这个样子")).to_be_visible()
    await walk.go("/lexicon/versions")
    await page.get_by_role("link", name="随产品提供的样子").click()
    await expect(page.get_by_text("会移除")).to_be_visible()
    await page.locator("#main form [name=reason]").fill("误伤了夸奖")
    await page.get_by_role("button", name="回滚到这一版").click()
    await page.wait_for_url("**/lexicon/versions")
    await expect(page.get_by_text("误伤了夸奖")).to_be_visible()
    await walk.calm()

    assert TERM not in await hits(walk)
    async with scene.container.database.read() as connection:
        saves = (
            await connection.execute(
                select(tables.lexicon_version).order_by(tables.lexicon_version.c.number)
            )
        ).all()
        told = (
            await connection.execute(
                select(tables.audit_entry.c.action, tables.audit_entry.c.subject_id).where(
                    tables.audit_entry.c.subject_type == "lexicon"
                )
            )
        ).all()
    assert [(row.kind, row.reason, row.restored) for row in saves] == [
        (SaveKind.ADDED, "投诉里新出现的说法", None),
        (SaveKind.ROLLED_BACK, "误伤了夸奖", 0),
    ]
    assert ("lexicon.added", entry_id) in [tuple(row) for row in told]
    shelf = await scene.container.lexicon.shelves.current()
    assert (shelf.number, entry_id in shelf.records, shelf.gone[entry_id]) == (2, False, 2)
