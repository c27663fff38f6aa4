"""Previews as lines of a terminal."""

from __future__ import annotations

import json
from datetime import date, timedelta

from nlp import load_lexicon
from service.cli.lexicon_shown import preview_json, preview_lines
from service.lexicon import Preview
from service.lexicon.preview import PreviewDay, PreviewSample
from tests.support.clock import START

FOUND = Preview(
    entry=load_lexicon().entries[0],
    since=START - timedelta(days=1),
    until=START,
    posts=200,
    looked=9,
    hits=2,
    fresh=1,
    suppressed=3,
    by_day=(
        PreviewDay(day=date(2024, 2, 29), hits=0, fresh=0),
        PreviewDay(day=date(2024, 3, 1), hits=2, fresh=1),
    ),
    samples=(
        PreviewSample(
            post_id="p1",
            published_at=START,
            text="你傻*逼\x1b[2J",
            start=1,
            end=4,
            evasion="inserted",
            fresh=True,
        ),
    ),
)


def test_lines_for_people() -> None:
    head, incomplete, day, sample = preview_lines(FOUND)
    assert "2 of 200 posts (1.000%), 1 of them hit by no other entry of abuse" in head
    assert "not all" in incomplete
    assert day.split() == ["2024-03-01", "2", "new", "1"]
    assert sample == "  new 2024-03-01 02:00 UTC [inserted] 你傻*逼\\x1b[2J"


def test_an_object_for_programs() -> None:
    found = json.loads(preview_json(FOUND))
    assert (found["share"], found["complete"]) == (0.01, False)
    assert found["by_day"][1] == {"day": "2024-03-01", "hits": 2, "fresh": 1}
    assert found["samples"][0]["published_at"].startswith("2024-03-01T02:00:00")
