"""`fengsui source …`: adding, trying, pausing, back-filling."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.feed_server import feed_server
from tests.support.mock_site import Answer, mock_site
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


MASTODON = ("--kind", "mastodon", "--set", "base_url=https://town.example")


def test_lists_and_secrets_can_be_given(installed: Shell, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("t0ken\n", encoding="utf-8")
    done = installed(
        "source", "add", "town", *MASTODON, "--set", "hashtags=a", "--set", "hashtags=b",
        "--secret-file", f"token={token}", "--no-check",
    )  # fmt: skip
    assert (done.code, done.out.strip()) == (0, "created town")
    assert "t0ken" not in done.out + done.err
    assert installed("source", "list").out == "town\tmastodon\ton\t300 s\tnever pulled\n"


def test_a_secret_is_read_from_the_standard_input(installed: Shell) -> None:
    done = installed(
        "source", "add", "town", *MASTODON, "--secret", "token", "--no-check", stdin=b"t0ken\n"
    )
    assert done.code == 0
    assert "t0ken" not in done.out + done.err


async def test_keys_are_tried_when_a_source_is_added(
    installed: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = tmp_path / "token"
    token.write_text("stale", encoding="utf-8")
    monkeypatch.setenv("FENGSUI_FETCH_ALLOW_NETWORKS", "127.0.0.0/8")
    async with mock_site() as town:
        town.on("/api/v1/timelines/public", Answer(status=401))
        add = (
            "source", "add", "town", "--kind", "mastodon", "--set", f"base_url={town.url('')}",
            "--secret-file", f"token={token}",
        )  # fmt: skip
        kept = await asyncio.to_thread(installed, *add)
        asked = await asyncio.to_thread(installed, *add, "--check")
        doctor = await asyncio.to_thread(installed, "doctor")
        offline = await asyncio.to_thread(installed, "doctor", "--offline")
        town.on("/api/v1/timelines/public", Answer(body=b"[]"))
        healed = await asyncio.to_thread(installed, "doctor")
    assert (kept.code, kept.out.strip()) == (0, "created town")
    assert "check: blocked" in kept.err
    assert "is token right" in kept.err
    assert asked.code == 1
    assert "bad   sign-in of source town: blocked" in doctor.out
    assert "sign-in" not in offline.out
    assert "sign-in of source town: blocked, so its keys were not tried" in healed.out
    assert "stale" not in kept.out + kept.err + doctor.out


def test_what_is_missing_is_asked_for(installed: Shell, tmp_path: Path) -> None:
    answers = f"jsonl\n{tmp_path}/x.jsonl\n".encode()
    done = installed("source", "add", "export", "--ask", stdin=answers)
    assert done.out.strip() == "created export"
    assert "path" in done.err


def test_what_is_wrong_is_asked_for_again(installed: Shell) -> None:
    done = installed(
        "source", "add", "news", "--kind", "rss", "--set", "url=ftp://x", "--ask",
        stdin=b"https://news.example/feed.xml\n",
    )  # fmt: skip
    assert done.out.strip() == "created news"
    assert "must be an http or https URL" in done.err


def test_settings_may_come_from_a_file(installed: Shell, tmp_path: Path) -> None:
    file = tmp_path / "s.json"
    file.write_text(json.dumps({"url": "https://news.example/a", "lang": "zh"}), encoding="utf-8")
    add = ("source", "add", "news", "--kind", "rss", "--settings-file", file)
    assert installed(*add).out.strip() == "created news"
    assert installed(*add, "--set", "lang=en").out.strip() == "changed news"
    file.write_text("[]", encoding="utf-8")
    assert installed(*add).code == 2


def test_a_source_is_paused_and_resumed(installed: Shell, tmp_path: Path) -> None:
    installed("source", "add", "export", "--kind", "jsonl", "--set", f"path={tmp_path}/x.jsonl")
    assert installed("source", "pause", "export").out.strip() == "changed export"
    assert "\tpaused\t" in installed("source", "list").out
    assert installed("source", "pause", "export").out.strip() == "unchanged export"
    assert installed("source", "resume", "export").out.strip() == "changed export"
    assert installed("source", "resume", "none").code == 2


def test_the_past_is_read_here(installed: Shell, tmp_path: Path) -> None:
    stream = tmp_path / "x.jsonl"
    older = POST | {"native_id": "0", "published_at": "2025-01-01T00:00:00Z"}
    stream.write_text("".join(json.dumps(row) + "\n" for row in (older, POST)), encoding="utf-8")
    installed("source", "add", "export", "--kind", "jsonl", "--set", f"path={stream}")
    fill = ("source", "backfill", "export")
    assert installed(*fill).code == 2
    done = installed(*fill, "--since", "2025-12-01", "--until", "2026-02-01", "--here")
    assert done.code == 0
    assert done.out.startswith("done export 100%, 1 pages, 1 posts, 1 new")
    assert installed(*fill).out == done.out
    assert installed(*fill, "--stop").code == 2
    assert installed(*fill, "--since", "soon").code == 2


def test_a_trial_tells_of_limits_and_of_what_is_filled(installed: Shell, tmp_path: Path) -> None:
    stream = tmp_path / "x.jsonl"
    stream.write_text(json.dumps(POST | {"title": "t"}) + "\n", encoding="utf-8")
    installed("source", "add", "export", "--kind", "jsonl", "--set", f"path={stream}")
    done = installed("source", "test", "export")
    assert "1 posts, 0 not read" in done.err
    assert "title 1/1" in done.err
    assert "no cursor moved" in done.err
