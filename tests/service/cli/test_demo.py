"""`fengsui demo --once`, whole and for real; and the shift of its stream to now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.cli.demo import shifted
from service.replay import read_stream
from tests.service.cli.stream import tail
from tests.support.process import fengsui


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_it_replays_a_crisis_and_prints_its_clocks(tmp_path: Path) -> None:
    done = fengsui("demo", "--once", variables={"FENGSUI_DATA_DIR": str(tmp_path)}, patience_s=840)
    assert done.code == 0, done.err
    assert "RED     safety_incident · chengyu" in done.out
    assert "确认接警" in done.out
    assert (tmp_path / "demo" / "state.db").exists()
    assert not (tmp_path / "state.db").exists(), "the demo stays out of the real data"


@pytest.mark.parametrize("second", [0, 1, 59])
def test_the_stream_ends_within_the_last_minute(tmp_path: Path, second: int) -> None:
    stream = read_stream(tail(tmp_path / "short.jsonl", lines=20, of=20))
    end = datetime(2026, 11, 22, 7, 0, second, tzinfo=UTC)
    moved = shifted(stream, end=end)
    assert timedelta(0) <= end - moved.end < timedelta(minutes=1)


def test_distances_between_posts_stay(tmp_path: Path) -> None:
    stream = read_stream(tail(tmp_path / "short.jsonl", lines=20, of=20))
    moved = shifted(stream, end=datetime(2026, 11, 22, 7, 0, tzinfo=UTC))
    by = moved.start - stream.start
    assert [post.published_at - by for post in moved.posts] == [
        post.published_at for post in stream.posts
    ]
