from __future__ import annotations

import json

import pytest

from crawlers.errors import Gone, UnreadableAnswer
from crawlers.item import read_item, reread_items
from crawlers.post import Post
from crawlers.source import Blocked, Failed, NotModified, Reread, SchemaDrift
from tests.support.fetching import Answered, page

ROW = {"source": "s", "native_id": "1", "published_at": "2026-01-01T00:00:00Z", "text": "退款"}


def item(native_id: str) -> Answered:
    return page(json.dumps({**ROW, "native_id": native_id}))


def parse(body: bytes, *, native_id: str = "") -> Post | None:
    del native_id

    def wire(row: object) -> dict[str, object] | None:
        assert isinstance(row, dict)
        if row.get("gone"):
            raise Gone("gone")
        return None if row.get("private") else row

    return read_item(body, wire)


async def reread(*answers: Answered) -> tuple[Reread, list[str]]:
    """One answer an id, "1" onwards; what came, and which ids were asked for."""
    asked: list[str] = []

    async def ask(native_id: str) -> Answered:
        asked.append(native_id)
        return answers[int(native_id) - 1]

    ids = [str(number) for number in range(1, len(answers) + 1)]
    return await reread_items(ids, ask=ask, parse=parse), asked


def ids_of(result: Reread) -> list[str]:
    return [post.native_id for post in result.posts]


async def test_posts_come_again() -> None:
    result, _ = await reread(item("1"), item("2"))
    assert (ids_of(result), result.gone, result.stopped) == (["1", "2"], (), None)


@pytest.mark.parametrize(
    "answer",
    [
        Failed(reason="http 404 not found", status=404),
        Failed(reason="http 410 gone", status=410),
        page('{"gone": true}'),
    ],
)
async def test_what_the_site_has_no_longer_is_gone(answer: Answered) -> None:
    result, _ = await reread(answer, item("2"))
    assert (ids_of(result), result.gone, result.stopped) == (["2"], ("1",), None)


async def test_what_is_left_out_or_unchanged_is_neither_here_nor_gone() -> None:
    result, _ = await reread(page('{"private": true}'), NotModified(cursor={}), item("3"))
    assert (ids_of(result), result.gone, result.stopped) == (["3"], (), None)


@pytest.mark.parametrize(
    "refusal",
    [Blocked(reason="http 429", status=429), Failed(reason="time"), Failed(reason="x", status=500)],
)
async def test_a_refusal_ends_the_looking(refusal: Blocked | Failed) -> None:
    result, asked = await reread(item("1"), refusal, item("3"))
    assert asked == ["1", "2"]
    assert ids_of(result) == ["1"]
    assert result.stopped == refusal


async def test_a_sign_in_page_ends_it_too() -> None:
    result, asked = await reread(page("<title>登录</title><input type=password>"), item("2"))
    assert asked == ["1"]
    assert isinstance(result.stopped, Blocked)


async def test_one_unreadable_answer_is_passed_over_and_named() -> None:
    result, _ = await reread(page("{}"), item("2"))
    assert (ids_of(result), result.stopped) == (["2"], None)
    last, _ = await reread(item("1"), page("{}"))
    assert isinstance(last.stopped, SchemaDrift)


async def test_two_unreadable_answers_in_a_row_end_it() -> None:
    result, asked = await reread(page("{}"), page("nonsense"), item("3"))
    assert asked == ["1", "2"]
    assert isinstance(result.stopped, SchemaDrift)


def test_an_item_that_cannot_be_read_is_an_unreadable_answer() -> None:
    with pytest.raises(UnreadableAnswer, match="native_id"):
        parse(b'{"source": "s"}')
