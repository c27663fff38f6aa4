"""Sources in the console: the settings of their kind, trials, pauses, the past, secrets kept."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from service.auth import SYSTEM, Role
from service.console.pages.schema_fields import Sort, settings_of
from service.errors import NotFound
from service.ingest.past import PastState
from service.monitors import SourceDraft
from service.stores import PostQuery
from tests.support.console_scene import ConsoleScene

FEED = SourceDraft(
    id="feed", kind="rss", name="消费者新闻", settings={"url": "https://news.example/feed.xml"}
)
FORUM = SourceDraft(
    id="forum",
    kind="discourse",
    name="车主论坛",
    settings={"base_url": "https://forum.example"},
    secrets={"api_key": "hush-hush-key"},
)


async def test_the_list_says_what_is_seen_and_what_is_paused(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FEED)
    await scene.container.sources.put(SYSTEM, replace(FORUM, enabled=False))
    page = await scene.look("/sources", await scene.person("kan", Role.VIEWER))
    assert {"消费者新闻", "RSS / Atom 订阅", "车主论坛", "已暂停", "还没有抓取过"} <= set(
        page.texts
    )
    assert "新建数据源" not in page.texts


async def test_kinds_are_grouped_by_the_right_by_which_they_read(scene: ConsoleScene):
    page = await scene.look("/sources/_new", await scene.person("guan", Role.ADMIN))
    assert {"官方接口", "公开订阅", "非官方", "RSS / Atom 订阅", "微博热搜"} <= set(page.texts)


async def test_an_admin_makes_a_source_of_a_kind_by_its_own_fields(scene: ConsoleScene):
    page = await scene.look("/sources/_new?kind=mastodon", await scene.person("guan", Role.ADMIN))
    page.send(
        "source-new-mastodon",
        id="town",
        name="小镇",
        interval_s="600",
        enabled=True,
        **{
            "settings.base_url": "https://town.example",
            "settings.hashtags": "晨屿\n云雀",
            "secrets.token": "hush-hush-token",
        },
    )
    await page.until(lambda: any("/sources/town" in script for script in page.scripts))
    made = await scene.container.sources.get("town")
    assert made.settings == {"base_url": "https://town.example", "hashtags": ["晨屿", "云雀"]}
    assert (made.secret_names, made.interval_s) == (("token",), 600)


async def test_mistakes_in_settings_land_at_their_fields(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FEED)
    page = await scene.look("/sources/feed", await scene.person("guan", Role.ADMIN))
    page.send("source-feed", name="新闻", interval_s="1", **{"settings.url": "ftp://x"})
    await page.until(lambda: "http" in page.refused("settings.url"))
    assert "10" in page.refused("interval_s")
    assert (await scene.container.sources.get("feed")).settings == FEED.settings


async def test_a_secret_that_is_left_empty_stays_and_is_never_shown(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FORUM)
    token = await scene.person("guan", Role.ADMIN)
    page = await scene.look("/sources/forum", token)
    assert any("已保存，不会显示" in text for text in page.texts)
    sent = {"name": "论坛", "interval_s": "300", "enabled": True, "secrets.api_key": ""}
    page.send("source-forum", **sent, **{"settings.base_url": "https://forum.example"})
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = await scene.container.sources.get("forum")
    assert (kept.name, kept.secret_names) == ("论坛", ("api_key",))
    page = await scene.look("/sources/forum", token)
    page.send(
        "source-forum",
        **sent,
        **{"settings.base_url": "https://forum.example"},
        **{"forget.api_key": True},
    )
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    assert (await scene.container.sources.get("forum")).secret_names == ()
    assert not any("hush-hush" in text for text in page.texts)


async def test_a_secret_header_is_sealed_beside_the_open_ones(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FEED)
    page = await scene.look("/sources/feed", await scene.person("guan", Role.ADMIN))
    sent = {"name": "新闻", "interval_s": "300", "enabled": True}
    settings = {"settings.url": "https://news.example/feed.xml", "settings.obey_robots": True}
    page.send("source-feed", **sent, **settings, **{"settings.headers": '{"authorization": "x"}'})
    await page.until(lambda: "secret" in page.refused("settings.headers"))
    headers = {"settings.headers": '{"accept": "*/*"}', "secrets.headers": '{"authorization": "x"}'}
    page.send("source-feed", **sent, **settings, **headers)
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = await scene.container.sources.get("feed")
    assert kept.settings["headers"] == {"accept": "*/*"}
    assert kept.secret_names == ("headers",)


async def test_pausing_asks_and_going_on_does_not(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FEED)
    token = await scene.person("guan", Role.ADMIN)
    page = await scene.look("/sources/feed", token)
    page.press("switch")
    await page.until(lambda: "暂停“消费者新闻”？" in page.texts)
    page.answer("暂停")
    await page.until(lambda: any("已暂停" in script for script in page.scripts))
    assert not (await scene.container.sources.get("feed")).enabled
    page = await scene.look("/sources/feed", token)
    page.press("switch")
    await page.until(lambda: any("已恢复" in script for script in page.scripts))
    assert (await scene.container.sources.get("feed")).enabled


async def test_a_trial_shows_what_came_back_and_stores_nothing(scene: ConsoleScene, tmp_path: Path):
    rows = tmp_path / "posts.jsonl"
    said = {"source": "weibo", "native_id": "1", "published_at": "2024-02-29T08:00:00+08:00"}
    lines = [json.dumps(said | {"text": "晨屿客服 13812345678 没人接"}), "not json"]
    rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    draft = SourceDraft(id="file", kind="jsonl", name="存档", settings={"path": str(rows)})
    await scene.container.sources.put(SYSTEM, draft)
    page = await scene.look("/sources/file", await scene.person("guan", Role.ADMIN))
    page.press("try-source")
    await page.until(lambda: "✓ 取到了帖子" in page.texts)
    assert any(text.startswith("1 条帖子") for text in page.texts)
    assert "1 条读不出来" in page.texts
    assert not any("13812345678" in text for text in page.texts)
    assert await scene.container.store.count(PostQuery()) == 0
    rows.unlink()
    page.press("try-source")
    await page.until(lambda: "✗ 没有成功" in page.texts)


async def test_the_past_is_asked_for_and_stopped(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FEED)
    page = await scene.look("/sources/feed", await scene.person("guan", Role.ADMIN))
    page.send("past-feed", since="2026-02-20T08:00", until="2026-02-10T08:00")
    await page.until(lambda: "must lie before" in page.refused("since"))
    with pytest.raises(NotFound):
        await scene.container.source_backfill.progress("feed")
    now = scene.clock.now()
    page.send("past-feed", since=f"{now.year - 1}-02-20T08:00", until="")
    await page.until(lambda: "past-stop" in page.keys)
    page.press("past-stop")
    await page.until(lambda: any(text.startswith("已停止") for text in page.texts))
    stopped = await scene.container.source_backfill.progress("feed")
    assert stopped.state is PastState.STOPPED


async def test_whoever_only_looks_cannot_test_nor_change(scene: ConsoleScene):
    await scene.container.sources.put(SYSTEM, FEED)
    page = await scene.look("/sources/feed", await scene.person("lin", Role.ANALYST))
    assert not {"switch", "delete", "try-source", "submit-source-feed"} & set(page.keys)


async def test_a_webhook_says_where_to_send(scene: ConsoleScene):
    hook = SourceDraft(
        id="hook",
        kind="webhook",
        name="工单",
        settings={
            "platform": "kefu",
            "proof": "bearer",
            "fields": {"text": "said", "native_id": "no", "published_at": "at"},
        },
        secrets={"secret": "long-enough-and-hidden"},
    )
    await scene.container.sources.put(SYSTEM, hook)
    page = await scene.look("/sources/hook", await scene.person("guan", Role.ADMIN))
    assert "POST https://fengsui.example/v1/hooks/hook" in page.texts
    assert "try-source" not in page.keys


def test_settings_of_a_schema_know_their_sort_and_their_secrets():
    schema = {
        "$defs": {"Channel": {"enum": ["social", "news"], "type": "string"}},
        "properties": {
            "token": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
            "channel": {"$ref": "#/$defs/Channel", "default": "news"},
            "pages": {"type": "integer", "default": 10},
            "tags": {"type": "array", "items": {"type": "string"}, "default": []},
            "fields": {"type": "object"},
            "obey": {"const": True, "type": "boolean"},
        },
        "required": ["fields"],
    }
    found = {item.name: item for item in settings_of(schema)}
    assert next(iter(found)) == "fields"
    assert {name: item.sort for name, item in found.items()} == {
        "token": Sort.TEXT,
        "channel": Sort.CHOICE,
        "pages": Sort.WHOLE,
        "tags": Sort.LINES,
        "fields": Sort.JSON,
    }
    assert [name for name, item in found.items() if item.secret] == ["token"]
