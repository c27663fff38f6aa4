from __future__ import annotations

import io
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.archives import Layout, Numbering, layout_of, messages_of, wire_of_message
from crawlers.archives.plain_log import LogMessage, who
from crawlers.jsonl import lines_of
from crawlers.wire import MAX_TEXT

ZONE = ZoneInfo("Asia/Shanghai")
QQ = """消息记录（此消息记录为文本格式）

================================================================
消息对象:售后一群

2026-03-01 12:30:05 小满(10001)
喝完拉肚子
第二行

2026-03-01 12:30:05 小满(10001)
+1

2026-03-01 12:31:00 系统消息(10000)
小美加入群聊
2026-03-01 12:32:00 小美<xm@a.example>
[图片]
2026-03-01 下午1:33:00 小美<xm@a.example>
退款！
"""
WECHAT = "小满 2026年3月1日 12:30\n好\n\n小美 2026年3月1日 12:31\n不好\n"
BRACKETS = "[2026-03-01 12:30:05] 小满：喝完拉肚子\n还发烧\n[2026-03-01 12:31:00] 小美: 一样\n"
ONE_LINE = "2026/3/1 12:30 - 小满: 好\n换行\n2026/3/1 12:31 - 小美: 坏\n"


def messages(text: str) -> list[LogMessage]:
    layout = layout_of(text.splitlines())
    assert layout is not None
    return list(messages_of(lines_of(io.BytesIO(text.encode())), layout, encoding="utf-8", start=0))


def wires(text: str) -> list[dict[str, Any] | None]:
    numbering = Numbering()
    return [
        wire_of_message(
            item, turn=numbering.next(item, zone=ZONE), source="chat", room="群", zone=ZONE
        )
        for item in messages(text)
    ]


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        (QQ, Layout.TIME_NAME),
        (WECHAT, Layout.NAME_TIME),
        (BRACKETS, Layout.BRACKETS),
        (ONE_LINE, Layout.ONE_LINE),
        ("hello\nworld\n", None),
        ("", None),
    ],
)
def test_the_layout_is_told_by_the_first_lines(text: str, layout: Layout | None) -> None:
    assert layout_of(text.splitlines()) is layout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (QQ, [("小满", "喝完拉肚子\n第二行"), ("小满", "+1"), ("小美", "退款！")]),
        (WECHAT, [("小满", "好"), ("小美", "不好")]),
        (BRACKETS, [("小满", "喝完拉肚子\n还发烧"), ("小美", "一样")]),
        (ONE_LINE, [("小满", "好\n换行"), ("小美", "坏")]),
    ],
)
def test_messages_of_every_layout(text: str, said: list[tuple[str, str]]) -> None:
    found = [wire for wire in wires(text) if wire is not None]
    assert [(wire["author"]["name"], wire["text"]) for wire in found] == said


def test_times_are_of_the_zone_and_accounts_are_ids() -> None:
    found = wires(QQ)
    assert found[0] is not None
    assert found[0]["published_at"] == "2026-03-01T04:30:05+00:00"
    assert found[0]["author"] == {"id": "10001", "name": "小满"}
    assert found[-1] is not None
    assert found[-1]["published_at"] == "2026-03-01T05:33:00+00:00"
    assert found[-1]["author"]["id"] == "xm@a.example"


def test_ids_are_of_the_room_the_moment_the_author_and_the_turn() -> None:
    first, second = (wire["native_id"] for wire in wires(QQ)[:2] if wire)
    assert first.removesuffix("-0") == second.removesuffix("-1")
    again = [wire["native_id"] for wire in wires(QQ) if wire]
    assert len(set(again)) == len(again)
    longer = QQ.replace("第二行", "第二行\n第三行")
    assert [wire["native_id"] for wire in wires(longer) if wire] == again


@pytest.mark.parametrize(
    "notice",
    [
        "“小美”撤回了一条消息",
        "小满邀请小美加入了群聊",
        "小美拍了拍小满",
        "小满修改群名为“售后二群”",
        "[图片]",
        "[图片][语音]",
        "<Media omitted>",
        "[文件：报告.pdf]",
    ],
)
def test_notices_and_bare_pictures_are_left_out(notice: str) -> None:
    assert wires(f"2026-03-01 12:30:05 小满\n{notice}\n") == [None]


@pytest.mark.parametrize(
    "text", ["[捂脸]", "客服撤回了一条消息，然后就不理我了，要投诉", "[图片] 看这个"]
)
def test_words_are_kept(text: str) -> None:
    assert wires(f"2026-03-01 12:30:05 小满\n{text}\n") != [None]


def test_a_line_that_looks_like_another_layout_is_text() -> None:
    found = wires(QQ.replace("第二行", "2026-03-01 12:00 服务器: 报错"))
    assert found[0] is not None
    assert found[0]["text"].endswith("服务器: 报错")


def test_places_of_messages() -> None:
    first, second = messages(WECHAT)
    data = WECHAT.encode()
    assert data[first.start : first.end].decode().startswith("小满")
    assert data[second.start : second.end].decode().startswith("小美")
    assert (first.number, second.number) == (1, 4)
    assert (first.followed, second.followed) == (True, False)


def test_a_message_without_an_end_is_kept_to_what_a_text_may_have() -> None:
    [message] = messages("2026-03-01 12:30:05 小满\n" + "好\n" * 200_000)
    assert MAX_TEXT <= message.size <= MAX_TEXT + 10


def test_an_impossible_time_is_refused() -> None:
    with pytest.raises(ValueError, match="is no time"):
        wires("2026-13-01 12:30:05 小满\n好\n")


def test_many_authors_of_one_moment_are_bounded() -> None:
    numbering = Numbering()
    for number in range(1_500):
        numbering.next(LogMessage(number=1, start=0, at="t", name=f"n{number}"), zone=ZONE)
    assert len(numbering.turns) == 1_000


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("小满(10001)", ("小满", "10001")),
        ("小满", ("小满", "小满")),
        ("(10001)", ("10001", "10001")),
    ],
)
def test_who_somebody_is(name: str, found: tuple[str, str]) -> None:
    assert who(name) == found


@given(st.lists(st.text(max_size=30), max_size=12))
def test_any_lines_are_messages_with_their_own_bytes(lines: list[str]) -> None:
    data = ("2026-03-01 12:30:05 小满\n" + "\n".join(lines)).encode("utf-8", "replace")
    found = list(
        messages_of(lines_of(io.BytesIO(data)), Layout.TIME_NAME, encoding="utf-8", start=0)
    )
    assert found[0].start == 0
    assert found[-1].end == len(data)
    assert all(before.end == after.start for before, after in pairwise(found))
