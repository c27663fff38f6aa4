"""What a page of figures is about: a monitor and a time, both in the address; and how to choose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.format import short_time
from service.console.session import BASE, Visit
from service.console.states import empty
from service.console.theme import link, plain, put
from service.errors import InvalidInput, NotFound
from service.indicators import Bucket, Window, checked_window
from service.indicators.links import exact
from service.monitors import Brand, BrandKind, Monitor

LONGEST = timedelta(days=366)
"""What a page of the console reads at most: the charts cut it into weeks."""
_DAY = timedelta(days=1)


class Period(StrEnum):
    """A time that ends now."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"

    @property
    def length(self) -> timedelta:
        days = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}
        return timedelta(days=days[self])


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The time asked for; `period` is None where somebody chose days. `spoilt` says that the
    address had none that can be meant, so that the usual one stands in for it."""

    window: Window
    period: Period | None
    spoilt: bool = False

    @property
    def bucket(self) -> Bucket:
        """What its charts are cut into: at most some sixty pieces."""
        if self.window.length <= 2 * _DAY:
            return Bucket.HOUR
        return Bucket.DAY if self.window.length <= 62 * _DAY else Bucket.WEEK

    def query(self) -> dict[str, str]:
        """As addresses have it."""
        if self.period is not None:
            return {"period": self.period.value}
        return {"from": exact(self.window.since), "to": exact(self.window.until)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A monitor, its brand, a time, and what else could be chosen."""

    monitor: Monitor
    brand: Brand | None
    span: Span
    choices: Mapping[str, tuple[Monitor, ...]]
    """Monitors that the visitor may choose, by the name of their brand; "" for those of none."""

    @property
    def window(self) -> Window:
        return self.span.window

    def address(self, path: str, **more: str) -> str:
        """Another page of the console about the same monitor and time."""
        query = {"monitor": self.monitor.id, **self.span.query(), **more}
        return f"{BASE}{path}?{urlencode(query)}"

    def posts(
        self, filters: Mapping[str, str] | None = None, *, window: Window | None = None
    ) -> str:
        """The search for posts of the monitor; `filters` as that page names them."""
        return posts_address(self.monitor.id, window or self.window, filters)

    def at(self, now: datetime) -> Scope:
        """The same at a later time: a period that ends now moves on, chosen days stay."""
        period = self.span.period
        return self if period is None else replace(self, span=_until(now, period))

    def crises(self) -> str:
        """The list of crises opened in this time."""
        return self.address("/handling")


def posts_address(monitor: str, window: Window, filters: Mapping[str, str] | None = None) -> str:
    """The search for posts of monitors (one, or several with commas) in a window."""
    query = {"monitor": monitor, "from": exact(window.since), "to": exact(window.until)}
    return f"{BASE}/posts?{urlencode(query | dict(filters or {}))}"


async def read_scope(visit: Visit, *, usual: Period = Period.WEEK) -> Scope | None:
    """What the address asks for; the first monitor of ours where it names none.

    None where there is nothing to choose. Raises NotFound for a monitor that there is not, or
    that the visitor may not see.
    """
    principal = visit.session.principal
    monitors = [
        item for item in await visit.container.monitors.every() if _may_see(principal, item.id)
    ]
    if not monitors:
        return None
    brands = {item.id: item for item in await visit.container.brands.every()}
    monitor = _chosen(visit, monitors, brands)
    return Scope(
        monitor=monitor,
        brand=brands.get(monitor.brand_id or ""),
        span=read_span(visit, usual=usual),
        choices=_by_brand(monitors, brands),
    )


def read_span(visit: Visit, *, usual: Period) -> Span:
    """The time in the address: `period`, or `from` and `to` as days (both included) or instants;
    `since` and `until`, as the API calls them, are the same."""
    query, now = visit.query, visit.now()
    began = query.get("from") or query.get("since", "")
    ended = query.get("to") or query.get("until", "")
    asked = query.get("period", "")
    if began or ended:
        since = _instant(began, visit.zone, after=False)
        until = min(_instant(ended, visit.zone, after=True) or now, now)
        if since is not None:
            try:
                window = checked_window(since, until)
            except InvalidInput:
                window = None
            if window is not None and window.length <= LONGEST:
                return Span(window=window, period=None)
    elif asked in set(Period):
        return _until(now, Period(asked))
    spoilt = bool(began or ended or asked)
    return Span(window=_until(now, usual).window, period=usual, spoilt=spoilt)


def scope_bar(visit: Visit, scope: Scope, path: str, **kept: str) -> None:
    """The choice of monitor and time, as a form that is sent by the address.

    `kept` stays in the address beside them.
    """
    words = visit.words
    form = put(ui.element("form"), method="get", action=f"{BASE}{path}").classes("scope line")
    with form:
        with _labelled(words("scope.monitor")), put(ui.element("select"), name="monitor"):
            for brand, monitors in scope.choices.items():
                name = brand or words("scope.no_brand")
                with put(ui.element("optgroup"), label=name):
                    for item in monitors:
                        _option(item.id, item.name, chosen=item.id == scope.monitor.id)
        span_fields(visit, scope.span, **kept)
    span_links(visit, scope.span, path, monitor=scope.monitor.id, **kept)


def span_fields(visit: Visit, span: Span, **kept: str) -> None:
    """From and to as days, and the button that sends the form around them."""
    words = visit.words
    local = span.window.since.astimezone(visit.zone).date()
    last = (span.window.until - timedelta(microseconds=1)).astimezone(visit.zone).date()
    for name, day in (("from", local), ("to", last)):
        with _labelled(words(f"scope.{name}")):
            put(ui.element("input"), type="date", name=name, defaultValue=day.isoformat())
    for name, value in kept.items():
        put(ui.element("input"), type="hidden", name=name, value=value)
    with put(ui.element("button"), type="submit", data_key="scope-show").classes("act"):
        plain(words("scope.show"))


def span_links(visit: Visit, span: Span, path: str, **kept: str) -> None:
    """The usual times as links, and which instants are shown."""
    words = visit.words
    with put(ui.element("nav"), aria_label=words("scope.period")).classes("line periods"):
        for period in Period:
            query = urlencode({**kept, "period": period.value})
            label = words.choice("scope.periods", period.value)
            anchor = link(f"{BASE}{path}?{query}", label, "period")
            if period is span.period:
                put(anchor, aria_current="true")
        since, until = (short_time(at, visit.zone) for at in (span.window.since, span.window.until))
        plain(words("scope.span", since=since, until=until), classes="soft small")
    if span.spoilt:
        plain(words("scope.spoilt"), "p", "problem").props('role="alert"')


def select(label: str, name: str, options: Mapping[str, str], chosen: str) -> None:
    """One of several, in a form that is sent by the address."""
    with _labelled(label), put(ui.element("select"), name=name):
        for value, text in options.items():
            _option(value, text, chosen=value == chosen)


def nothing_watched(visit: Visit) -> None:
    """What a page of figures says where there is no monitor yet."""
    words = visit.words
    empty(words("scope.no_monitors"), words("scope.no_monitors_hint"))
    if visit.may(Action.EDIT, Resource.MONITOR):
        link(f"{BASE}/monitors", words("scope.to_monitors"), "act act-main")


def _labelled(text: str) -> ui.element:
    label = ui.element("label").classes("field")
    with label:
        plain(text, classes="soft small")
    return label


def _option(value: str, text: str, *, chosen: bool) -> None:
    option = put(plain(text, "option"), value=value)
    if chosen:
        option.props["selected"] = True


def _may_see(principal: Principal, monitor_id: str) -> bool:
    return principal.may(Action.READ, Resource.INDICATOR, monitor=monitor_id)


def _chosen(visit: Visit, monitors: list[Monitor], brands: Mapping[str, Brand]) -> Monitor:
    asked, brand = visit.query.get("monitor"), visit.query.get("brand")
    if asked:
        for item in monitors:
            if item.id == asked:
                return item
        raise NotFound(f"no monitor {asked[:64]!r}")
    if brand:
        for item in monitors:
            if item.brand_id == brand:
                return item
        raise NotFound(f"no monitor of a brand {brand[:64]!r}")
    ours = [item for item in monitors if _is_ours(item, brands) and item.enabled]
    return (ours or monitors)[0]


def _is_ours(monitor: Monitor, brands: Mapping[str, Brand]) -> bool:
    brand = brands.get(monitor.brand_id or "")
    return brand is not None and brand.kind is BrandKind.OWN


def _by_brand(
    monitors: list[Monitor], brands: Mapping[str, Brand]
) -> dict[str, tuple[Monitor, ...]]:
    """Our own brands first, monitors of none last."""

    def place(item: Monitor) -> tuple[int, str, str]:
        brand = brands.get(item.brand_id or "")
        if brand is None:
            return 2, "", item.name
        return int(brand.kind is not BrandKind.OWN), brand.name, item.name

    found: dict[str, list[Monitor]] = {}
    for item in sorted(monitors, key=place):
        brand = brands.get(item.brand_id or "")
        found.setdefault("" if brand is None else brand.name, []).append(item)
    return {name: tuple(items) for name, items in found.items()}


def _until(now: datetime, period: Period) -> Span:
    return Span(window=Window(since=now - period.length, until=now), period=period)


def _instant(text: str, zone: ZoneInfo, *, after: bool) -> datetime | None:
    """A day on people's clocks (its end where `after`), or an instant with a zone."""
    try:
        if len(text) == len("2026-03-01"):
            day = date.fromisoformat(text) + (_DAY if after else timedelta())
            return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
        instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return None if instant.tzinfo is None else instant.astimezone(UTC)
