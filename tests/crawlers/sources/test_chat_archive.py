from __future__ import annotations

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawlers import Blocked, Failed, Ok, OkEmpty, PostKey, SchemaDrift, build_source
from crawlers.sources.chat_archive import CHAT_ARCHIVE
from tests.crawlers.archives.test_plain_log import QQ
from tests.crawlers.archives.test_wecom import TEXT
from tests.crawlers.sources.source_site import START
from tests.support.fetching import FakeFetcher

FETCHER = FakeFetcher([Blocked(reason="an archive is read from disk")])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "群.txt"


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


async def pull(path: Path, cursor: Any = None, **settings: Any) -> Any:
    source = build_source(
        "chat_archive", "chat", {"path": str(path), **settings}, now=lambda: START
    )
    result = await source.pull(cursor, FETCHER)
    if isinstance(result, Ok | OkEmpty):
        # As in a database: a cursor must come back as it went in.
        assert json.loads(json.dumps(result.cursor)) == result.cursor
    return result


def texts(result: Any) -> list[str]:
    assert isinstance(result, Ok), result
    return [post.text for post in result.posts]


async def drained(path: Path, cursor: Any = None, **settings: Any) -> tuple[list[str], Any]:
    """Every id that came until the source has come to rest, and the last cursor."""
    ids: list[str] = []
    for _ in range(30):
        result = await pull(path, cursor, **settings)
        ids += [post.native_id for post in getattr(result, "posts", ())]
        cursor = result.cursor
        if isinstance(result, OkEmpty) and result.hint is None:
            return ids, cursor
    raise AssertionError("the source never comes to an end")


@pytest.mark.parametrize("batch", [1, 2, 3, 500])
async def test_batches_bring_the_same_ids(path: Path, batch: int) -> None:
    write(path, QQ)
    ids, _ = await drained(path, batch=batch)
    whole, _ = await drained(path)
    assert ids == whole
    assert len(set(ids)) == 3


async def test_the_same_cursor_twice_brings_the_same_posts(path: Path) -> None:
    write(path, QQ)
    first = await pull(path, batch=1)
    assert first.hint == timedelta(0)
    again = [await pull(path, first.cursor, batch=1) for _ in range(2)]
    assert again[0].posts == again[1].posts


async def test_a_last_message_that_grows_is_an_edit(path: Path) -> None:
    write(path, QQ)
    first = await pull(path)
    write(path, QQ + "马上！\n")
    second = await pull(path, first.cursor)
    assert texts(second) == ["退款！\n马上！"]
    assert second.posts[0].native_id == first.posts[-1].native_id
    assert isinstance(await pull(path, second.cursor), OkEmpty)


async def test_what_is_written_later_is_brought(path: Path) -> None:
    write(path, QQ)
    _, cursor = await drained(path)
    write(path, QQ + "2026-03-01 13:33:00 小美<xm@a.example>\n再催\n")
    ids, _ = await drained(path, cursor)
    assert [item[-2:] for item in ids] == ["-0", "-1"]


async def test_a_file_that_was_replaced_is_read_anew(path: Path) -> None:
    write(path, QQ)
    _, cursor = await drained(path)
    write(path, "2026-04-01 12:30:05 小满\n新的\n")
    assert texts(await pull(path, cursor)) == ["新的"]


@pytest.mark.parametrize("cursor", [{"offset": "x"}, {"turns": [1], "at": 2}, {"line": -1}])
async def test_a_foreign_cursor_counts_as_none(path: Path, cursor: Any) -> None:
    write(path, QQ)
    assert len(texts(await pull(path, cursor))) == 3


async def test_old_encodings_and_archives_are_read(path: Path) -> None:
    write(path, gzip.compress(QQ.encode("gb18030")))
    assert len(texts(await pull(path))) == 3


async def test_a_log_in_no_known_layout_is_drift_and_an_empty_one_is_not(path: Path) -> None:
    write(path, "hello\n")
    assert isinstance(await pull(path), SchemaDrift)
    write(path, "")
    assert isinstance(await pull(path), OkEmpty)


async def test_a_bad_message_among_good_ones_is_named(path: Path) -> None:
    write(path, QQ.replace("12:30:05", "45:30:05", 1))
    result = await pull(path)
    assert len(result.posts) == 2
    assert result.rejected[0][0] == f"{path}:6"


async def test_a_missing_file_and_a_broken_archive_are_failures(path: Path) -> None:
    assert await pull(path) == Failed(reason=f"{path}: no such file")
    write(path, gzip.compress(QQ.encode() * 50)[:90])
    assert isinstance(await pull(path), Failed)


async def test_an_archive_of_wecom_goes_on_where_it_was(path: Path) -> None:
    lines = [json.dumps({**TEXT, "msgid": str(number)}) for number in range(5)]
    lines[2] = json.dumps({**TEXT, "msgid": "2", "roomid": ""})
    write(path, "\n".join(lines[:4]) + "\n" + lines[4][:40])
    first = await pull(path, batch=2, source="wecom:corp")
    assert [post.native_id for post in first.posts] == ["0", "1"]
    assert first.posts[0].source == "wecom:corp"
    ids, cursor = await drained(path, first.cursor, batch=2)
    assert ids == ["3"]
    write(path, "\n".join(lines) + "\n")
    assert (await drained(path, cursor))[0] == ["4"]


async def test_bad_lines_of_wecom_are_named(path: Path) -> None:
    bad = [
        b"nope",
        b"[1]",
        json.dumps({**TEXT, "msgtime": None}).encode(),
        b'{"a": "' + b"x" * 3_000_000,
    ]
    write(path, b"\xef\xbb\xbf" + json.dumps(TEXT).encode() + b"\n\n" + b"\n".join(bad) + b"\n")
    result = await pull(path, form="wecom")
    assert len(result.posts) == 1
    assert [place.rpartition(":")[2] for place, _ in result.rejected] == ["3", "4", "5", "6"]
    assert result.rejected[2][1] == "msgtime is missing"


def test_the_kind_says_that_the_operator_answers_for_it() -> None:
    assert (CHAT_ARCHIVE.basis, CHAT_ARCHIVE.channel) == ("operator_export", "chat_group")


async def test_a_withdrawal_is_the_end_of_the_message_before(path: Path) -> None:
    withdrawal = {**TEXT, "action": "recall", "msgtype": "revoke", "msgid": "r"}
    withdrawal["revoke"] = {"pre_msgid": TEXT["msgid"]}
    write(path, "".join(json.dumps(item) + "\n" for item in (TEXT, withdrawal)))
    result = await pull(path)
    assert [post.native_id for post in result.posts] == [TEXT["msgid"]]
    assert result.gone == (PostKey("wecom", str(TEXT["msgid"])),)
