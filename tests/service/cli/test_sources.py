"""`fengsui source add` and `fengsui source test`."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.feed_server import feed_server
from tests.support.process import Shell

POST = {
    "source": "weibo",
    "native_id": "1",
    "published_at": "2026-01-01T00:00:00Z",
    "text": "青柚真好喝",
}


def test_a_source_is_added_once(installed: Shell, tmp_path: Path) -> None:
    add = ("source", "add", "export", "--kind", "jsonl", "--set", f"path={tmp_path}/x.jsonl")
    assert installed(*add).out.strip() == "created export"
    assert installed(*add).out.strip() == "unchanged export"


def test_a_test_shows_posts_and_stores_nothing(installed: Shell, tmp_path: Path) -> None:
    stream = tmp_path / "x.jsonl"
    stream.write_text(json.dumps(POST) + "\nnonsense\n", encoding="utf-8")
    installed("source", "add", "export", "--kind", "jsonl", "--set", f"path={stream}")
    for _ in range(2):
        done = installed("source", "test", "export")
        assert done.code == 0
        assert done.out.splitlines()[0] == "ok"
        assert "青柚真好喝" in done.out
        assert f"not read: {stream}:2" in done.err


def test_a_source_that_fails_says_why_and_ends_with_1(installed: Shell, tmp_path: Path) -> None:
    installed("source", "add", "export", "--kind", "jsonl", "--set", f"path={tmp_path}/none")
    done = installed("source", "test", "export")
    assert done.code == 1
    assert done.out.strip() == "failed"
    assert "no such file" in done.err


async def test_a_feed_on_loopback_needs_leave(
    installed: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with feed_server() as feed:
        feed.publish("urn:1", "青柚新品上市", at=datetime(2026, 1, 1, tzinfo=UTC))
        add = ("source", "add", "news", "--kind", "rss", "--set", f"url={feed.url}")
        await asyncio.to_thread(installed, *add)
        refused = await asyncio.to_thread(installed, "source", "test", "news")
        monkeypatch.setenv("FENGSUI_FETCH_ALLOW_NETWORKS", "127.0.0.0/8")
        allowed = await asyncio.to_thread(installed, "source", "test", "news")
    assert refused.code == 1
    assert allowed.code == 0
    assert "青柚新品上市" in allowed.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "x", "--kind", "rss", "--set", "url"), "give KEY=VALUE"),
        (("add", "x", "--kind", "rss", "--set", "url=ftp://a"), "settings.url"),
        (("add", "x", "--kind", "pigeon"), "'pigeon' is not one of"),
        (("test", "none"), "none"),
    ],
)
def test_a_mistake_is_exit_2(installed: Shell, arguments: tuple[str, ...], said: str) -> None:
    done = installed("source", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
