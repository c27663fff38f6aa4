"""Topics: versions, fits as jobs, the topic of the anger over time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field
from starlette.responses import Response

from nlp.topics import MOST_TOPICS, Pooling
from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, NoContent, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.views import hidden, plain
from service.auth import Action, Resource
from service.bootstrap import Container
from service.errors import InvalidInput
from service.topics import FitRequest, TopicVersion, alarm_of

router = APIRouter(prefix="/v1/topics", tags=["topics"])

_EXAMPLE_CHARACTERS = 200
_MOST_BUCKETS = 2_000
_INTERVAL = re.compile(r"([1-9][0-9]{0,3})([mhd])")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


async def _number(number: Annotated[str, Path(max_length=64)]) -> int:
    """The version of the path; 0, which there is none of, for what is no number: who may is asked
    first."""
    return int(number) if number.isdecimal() and len(number) <= 9 else 0


Number = Annotated[int, Depends(_number)]
Monitor = Annotated[str | None, Query(max_length=64)]
Since = Annotated[Instant | None, Query(alias="from")]
Until = Annotated[Instant | None, Query(alias="to")]


class FitBody(Body):
    """A fit of topics. Without `topics` their number is chosen by coherence, inside `range`."""

    monitor: str | None = Field(default=None, max_length=64)
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")
    topics: int | None = Field(default=None, ge=2, le=MOST_TOPICS)
    range: tuple[int, int] = (10, 50)
    pooling: Pooling = Pooling.LIKENESS
    seed: int = 1
    based_on: int | None = Field(default=None, ge=1, le=10**9)
    activate: bool = False

    def request(self) -> FitRequest:
        return FitRequest(
            monitor=self.monitor,
            since=self.since,
            until=self.until,
            topics=self.topics,
            lowest=self.range[0],
            highest=self.range[1],
            pooling=self.pooling,
            seed=self.seed,
            based_on=self.based_on,
            activate=self.activate,
        )


@router.get("", summary="Versions of the topics, newest first")
async def every(
    service: Service, me: Me, monitor: Monitor = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    scope = ("topics", monitor)
    found = await service.topics.desk.page(
        me, monitor=monitor, before=cursors.number(scope, cursor), limit=limit
    )
    following = None if found.next is None else cursors.encode(scope, [int(found.next)])
    return page([_item(item) for item in found.items], following)


@router.post(
    "",
    summary="Fit topics on stored posts; a job does it, and its progress can be read",
    status_code=202,
    responses=examples.answer(examples.TOPICS_ASKED, status=202),
)
async def ask(body: FitBody, service: Service, me: Me) -> Response:
    """`based_on` goes on from a version with newer posts: its topics stay what they are. At most
    the newest 200,000 posts of the span are read.
    """
    version = await service.topics.desk.ask(me, body.request())
    location = {"Location": f"/v1/topics/{version.number}"}
    return Json(_item(version), status=202, headers=location)


@router.get("/{number}", summary="One version: its topics with terms and posts, figures, drift")
async def one(number: Number, service: Service, me: Me) -> Response:
    """Labels are made of terms, posts are picked: nothing is written by a machine."""
    version = await service.topics.desk.get(me, number)
    return Json(_item(version) | await _findings(service, version))


@router.post("/{number}/cancel", summary="Stop a fit; the version that was active stays so")
async def cancel(number: Number, service: Service, me: Me) -> Response:
    return Json(_item(await service.topics.desk.cancel(me, number)))


@router.post("/{number}/activate", summary="Hold new posts against this version from now on")
async def activate(number: Number, service: Service, me: Me) -> Response:
    return Json(_item(await service.topics.desk.activate(me, number)))


@router.delete("/{number}", summary="Forget a version", status_code=204)
async def remove(number: Number, service: Service, me: Me) -> Response:
    await service.topics.desk.forget(me, number)
    return NoContent()


@router.get("/{number}/series", summary="Topics by time, sentiment and emotion, and who carries it")
async def series(
    number: Number,
    service: Service,
    me: Me,
    monitor: Monitor = None,
    since: Since = None,
    until: Until = None,
    interval: Annotated[str, Query(max_length=8, examples=["6h"])] = "1d",
    emotion: Annotated[str, Query(max_length=20)] = "angry",
) -> Response:
    """The last seven days, unless told otherwise, of the newest 20,000 posts: `counted` says how
    many of `posts` those are. Buckets begin at `from`; those without posts are left out. Topic
    null is what no topic fits. `carriers` say which topic holds how much of the emotion.
    """
    version = await _readable(service, me, number, monitor)
    begin, end = _span(service, since, until, usual=_WEEK)
    width = _width(interval, since=begin, until=end)
    found = await service.topics.readings.mood(
        version, since=begin, until=end, width=width, emotion=emotion, monitor=monitor
    )
    labels = _labels(version)
    view: dict[str, Any] = plain(found)
    for item in (*view["buckets"], *view["carriers"]):
        item["label"] = labels.get(item["topic"])
    return Json(view | {"from": plain(begin), "to": plain(end), "emotion": emotion})


@router.get("/{number}/novelty", summary="Whether posts come that none of the topics fits")
async def novelty(
    number: Number, service: Service, me: Me, since: Since = None, until: Until = None
) -> Response:
    """The last day, unless told otherwise. `expected` is the share at the fit; in an alarm `terms`
    stand out in the posts that fit nothing, a sign to fit anew."""
    version = await _readable(service, me, number, None)
    begin, end = _span(service, since, until, usual=_DAY)
    found = await service.topics.readings.novelty(version, since=begin, until=end)
    return Json(hidden(alarm_of(found, at=end)))


async def _readable(service: Container, me: Me, number: int, monitor: str | None) -> TopicVersion:
    version = await service.topics.desk.get(me, number)
    me.require(Action.READ, Resource.TOPIC, monitor=monitor)
    me.require(Action.READ, Resource.POST, monitor=monitor or version.monitor)
    if monitor is not None and version.monitor not in {None, monitor}:
        said = f"topics {number} are those of monitor {version.monitor}"
        raise InvalidInput(said, errors=[("monitor", said)])
    return version


def _span(
    service: Container, since: datetime | None, until: datetime | None, *, usual: timedelta
) -> tuple[datetime, datetime]:
    """Until now, unless told otherwise, and as long as usual. Raises InvalidInput."""
    end = until or service.clock.now()
    try:
        begin = since or end - usual
    except OverflowError as error:
        said = "no such time so long before `to`"
        raise InvalidInput(f"to: {said}", errors=[("to", said)]) from error
    if begin >= end:
        raise InvalidInput("from: earlier than `to`", errors=[("from", "earlier than `to`")])
    return begin, end


def _width(interval: str, *, since: datetime, until: datetime) -> timedelta:
    read = _INTERVAL.fullmatch(interval)
    if read is None:
        raise InvalidInput(
            f"interval: {interval!r} is none", errors=[("interval", "such as 15m, 6h or 1d")]
        )
    width = int(read[1]) * _UNITS[read[2]]
    if (until - since) / width > _MOST_BUCKETS:
        said = f"at most {_MOST_BUCKETS} buckets: a longer interval, or a shorter time"
        raise InvalidInput(f"interval: {said}", errors=[("interval", said)])
    return width


def _item(version: TopicVersion) -> dict[str, Any]:
    """A version without its topics; their number and figures are in it."""
    view: dict[str, Any] = plain(version)
    findings = view.pop("findings") or {}
    figures = {name: findings.get(name) for name in ("coherence", "diversity", "unfitting")}
    count = len(findings["topics"]) if findings else None
    return hidden(view) | figures | {"topics": count}  # type: ignore[no-any-return]


def _labels(version: TopicVersion) -> dict[int, str]:
    findings: Mapping[str, Any] = version.findings or {"topics": []}
    return {topic["id"]: hidden(topic["label"]) for topic in findings["topics"]}


async def _findings(service: Container, version: TopicVersion) -> dict[str, Any]:
    """What was found, with the posts that are still there, shortened, and masked as all texts."""
    if version.findings is None:
        return {"findings": None}
    findings = hidden(plain(dict(version.findings)))
    ids = [post_id for topic in findings["topics"] for post_id in topic["posts"]]
    posts = await service.store.get_many(ids)
    for topic in findings["topics"]:
        topic["posts"] = [
            {"id": post_id, "text": hidden(posts[post_id].text)[:_EXAMPLE_CHARACTERS]}
            for post_id in topic["posts"]
            if post_id in posts
        ]
    return {"findings": findings}
