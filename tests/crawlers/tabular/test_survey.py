from __future__ import annotations

import io
from typing import Any

import pytest

from crawlers.errors import BadMapping
from crawlers.tabular import Given, open_table, survey
from tests.crawlers.tabular.tables import ZONE, look, workbook

EXPORT = (
    "微博id,发布时间,正文,昵称,用户id,粉丝数,转发数,评论,点赞,是否认证,评分,备注\n"
    '4967,2026年3月1日 12:30,"山岚酸奶, 拉肚子\n第二行",小满,u1,1.2万,3,4,"1,234",是,2星,x\n'
)


def posts(data: bytes, *pairs: str, **options: Any) -> list[Any]:
    return [row.post for row in look(data, *pairs, **options).rows]


def test_an_export_is_read_whole() -> None:
    [post] = posts(EXPORT.encode("gbk"))
    assert (post.source, post.native_id, post.text) == ("weibo", "4967", "山岚酸奶, 拉肚子\n第二行")
    assert post.published_at.isoformat() == "2026-03-01T04:30:00+00:00"
    assert (post.author.id, post.author.name, post.author.followers) == ("u1", "小满", 12_000)
    assert (post.author.verified, post.rating) == (True, 2.0)
    counters = post.engagement
    assert (counters.reposts, counters.comments, counters.likes) == (3, 4, 1_234)


def test_what_is_not_used_is_told() -> None:
    assert look(EXPORT.encode()).survey.unused_columns == ("备注",)


def test_mistakes_name_row_and_column_and_the_others_are_read() -> None:
    data = "时间,内容,赞\n2026-03-01,好,1\n昨天,好,many\n2026-03-01,,2\n1,2,3,4\n"
    found = look(data.encode(), "engagement.likes=赞")
    assert [row.post is None for row in found.rows] == [False, True, True, True]
    assert [
        (item.place, item.reason.split(":")[0]) for row in found.rows for item in row.rejected
    ] == [
        ("f:3:1", "时间"),
        ("f:3:3", "赞"),
        ("f:4:2", "内容"),
        ("f:5", "4 cells under 3 columns"),
    ]


def test_ids_are_made_of_what_a_row_says() -> None:
    data = "时间,内容,作者\n2026-03-01,好,甲\n2026-03-01,好,乙\n2026-03-01,好,甲\n".encode()
    first, second, third = [post.native_id for post in posts(data)]
    assert first != second
    assert third == f"{first}-2"
    assert [post.native_id for post in posts(data)] == [first, second, third]


def test_an_author_without_an_id_goes_by_the_name_and_counters_of_nobody_are_left_out() -> None:
    data = "时间,内容,作者,粉丝数\n2026-03-01,好,甲,5\n2026-03-01,好,,5\n".encode()
    named, nameless = posts(data)
    assert (named.author.id, named.author.followers) == ("甲", 5)
    assert nameless.author is None


def test_what_is_missing_is_told_and_then_refused() -> None:
    found = look("标题,内容\n甲,乙\n".encode(), source=None)
    assert found.survey.missing == ("source", "published_at")
    assert found.rows == ()
    with open_table(io.BytesIO("标题,内容\n甲,乙\n".encode()), name="f") as table:
        seen = survey(table, (), Given(zone=ZONE))
        with pytest.raises(BadMapping, match="which platform the posts are from"):
            list(seen.read())


def test_a_column_may_say_source_and_channel() -> None:
    data = "平台,渠道,时间,内容\n知乎,新闻,2026-03-01,好\n,,2026-03-01,好\n".encode()
    first, second = posts(data, source="weibo")
    assert (first.source, first.channel) == ("知乎", "news")
    assert (second.source, second.channel) == ("weibo", "social")


def test_a_workbook_is_read_the_same_way() -> None:
    data = workbook([("日期", "内容", "评分"), (46082.5, "还行", 4)])
    [post] = posts(data)
    assert (post.published_at.isoformat(), post.rating) == ("2026-03-01T04:00:00+00:00", 4.0)


def test_lines_in_the_shape_of_posts_are_taken_as_they_are() -> None:
    data = (
        b'{"source":"a","native_id":"1","published_at":"2026-01-01T00:00:00Z","text":"x","k":1}\n'
        b'{"source":"a"}\nnope\n'
    )
    found = look(data, source=None)
    good, bad, broken = found.rows
    assert found.survey.wire
    assert good.post is not None
    assert good.post.extra == {"k": 1}
    assert bad.rejected[0].reason == "native_id: is required"
    assert broken.rejected[0].place == "f:3"


def test_lines_of_another_shape_are_mapped() -> None:
    data = '{"id": 7, "created_at": 1772339400, "content": "好", "user": {"name": "甲"}}\n'
    [post] = posts(data.encode())
    assert (post.native_id, post.author.name) == ("7", "甲")


def test_hostile_cells_are_cleaned_or_refused() -> None:
    data = "id,时间,内容,链接\n1,2026-03-01,a\x00b,javascript:alert(1)\n2,2026-03-01,a\x00b,\n"
    bad, good = look(data.encode()).rows
    assert bad.rejected[0].place == "f:2:4"
    assert good.post is not None
    assert good.post.text == "ab"
