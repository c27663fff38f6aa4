"""The cascades that size prediction learns from."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.training.cascade_rows import large_enough, read_cascades
from nlp.training.errors import BadCorpus

ROOT: dict[str, Any] = {
    "native_id": "r",
    "published_at": "2026-03-01T12:00:00+08:00",
    "author": {"id": "a", "followers": 7},
}
CHILD: dict[str, Any] = {
    "native_id": "c",
    "published_at": "2026-03-01T12:05:00+08:00",
    "author": {"id": "b"},
    "repost_of": "r",
}


def written(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "streams" / "cascades").mkdir(parents=True)
    path = folder / "streams" / "cascades" / "rumor-001.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


def test_a_cascade_is_read_in_order_and_each_id_once(tmp_path: Path) -> None:
    late = CHILD | {"native_id": "d", "published_at": "2026-03-01T13:00:00+08:00"}
    early = CHILD | {"native_id": "e", "published_at": "2026-03-01T11:00:00+08:00"}
    [found] = read_cascades(written(tmp_path, late, ROOT, CHILD, CHILD, early))
    assert (found.name, found.followers) == ("rumor-001", 7)
    assert found.ages == tuple(timedelta(minutes=minutes) for minutes in (0, 0, 5, 60))
    assert found.seen(timedelta(minutes=30)) == 3
    assert large_enough([found], window=timedelta(hours=1), fewest=4) == [found]
    assert large_enough([found], window=timedelta(minutes=30), fewest=4) == []


@pytest.mark.parametrize(
    "rows",
    [
        [CHILD],
        [ROOT, ROOT],
        [ROOT, CHILD | {"published_at": "gestern"}],
        [ROOT, CHILD | {"published_at": "2026-03-01T12:05:00"}],
        [ROOT, CHILD | {"published_at": 7}],
        [ROOT | {"author": None}],
        [ROOT | {"native_id": "x"}, {"native_id": "y"}],
    ],
)
def test_a_broken_cascade_is_named(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    with pytest.raises(BadCorpus, match=r"rumor-001\.jsonl\.gz:"):
        read_cascades(written(tmp_path, *rows))


def test_no_cascades_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadCorpus, match="no \\*"):
        read_cascades(tmp_path)
