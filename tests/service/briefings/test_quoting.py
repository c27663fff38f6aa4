"""A quote says what the store says: what is gone there is gone in every briefing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from crawlers import PostKey
from service.auth import SYSTEM
from service.briefings import Briefing, briefing_view, document
from service.briefings.quoting import MOST_QUOTED
from service.db import tables
from service.documents import Form, written
from service.retention import ErasureJob, request_erasure
from service.stores import StoredPost
from tests.support.briefing_scene import ANALYST, LEAD, MORNING, NOON, BriefingScene

AUTHOR = "au_0123456789abcdef0123"
GONE = "该帖已删除"


async def spread(scene: BriefingScene, text: str) -> tuple[StoredPost, Briefing]:
    """A text that spread, and a briefing that quotes it."""
    await scene.posts(20)
    first, *_ = await scene.posts(
        6, at=NOON + timedelta(hours=1), text=text, copy_group="spread", author=AUTHOR
    )
    return first, await scene.prepare()


async def page_of(scene: BriefingScene, made: Briefing) -> str:
    found = await scene.desk.get(ANALYST, made.id)
    view = briefing_view(
        found.briefing,
        found.quotes,
        zone=scene.container.settings.zone,
        public_url="https://fengsui.example",
        to_write=False,
    )
    return written(view, document, Form.HTML, made_at=scene.clock.now()).decode()


async def test_a_quote_is_the_post_with_its_link(scene: BriefingScene) -> None:
    first, made = await spread(scene, "晨屿的杯盖又漏了")
    page = await page_of(scene, made)

    assert "「晨屿的杯盖又漏了" in page
    assert f'href="https://fengsui.example/console/posts/{first.id}"' in page


async def test_what_is_kept_holds_no_word_of_any_post(scene: BriefingScene) -> None:
    _, made = await spread(scene, "晨屿的杯盖又漏了")
    table = tables.briefing
    async with scene.container.database.read() as connection:
        row = (await connection.execute(select(table).where(table.c.id == made.id))).one()

    assert "杯盖" not in str(row._mapping)


async def test_personal_information_is_masked(scene: BriefingScene) -> None:
    _, made = await spread(scene, "店长电话 13812345678，微信同号")
    page = await page_of(scene, made)

    assert "13812345678" not in page
    assert "店长电话" in page


async def test_an_author_who_is_erased_is_quoted_nowhere_any_more(scene: BriefingScene) -> None:
    _, made = await spread(scene, "晨屿的杯盖又漏了")
    await scene.desk.approve(LEAD, made.id)
    await scene.desk.deliver(ANALYST, made.id, channels=["chat"])
    now = scene.clock.now()
    async with scene.container.database.write() as connection:
        await request_erasure(connection, AUTHOR, actor=SYSTEM.id, reason="asked", at=now)
    (job,) = [item for item in scene.container.upkeep if isinstance(item, ErasureJob)]
    await job.erase_all(now)

    page = await page_of(scene, made)

    assert "杯盖" not in page
    assert GONE in page


async def test_what_its_source_took_down_is_not_quoted_any_more(scene: BriefingScene) -> None:
    first, made = await spread(scene, "晨屿的杯盖又漏了")
    await scene.container.deletions.note([PostKey("weibo", first.native_id)], via="push")
    await scene.container.store.mark_deleted([first.id], at=scene.clock.now())

    page = await page_of(scene, made)

    assert "杯盖" not in page
    assert GONE in page


async def test_an_edited_post_is_quoted_as_it_was_chosen(scene: BriefingScene) -> None:
    first, made = await spread(scene, "晨屿的杯盖又漏了")
    edited = replace(
        first,
        text="已经解决，感谢门店",
        content_hash="another",
        fetched_at=MORNING,
        stored_at=MORNING,
    )
    await scene.container.store.upsert([edited])

    page = await page_of(scene, made)

    assert "杯盖又漏了" in page
    assert "已经解决" not in page


async def test_a_hostile_text_is_letters_on_one_line(scene: BriefingScene) -> None:
    _, made = await spread(
        scene, "<script>alert(1)</script>\u202e\n\n{{7*7}} ${x} " + "长" * 10_000
    )
    found = await scene.desk.get(ANALYST, made.id)
    (text,) = [
        quote.text
        for quote in found.quotes.values()
        if quote.text is not None and "script" in quote.text
    ]
    page = await page_of(scene, made)

    assert len(text) == MOST_QUOTED
    assert text.isprintable()
    assert "\u202e" not in text
    assert "<script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
