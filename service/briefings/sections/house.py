"""The state of the house: what is open now, what is late, what falls due next."""

from __future__ import annotations

from service.briefings import links, records
from service.briefings.content import (
    Instant,
    Measure,
    Measures,
    Named,
    Note,
    Piece,
    Rows,
    Section,
    SectionId,
)
from service.briefings.figure import Unit, counted
from service.briefings.gathering import Asked, Desks, left_out
from service.incidents import Kind
from service.incidents.repository import IncidentFilter

MOST = 10


async def house(desks: Desks, asked: Asked) -> Section:
    """As of when it is prepared, not of the period."""
    async with desks.database.read() as connection:
        by_tier = await records.open_by_tier(connection, asked.ids)
        overdue = await records.overdue_steps(connection, asked.ids, now=asked.now)
    here = links.queue(asked.ids)
    measures = [
        Measure(
            id="house.open",
            label="open_incidents",
            figure=counted(sum(by_tier.values()), Unit.INCIDENTS, here),
        ),
        *(
            Measure(
                id=f"house.open.{tier.id}",
                label="open_of_tier",
                of=asked.named(tier.name),
                figure=counted(
                    by_tier[tier.id], Unit.INCIDENTS, links.queue(asked.ids, tier=tier.id)
                ),
            )
            for tier in reversed(desks.library().tiers.tiers)
            if by_tier.get(tier.id)
        ),
        Measure(
            id="house.overdue",
            label="overdue_steps",
            figure=counted(overdue, Unit.STEPS, here),
        ),
    ]
    pieces: list[Piece] = [Measures(items=tuple(measures))]
    wanted = IncidentFilter(kinds=(Kind.CRISIS,), monitors=asked.ids, drill=False)
    queue, total = await desks.incidents.queue(asked.reader, wanted, limit=MOST)
    if not queue:
        pieces.append(Note(word="nothing_open"))
    else:
        rows = tuple(
            (
                Named(text=item.title, link=links.incident(item.id)),
                Named(text=asked.tier(desks.library(), item.tier)),
                Named(word=f"state.{item.state.value}"),
                Named(word="no_deadline")
                if item.next_due_at is None
                else Instant(at=item.next_due_at, link=links.incident(item.id)),
            )
            for item in queue
        )
        pieces.append(
            Rows(
                title="open_next",
                head=("incident", "tier", "state", "next_deadline"),
                items=rows,
                more=left_out(total - len(queue), Unit.INCIDENTS, here),
            )
        )
    return Section(id=SectionId.HOUSE, pieces=tuple(pieces))
