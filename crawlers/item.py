"""Reading posts again: one by one where a site has an address for each, else out of its list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol

from crawlers.errors import Gone
from crawlers.json_page import decode_answer, read_page, read_rows
from crawlers.post import Post
from crawlers.source import Blocked, Failed, NotModified, Reread, Response, SchemaDrift

Ask = Callable[[str], Awaitable[Response | NotModified | Blocked | Failed]]


class Parse(Protocol):
    """Reads the answer for one native id."""

    def __call__(self, body: bytes, /, *, native_id: str) -> Post | None: ...


GONE_STATUSES = frozenset({404, 410})


def among(
    posts: Sequence[Post] | Blocked | Failed | NotModified | SchemaDrift, ids: Sequence[str]
) -> Reread:
    """What the first page of a list says of the native `ids`, or the end that stopped it.

    Of those that it does not show nothing is learnt: they may stand further down.
    """
    if isinstance(posts, Blocked | Failed | SchemaDrift):
        return Reread(stopped=posts)
    if isinstance(posts, NotModified):
        return Reread()
    wanted = set(ids)
    return Reread(posts=tuple(post for post in posts if post.native_id in wanted))


def read_item(
    body: bytes, wire: Callable[[Mapping[str, Any]], Mapping[str, Any] | None]
) -> Post | None:
    """Read an answer that is one row, through `wire` as `read_rows` does; None: left out.

    Raises UnreadableAnswer, and Gone where `wire` does.
    """
    rows = read_rows([decode_answer(body)], wire, name="item")
    return rows.posts[0] if rows.posts else None


async def reread_items(
    ids: Sequence[str],
    *,
    ask: Ask,
    parse: Parse,
) -> Reread:
    """Ask for each of the native `ids` in turn, and stop at the first answer that refuses us.

    `parse` turns the answer for a native id into the post, answers None for one that is left out on
    purpose, and may raise Gone or UnreadableAnswer. HTTP 404 and 410 mean that the post is gone.
    One answer that cannot be read is passed over; a second one in a row stops.
    """
    posts: list[Post] = []
    gone: list[str] = []
    stopped: Blocked | SchemaDrift | Failed | None = None
    unreadable: SchemaDrift | None = None
    for native_id in ids:
        answer = await ask(native_id)
        if isinstance(answer, Failed) and answer.status in GONE_STATUSES:
            gone.append(native_id)
            continue
        if isinstance(answer, NotModified):
            continue
        if not isinstance(answer, Response):
            stopped = answer
            break
        try:
            read = await read_page(answer, partial(parse, native_id=native_id))
        except Gone:
            gone.append(native_id)
            continue
        if isinstance(read, Blocked) or (isinstance(read, SchemaDrift) and unreadable is not None):
            stopped = read
            break
        unreadable = read if isinstance(read, SchemaDrift) else None
        if isinstance(read, Post):
            posts.append(read)
    return Reread(posts=tuple(posts), gone=tuple(gone), stopped=stopped or unreadable)
