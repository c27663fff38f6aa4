"""Sources that were blind in the period, and those that bring their posts late."""

from __future__ import annotations

from datetime import timedelta

from service.briefings import links
from service.briefings.content import (
    Cell,
    Measure,
    Measures,
    Named,
    Note,
    Number,
    Piece,
    Rows,
    Section,
    SectionId,
)
from service.briefings.figure import Figure, Unit
from service.briefings.gathering import LEAST, Asked, Desks, of_indicator
from service.coverage.feed import Feed, Gap
from service.coverage.lag import EVERY_FEED, Stage
from service.indicators import IndicatorId, records
from service.indicators.figure import Ingredients, figure

LATE = timedelta(minutes=10)
"""From the publication of a post to us: later than that nothing can be detected in time."""
MOST = 20
_HOUR = timedelta(hours=1)


async def coverage(desks: Desks, asked: Asked) -> Section:
    """Of every source: what could not be seen touches each monitor."""
    async with desks.database.read() as connection:
        (unseen,) = await records.unseen(connection, [asked.window], now=asked.now)
        (then,) = await records.unseen(connection, [asked.before], now=asked.now)
    here = links.sources()
    found, earlier = (
        of_indicator(
            IndicatorId.COVERAGE, figure(IndicatorId.COVERAGE, Ingredients(unseen=share)), here
        )
        for share in (unseen, then)
    )
    share = Measure(
        id="coverage.share",
        label="indicator.coverage",
        figure=found,
        before=earlier,
    )
    pieces: list[Piece] = [Measures(items=(share,))]
    statement = await desks.coverage.statement(since=asked.window.since, until=asked.window.until)
    blind = [
        (item.feed, dark)
        for item in statement.feeds
        if (dark := _dark(item.gaps, asked)) and not item.feed.is_replayed
    ]
    if blind:
        blind.sort(key=lambda item: (-item[1], item[0].id))
        head = ("source", "how_seen_now", "unseen")
        rows = tuple(_row(feed, dark) for feed, dark in blind[:MOST])
        pieces.append(Rows(title="blind_sources", head=head, items=rows))
    else:
        pieces.append(Note(word="all_seen"))
    pieces += await _late(desks, asked)
    return Section(id=SectionId.COVERAGE, pieces=tuple(pieces))


def _dark(gaps: tuple[Gap, ...], asked: Asked) -> float:
    """Hours of the period that the gaps cover; they may overlap."""
    hours, covered = 0.0, asked.window.since
    for gap in sorted(gaps, key=lambda gap: gap.since):
        begin = max(gap.since, covered)
        end = min(gap.until or asked.window.until, asked.window.until)
        if end > begin:
            hours += (end - begin) / _HOUR
            covered = end
    return hours


def _row(feed: Feed, dark: float) -> tuple[Cell, ...]:
    here = links.source(feed.id)
    return (
        Named(text=feed.name, link=here),
        Named(word=f"sight.{feed.condition.sight.value}", link=here),
        Number(figure=Figure(value=dark, unit=Unit.HOURS, n=1, link=here)),
    )


async def _late(desks: Desks, asked: Asked) -> list[Piece]:
    """By the slowest twentieth of the posts since the period began."""
    report = await desks.coverage.lag(since=asked.window.since)
    late = []
    for feed_id, stages in report.by_feed.items():
        taken = stages.get(Stage.FETCHED)
        if feed_id == EVERY_FEED or taken is None or taken.p95 is None or taken.count < LEAST:
            continue
        if taken.p95 > LATE.total_seconds():
            late.append((taken.p95, feed_id, taken.count))
    if not late:
        return []
    rows = tuple(
        (
            Named(text=feed_id, link=links.source(feed_id)),
            Number(
                figure=Figure(value=p95, unit=Unit.SECONDS, n=count, link=links.source(feed_id))
            ),
        )
        for p95, feed_id, count in sorted(late, reverse=True)[:MOST]
    )
    return [Rows(title="late_sources", head=("source", "slowest"), items=rows)]
