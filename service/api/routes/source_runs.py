"""What is done with a source: paused, resumed, back-filled; and what it came to, day by day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api.answer import Json
from service.api.catalogue import saved
from service.api.deps import Body, Instant, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.coverage import repository
from service.coverage.totals import FeedTotals, by_day, totals
from service.incidents import format_instant
from service.ingest.past import PastRead

router = APIRouter(prefix="/v1/sources/{source_id}", tags=["sources"])

SourceId = Annotated[str, Path(max_length=64)]
MOST_DAYS = 90


class BackfillBody(Body):
    """What the source published in [since, until); without `until` up to now."""

    since: Instant
    until: Instant | None = None


@router.post("/pause", summary="Pull it no more; its cursor stays where it is")
async def pause(source_id: SourceId, service: Service, me: Me, version: Version) -> Response:
    outcome = await service.sources.switch(me, source_id, enabled=False, version=version)
    return saved(outcome, view=plain)


@router.post("/resume", summary="Pull it again, from where it was")
async def resume(source_id: SourceId, service: Service, me: Me, version: Version) -> Response:
    outcome = await service.sources.switch(me, source_id, enabled=True, version=version)
    return saved(outcome, view=plain)


@router.post("/backfill", summary="Read what it published in the past", status_code=202)
async def backfill(source_id: SourceId, body: BackfillBody, service: Service, me: Me) -> Response:
    """Answers at once; pages are read in the background, beside what is new. 409 while one runs."""
    past = await service.source_backfill.begin(me, source_id, since=body.since, until=body.until)
    return Json(past_view(past), status=202)


@router.get("/backfill", summary="How far the last back-fill has come")
async def progress(source_id: SourceId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.SOURCE)
    return Json(past_view(await service.source_backfill.progress(source_id)))


@router.post("/backfill/stop", summary="Stop a back-fill; what was stored stays")
async def stop(source_id: SourceId, service: Service, me: Me) -> Response:
    return Json(past_view(await service.source_backfill.stop(me, source_id)))


@router.get("/statistics", summary="Posts, outcomes, rejected shares and lags by day")
async def statistics(
    source_id: SourceId,
    service: Service,
    me: Me,
    days: Annotated[int, Query(ge=1, le=MOST_DAYS)] = 7,
) -> Response:
    """Days are cut in `FENGSUI_TIMEZONE`, the last one is today; `outcomes` count pulls."""
    me.require(Action.READ, Resource.SOURCE)
    item = await service.sources.get(source_id)
    zone = service.settings.zone
    today = service.clock.now().astimezone(zone).date()
    first = today - timedelta(days=days - 1)
    since = datetime(first.year, first.month, first.day, tzinfo=zone)
    async with service.database.read() as connection:
        hours = await repository.hours_since(connection, since, feed_id=item.id)
    checkpoint = await service.checkpoints.load(item.id)
    return Json(
        {
            "source": item.id,
            "since": format_instant(since),
            "last_ok_at": None if checkpoint is None else format_instant(checkpoint.last_ok_at),
            "totals": _totals_view(totals(hours)),
            "days": [
                {"day": day.isoformat(), **_totals_view(its)}
                for day, its in by_day(hours, zone=zone).items()
            ],
        }
    )


def past_view(past: PastRead) -> dict[str, Any]:
    """A back-fill without its cursor, which means nothing to anybody but the source."""
    view: dict[str, Any] = plain(past)
    hidden = ("cursor", "due_at", "failures")
    return {name: value for name, value in view.items() if name not in hidden} | {
        "share": round(past.share, 3)
    }


def _totals_view(found: FeedTotals) -> dict[str, Any]:
    return {
        "posts": found.posts,
        "rejected": found.rejected,
        "rejected_share": found.rejected_share,
        "pulls_due": found.due,
        "pulls_collected": found.collected,
        "outcomes": dict(found.outcomes),
        "lags_s": {stage.value: plain(shares) for stage, shares in found.lags.items()},
    }
