"""The table of incidents: a table on a desk, cards on a telephone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from zoneinfo import ZoneInfo

from nicegui import ui

from playbooks import Tier
from service.console.format import full_time, short_time
from service.console.i18n import Words
from service.console.queue_rows import QueueRow
from service.console.session import BASE
from service.console.theme import button, link, plain, put, ticking, tier_badge
from service.incidents.lifecycle import State

COLUMNS = ("tier", "incident", "posts", "clocks", "next", "holder", "do")
ENDED_COLUMNS = ("tier", "incident", "posts", "clocks", "ended", "holder")

Acknowledge = Callable[[str], Awaitable[None]]


def incident_rows(
    rows: Sequence[QueueRow],
    *,
    words: Words,
    zone: ZoneInfo,
    tiers: tuple[Tier, ...],
    columns: Sequence[str],
    acknowledge: Acknowledge | None = None,
) -> None:
    """Draw the rows; without `acknowledge` nobody is offered to."""
    with ui.element("table").classes("rows"):
        with ui.element("thead"), ui.element("tr"):
            for column in columns:
                plain(words.choice("column", column), "th").props('scope="col"')
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for column in columns:
                        cell = ui.element("td")
                        if column not in ("tier", "incident", "do"):
                            put(cell, data_label=words.choice("column", column))
                        with cell:
                            _Cells(row, words, zone, tiers, acknowledge).draw(column)


class _Cells:
    """The cells of one row."""

    def __init__(
        self,
        row: QueueRow,
        words: Words,
        zone: ZoneInfo,
        tiers: tuple[Tier, ...],
        acknowledge: Acknowledge | None,
    ) -> None:
        self._row = row
        self._words = words
        self._zone = zone
        self._tiers = tiers
        self._acknowledge = acknowledge

    def draw(self, column: str) -> None:
        getattr(self, f"_{column}")()

    def _tier(self) -> None:
        tier_badge(self._words, self._tiers, self._row.tier)

    def _incident(self) -> None:
        row, words = self._row, self._words
        with ui.element("div").classes("tight"):
            with ui.element("div").classes("line"):
                put(
                    link(f"{BASE}/incidents/{row.id}", row.title, "title"),
                    data_key=f"open-{row.id}",
                )
                plain(
                    words.choice("state", row.state.value),
                    classes=f"state state-{row.state.value}",
                )
                if row.drill:
                    plain(words("incident.drill"), classes="state")
            plain(row.monitor, classes="soft")

    def _posts(self) -> None:
        plain(f"{self._row.posts:,}", classes="strong")

    def _clocks(self) -> None:
        row, words = self._row, self._words
        stop = {} if row.ended_at is None else {"data_stop": row.ended_at.isoformat()}
        with ui.element("dl"):
            for label, instant in (
                (words("clock.first_post"), row.first_post_at),
                (words("clock.opened"), row.opened_at),
            ):
                plain(label, "dt", "soft small")
                with ui.element("dd"):
                    ticking("since", instant, title=full_time(instant, self._zone), **stop)
        plain(short_time(row.opened_at, self._zone), classes="soft small nowrap")

    def _next(self) -> None:
        row, words = self._row, self._words
        with ui.element("div").classes("tight"):
            if row.next_step is None:
                plain(words("queue.no_deadline"), classes="soft")
            else:
                step = row.next_step
                with ui.element("div").classes("line"):
                    ticking("until", step.due_at).classes("count")
                    plain(short_time(step.due_at, self._zone), classes="soft small nowrap")
                plain(f"{step.title} · {step.role}")
            if row.overdue:
                with ui.element("div"):
                    plain(words("queue.overdue", count=row.overdue), classes="overdue")

    def _ended(self) -> None:
        if self._row.ended_at is not None:
            plain(short_time(self._row.ended_at, self._zone), classes="nowrap")

    def _holder(self) -> None:
        holder = self._row.holder
        plain(holder or self._words("queue.nobody"), classes="" if holder else "late")

    def _do(self) -> None:
        acknowledge = self._acknowledge
        if acknowledge is None or self._row.state is not State.NEW:
            return
        button(
            self._words("action.acknowledge"),
            lambda: acknowledge(self._row.id),
            "act-main act-small",
            key=f"acknowledge-{self._row.id}",
        )
