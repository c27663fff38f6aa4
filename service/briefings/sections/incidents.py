"""Crises opened and closed in the period, with both clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.briefings import links, records
from service.briefings.content import (
    Cell,
    Instant,
    Measure,
    Measures,
    Named,
    Number,
    Piece,
    Rows,
    Section,
    SectionId,
)
from service.briefings.figure import Figure, Unit, counted
from service.briefings.gathering import Asked, Desks, left_out
from service.briefings.records import Course

MOST = 20
_HEAD = ("incident", "tier", "state", "opened", "found_after", "since_first_post", "since_opened")


async def incidents(desks: Desks, asked: Asked) -> Section:
    """The clocks run from the first public post and from detection, to the close or to now."""
    async with desks.database.read() as connection:
        opened = await records.opened(connection, asked.ids, asked.window, limit=MOST)
        closed = await records.closed(connection, asked.ids, asked.window, limit=MOST)
        opened_before = await records.opened(connection, asked.ids, asked.before, limit=0)
        closed_before = await records.closed(connection, asked.ids, asked.before, limit=0)
    over = links.closed(asked.ids)
    here = {"opened": links.crises(asked.ids, asked.window), "closed": over}
    there = {"opened": links.crises(asked.ids, asked.before), "closed": over}
    pieces: list[Piece] = [
        Measures(
            items=tuple(
                Measure(
                    id=f"incidents.{name}",
                    label=f"{name}_incidents",
                    figure=counted(now, Unit.INCIDENTS, here[name]),
                    before=counted(then, Unit.INCIDENTS, there[name]),
                )
                for name, now, then in (
                    ("opened", opened[1], opened_before[1]),
                    ("closed", closed[1], closed_before[1]),
                )
            )
        )
    ]
    for name, (courses, number) in (("opened", opened), ("closed", closed)):
        if courses:
            pieces.append(
                Rows(
                    title=f"{name}_in_period",
                    head=_HEAD,
                    items=_rows(desks, asked, courses),
                    more=left_out(number - len(courses), Unit.INCIDENTS, here[name]),
                )
            )
    return Section(id=SectionId.INCIDENTS, pieces=tuple(pieces))


def _rows(desks: Desks, asked: Asked, courses: Sequence[Course]) -> tuple[tuple[Cell, ...], ...]:
    library = desks.library()
    return tuple(
        (
            Named(text=item.title, link=links.incident(item.id)),
            Named(text=asked.tier(library, item.tier)),
            Named(word=f"state.{item.state}"),
            Instant(at=item.opened_at, link=links.incident(item.id)),
            Number(figure=_span(item, item.first_post_at, item.opened_at)),
            Number(figure=_span(item, item.first_post_at, item.closed_at or asked.now)),
            Number(figure=_span(item, item.opened_at, item.closed_at or asked.now)),
        )
        for item in courses
    )


def _span(course: Course, since: datetime, until: datetime) -> Figure:
    """Never below nothing, whatever clocks say."""
    return Figure(
        value=max(0.0, (until - since).total_seconds()),
        unit=Unit.SECONDS,
        n=1,
        link=links.incident(course.id),
    )
