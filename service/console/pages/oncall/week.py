"""A rota drawn over a week: who is on from when to when, and where nobody is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from nicegui import ui

from service.console.i18n import Words
from service.console.session import Visit
from service.console.theme import link, plain, put
from service.oncall import Shift
from service.oncall.model import in_reach

DAYS = 7
_NARROW, _NARROW_GAP = 0.055, 0.085
"""Shares of the week below which a name, or the word of a gap, has no room."""
_TINTS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven local days of a zone. Days are as long as they are: 23 hours where clocks go on."""

    monday: date
    zone: ZoneInfo

    @property
    def edges(self) -> tuple[datetime, ...]:
        """The eight local midnights, as instants."""
        days = (self.monday + timedelta(days=number) for number in range(DAYS + 1))
        return tuple(datetime.combine(day, time(), self.zone).astimezone(UTC) for day in days)

    @property
    def since(self) -> datetime:
        return self.edges[0]

    @property
    def until(self) -> datetime:
        return self.edges[-1]

    def share(self, instant: datetime) -> float:
        """Where an instant lies in the week: 0 to 1."""
        return (instant - self.since) / (self.until - self.since)


def week_of(visit: Visit, zone: ZoneInfo) -> Week:
    """The week that the address names by a day in it (`week`), or that of now."""
    today = visit.now().astimezone(zone).date()
    try:
        day = date.fromisoformat(visit.query.get("week", ""))
    except ValueError:
        day = today
    if not in_reach(day.year):
        day = today
    return Week(monday=day - timedelta(days=day.weekday()), zone=zone)


def draw_turning(visit: Visit, week: Week, address: str) -> None:
    """Which week is shown, and the ways to others."""
    words = visit.words
    last = week.monday + timedelta(days=DAYS - 1)
    with put(ui.element("nav"), aria_label=words("oncall.week.turn")).classes("line"):
        before, after = (week.monday + timedelta(days=days) for days in (-DAYS, DAYS))
        link(f"{address}?week={before}", words("oncall.week.earlier"), "act act-small")
        said = words("oncall.week.span", first=f"{week.monday:%Y-%m-%d}", last=f"{last:%m-%d}")
        plain(said, classes="strong")
        link(f"{address}?week={after}", words("oncall.week.later"), "act act-small")
        link(address, words("oncall.week.now"), "act act-small act-quiet")
        plain(week.zone.key, classes="soft small")


def draw_days(words: Words, week: Week) -> None:
    """The heading of the week: a day over each column."""
    with ui.element("div").classes("week-days").props('aria-hidden="true"'):
        for number, (edge, following) in enumerate(zip(week.edges, week.edges[1:], strict=False)):
            day = week.monday + timedelta(days=number)
            size = week.share(following) - week.share(edge)
            said = f"{words.choice('oncall.weekday', str(day.isoweekday()))} {day:%m-%d}"
            put(plain(said, "span", "small soft"), style=f"--size:{size:.5f}")


def draw_track(visit: Visit, week: Week, shifts: Sequence[Shift], names: Mapping[str, str]) -> None:
    """The shifts of one rota in that week; one colour and name a person, gaps with their word."""
    words = visit.words
    people = sorted({shift.duty.person for shift in shifts if shift.duty.person is not None})
    with ui.element("div").classes("week-track").props('role="presentation"'):
        for edge in week.edges[1:-1]:
            put(ui.element("i"), style=f"--from:{week.share(edge):.5f}")
        for shift in shifts:
            since, until = max(shift.since, week.since), min(shift.until, week.until)
            size = week.share(until) - week.share(since)
            if size <= 0:
                continue
            person = shift.duty.person
            tint = 0 if person is None else people.index(person) % _TINTS + 1
            said = words("oncall.gap") if person is None else names.get(person, person)
            block = ui.element("span").classes(
                "shift gap" if person is None else f"shift tint-{tint}"
            )
            told = _told(words, week.zone, said, shift.since, shift.until)
            put(block, style=f"--from:{week.share(since):.5f};--size:{size:.5f}", title=told)
            with block:
                if person is None:
                    plain(f"▲ {said}" if size >= _NARROW_GAP else "▲")
                elif size >= _NARROW:
                    plain(said, classes="foreign")
        now = visit.now()
        if week.since <= now < week.until:
            put(ui.element("b"), style=f"--from:{week.share(now):.5f}", title=words("oncall.now"))


def draw_legend(words: Words, shifts: Sequence[Shift]) -> None:
    """What the hatched parts mean, where there are any: most are too narrow for the word."""
    if any(shift.duty.person is None for shift in shifts):
        plain(f"▲ {words('oncall.gap')}", "p", "gap gap-legend")


def draw_shifts(
    visit: Visit, week: Week, shifts: Sequence[Shift], names: Mapping[str, str]
) -> None:
    """The same as a table, for whoever cannot see the picture."""
    words = visit.words
    with ui.element("details"):
        plain(words("oncall.week.table"), "summary", "small")
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for key in ("oncall.week.from", "oncall.week.to", "oncall.week.who"):
                    plain(words(key), "th").props('scope="col"')
            with ui.element("tbody"):
                for shift in shifts:
                    with ui.element("tr"):
                        for instant in (shift.since, shift.until):
                            plain(local(instant, week.zone), "td")
                        person = shift.duty.person
                        if person is None:
                            plain(f"▲ {words('oncall.gap')}", "td", "late strong")
                        else:
                            plain(names.get(person, person), "td", "foreign")


def local(instant: datetime, zone: ZoneInfo) -> str:
    """`11-23 09:00 CST`, in the rota's own zone."""
    return f"{instant.astimezone(zone):%m-%d %H:%M %Z}"


def _told(words: Words, zone: ZoneInfo, who: str, since: datetime, until: datetime) -> str:
    return words("oncall.week.shift", who=who, since=local(since, zone), until=local(until, zone))
