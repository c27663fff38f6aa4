"""Stories: what posts tell of together, how it grows, and where it began."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Cursor, Instant, Limit, Me, Service
from service.api.views import plain, post_view
from service.auth import Action, Resource
from service.errors import InvalidInput
from service.stories import StoryDetail, StoryFilter, StorySort, StorySummary

router = APIRouter(prefix="/v1/stories", tags=["stories"])

_MOST = 10**15


def _number(kind: type[int] | type[float], text: str) -> int | float:
    """Raises ValueError for what no database column of ours can be compared with."""
    number = kind(text)
    if not -_MOST <= number <= _MOST:
        raise ValueError(f"beyond {_MOST}")
    return number


_READ: Mapping[StorySort, Callable[[str], Any]] = {
    StorySort.VOLUME: partial(_number, int),
    StorySort.GROWTH: partial(_number, float),
    StorySort.RECENCY: lambda text: datetime.fromisoformat(text).astimezone(UTC),
}
StoryId = Annotated[str, Path(max_length=64)]


@router.get(
    "",
    summary="Stories of some time, the fastest growing first",
    responses=examples.answer(examples.STORIES),
)
async def every(
    service: Service,
    me: Me,
    monitor: Annotated[str | None, Query(max_length=64)] = None,
    source: Annotated[str | None, Query(max_length=512)] = None,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    until: Annotated[Instant | None, Query(alias="to")] = None,
    sort: StorySort = StorySort.GROWTH,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """With a post of the monitor, of the source, and between `from` and `to`; counts are those of
    the whole story. The headline is picked from a post, and personal information in it masked.
    """
    me.require(Action.READ, Resource.POST)
    if since is not None and until is not None and since >= until:
        raise InvalidInput("the time is empty", errors=[("to", "does not lie after from")])
    wanted = StoryFilter(monitor=monitor, source=source, since=since, until=until, sort=sort)
    scope = ("stories", monitor, source, since, until, sort.value)
    found, following = await service.stories.page(
        wanted, after=_position(scope, cursor, sort=sort), limit=limit
    )
    token = None
    if following is not None:
        value, story_id = following
        token = cursors.encode(
            scope, [value.isoformat() if isinstance(value, datetime) else repr(value), story_id]
        )
    return page([_summary_view(item) for item in found], token)


@router.get(
    "/{story_id}",
    summary="One story: its first post, its growth, posts that stand for it",
    responses=examples.answer(examples.STORY),
)
async def one(story_id: StoryId, service: Service, me: Me) -> Response:
    """The id of a story that was merged leads to the one that it was merged into: `id` is that
    one's, `asked` the one that was asked for.
    """
    me.require(Action.READ, Resource.POST)
    return Json(_detail_view(await service.stories.one(story_id)))


@router.get("/{story_id}/posts", summary="Posts of a story, the newest first")
async def posts(
    story_id: StoryId, service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    me.require(Action.READ, Resource.POST)
    scope = ("story", story_id)
    found, following = await service.stories.posts(
        story_id, after=cursors.dated(scope, cursor), limit=limit
    )
    token = None
    if following is not None:
        at, post_id = following
        token = cursors.encode(scope, [at.isoformat(), post_id])
    return page([post_view(post) for post in found], token)


def _summary_view(summary: StorySummary) -> dict[str, Any]:
    view: dict[str, Any] = plain(summary)
    return view


def _detail_view(detail: StoryDetail) -> dict[str, Any]:
    first = detail.first_post
    return _summary_view(detail.summary) | {
        "asked": detail.asked,
        "first_post": None if first is None else post_view(first),
        "representatives": [post_view(post) for post in detail.representatives],
        "growth": {"width_s": detail.width.total_seconds(), "points": plain(detail.curve)},
        "parts": list(detail.parts),
    }


def _position(
    scope: tuple[object, ...], cursor: str | None, *, sort: StorySort
) -> tuple[Any, str] | None:
    position = cursors.decode(scope, cursor)
    if position is None:
        return None
    try:
        text, story_id = position
        value: Any = _READ[sort](text)
    except (ValueError, TypeError, OverflowError) as error:
        raise cursors.bad_cursor() from error
    if not isinstance(story_id, str) or not 0 < len(story_id) <= 64 or "\0" in story_id:
        raise cursors.bad_cursor()
    return value, story_id
