"""The columns of incidents: rows of a table on a desk, cards on a telephone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from operator import attrgetter

from nicegui import ui

from playbooks import Tier
from service.console.format import full_time, short_time
from service.console.listing import Column
from service.console.queue_rows import QueueRow
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put, ticking, tier_badge
from service.incidents import Kind
from service.incidents.lifecycle import State

COLUMNS = ("tier", "incident", "posts", "clocks", "next", "holder", "do")
ENDED_COLUMNS = ("tier", "incident", "posts", "clocks", "ended", "holder")

_SHOWS: dict[str, Callable[[QueueRow], object]] = {
    "tier": attrgetter("tier"),
    "incident": attrgetter("title", "monitor", "state", "drill", "kind", "opened_at"),
    "posts": attrgetter("posts"),
    "clocks": attrgetter("first_post_at", "opened_at", "ended_at"),
    "next": attrgetter("next_step", "overdue"),
    "ended": attrgetter("ended_at"),
    "holder": attrgetter("holder"),
    "do": attrgetter("state"),
}
"""What of a row each cell tells: a new post redraws one number, not forty elements."""

Acknowledge = Callable[[str], Awaitable[object]]


def incident_columns(
    visit: Visit,
    names: Sequence[str],
    *,
    tiers: tuple[Tier, ...],
    acknowledge: Acknowledge | None = None,
) -> tuple[Column[QueueRow], ...]:
    """Those columns, in that order; without `acknowledge` nobody is offered to."""
    cells = _Cells(visit, tiers, acknowledge)
    return tuple(
        Column(
            name,
            visit.words.choice("column", name),
            cells.of(name),
            number=name == "posts",
            shows=_SHOWS[name],
        )
        for name in names
    )


class _Cells:
    """Draws cells; each method is a column."""

    def __init__(
        self, visit: Visit, tiers: tuple[Tier, ...], acknowledge: Acknowledge | None
    ) -> None:
        self._words = visit.words
        self._zone = visit.zone
        self._tiers = tiers
        self._acknowledge = acknowledge

    def of(self, column: str) -> Callable[[QueueRow], object]:
        cells: dict[str, Callable[[QueueRow], object]] = {
            "tier": self._tier,
            "incident": self._incident,
            "posts": lambda row: f"{row.posts:,}",
            "clocks": self._clocks,
            "next": self._next,
            "ended": self._ended,
            "holder": self._holder,
            "do": self._do,
        }
        return cells[column]

    def _tier(self, row: QueueRow) -> None:
        tier_badge(self._words, self._tiers, row.tier)

    def _incident(self, row: QueueRow) -> None:
        words = self._words
        with ui.element("div").classes("tight"):
            with ui.element("div").classes("line chips"):
                opened = link(f"{BASE}/incidents/{row.id}", row.title, "title foreign")
                put(opened, data_key=f"open-{row.id}", data_open="")
                plain(
                    words.choice("state", row.state.value),
                    classes=f"state state-{row.state.value}",
                )
                if row.drill:
                    plain(f"◇ {words('incident.drill')}", classes="state")
                if row.kind is not Kind.CRISIS:
                    plain(words.choice("kind", row.kind.value), classes="state soon")
            with ui.element("div").classes("line chips"):
                plain(row.monitor, classes="soft foreign")
                opened_at = short_time(row.opened_at, self._zone)
                since = plain(opened_at, classes="soft small nowrap")
                put(since, title=full_time(row.opened_at, self._zone))

    def _clocks(self, row: QueueRow) -> None:
        words = self._words
        stop = {} if row.ended_at is None else {"data_stop": row.ended_at.isoformat()}
        with ui.element("dl"):
            for label, instant in (
                (words("clock.first_post"), row.first_post_at),
                (words("clock.opened"), row.opened_at),
            ):
                plain(label, "dt", "soft small")
                with ui.element("dd"):
                    ticking("since", instant, title=full_time(instant, self._zone), **stop)

    def _next(self, row: QueueRow) -> None:
        words, step = self._words, row.next_step
        with ui.element("div").classes("tight"):
            if step is None:
                plain(words("queue.no_deadline"), classes="soft")
            else:
                with ui.element("div").classes("line"):
                    ticking("until", step.due_at).classes("count")
                    plain(short_time(step.due_at, self._zone), classes="soft small nowrap")
                plain(f"{step.title} · {step.role}")
            if row.overdue:
                with ui.element("div"):
                    plain(words("queue.overdue", count=row.overdue), classes="overdue")

    def _ended(self, row: QueueRow) -> None:
        if row.ended_at is not None:
            ended = put(plain(short_time(row.ended_at, self._zone), classes="nowrap"))
            put(ended, title=full_time(row.ended_at, self._zone))

    def _holder(self, row: QueueRow) -> None:
        if row.holder is None:
            plain(self._words("queue.nobody"), classes="late nowrap")
        else:
            plain(row.holder, classes="foreign")

    def _do(self, row: QueueRow) -> None:
        if self._acknowledge is None or row.state is not State.NEW:
            return
        button(
            self._words("action.acknowledge"),
            partial(self._acknowledge, row.id),
            "act-main act-small",
            key=f"acknowledge-{row.id}",
        )
