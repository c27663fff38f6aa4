"""One source on its page: since when it cannot be seen, why, what is blind with it, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.charts import Series, line, show
from service.console.format import moment, short_time
from service.console.health import Health
from service.console.session import BASE, Visit
from service.console.strip import SeenFeed, health_word, seconds_said
from service.console.theme import link, plain, put
from service.coverage import Feed, FeedHistory, Gap
from service.coverage.lag import Stage
from service.coverage.totals import totals
from service.incidents import Incident
from service.monitors import Monitor

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


async def incident_of(visit: Visit, seen: SeenFeed) -> Incident | None:
    """The incident of its darkness, if there is one that the visitor may see."""
    incident_id = seen.feed.incident_id
    principal = visit.session.principal
    if incident_id is None or not principal.may(Action.READ, Resource.INCIDENT):
        return None
    return (await visit.container.desk.file(principal, incident_id)).incident


def standing(visit: Visit, seen: SeenFeed, incident: Incident | None) -> None:
    """How it is seen, since when, why, and what to do about it."""
    words, feed = visit.words, seen.feed
    condition = feed.condition
    with ui.element("section").classes("panel stack standing"):
        with ui.element("div").classes("line"):
            health_word(words, seen.health)
            plain(words.choice("coverage.sights", condition.sight.value), classes="strong")
            plain(words("coverage.since"), classes="soft")
            moment(visit, condition.since)
        plain(words("coverage.why"), "h2")
        plain(words.choice("coverage.causes", condition.cause.value), "p")
        with ui.element("dl").classes("facts"):
            plain(words("coverage.detail"), "dt")
            plain(condition.detail, "dd", "foreign")
            for name, instant in (
                ("last_pull", feed.last_pull_at),
                ("last_post", feed.last_post_at),
                ("known", feed.known_since),
            ):
                if name != "last_pull" or not feed.pushed:
                    plain(words(f"coverage.{name}"), "dt")
                    with ui.element("dd"):
                        instant_or_never(visit, instant)
            channels = tuple(words.choice("channel", name) for name in feed.channels)
            for name, values in (("platforms", feed.platforms), ("channels", channels)):
                if values:
                    plain(words(f"coverage.{name}"), "dt")
                    plain(words("list.comma").join(values), "dd", "foreign")
        plain(words("coverage.todo_title"), "h2")
        plain(words.choice("coverage.todo", condition.cause.value), "p")
        if seen.health is Health.BLIND:
            _incident(visit, incident, dark=condition.dark)


def _incident(visit: Visit, incident: Incident | None, *, dark: bool) -> None:
    words = visit.words
    if incident is None:
        plain(words("coverage.no_incident" if dark else "coverage.not_dark"), "p", "soft")
        return
    with ui.element("div").classes("line"):
        plain(words("coverage.incident"), classes="soft")
        anchor = link(f"{BASE}/incidents/{incident.id}", incident.title, "strong foreign")
        put(anchor, data_key="feed-incident")
        plain(words.choice("state", incident.state.value), classes="state")


async def blind_with(visit: Visit, feed: Feed, principal: Principal) -> tuple[Monitor, ...]:
    """The monitors that cannot be trusted while the feed is dark."""
    container, now = visit.container, visit.now()
    found = []
    for monitor in await container.monitors.every(enabled_only=True):
        if not principal.may(Action.READ, Resource.MONITOR, monitor=monitor.id):
            continue
        dark = await container.outlook.dark_feeds(monitor.id, now)
        if any(item.id == feed.id for item in dark):
            found.append(monitor)
    return tuple(found)


def blind(visit: Visit, seen: SeenFeed, monitors: Sequence[Monitor]) -> None:
    """Draw them; of a feed that is seen there is nothing to say."""
    words = visit.words
    if seen.health is not Health.BLIND:
        return
    with ui.element("section").classes("panel stack"):
        plain(words("coverage.blind_monitors"), "h2")
        if not monitors:
            dark = seen.feed.condition.dark
            said = "coverage.no_blind_monitors" if dark else "coverage.not_dark"
            plain(words(said), "p", "soft")
            return
        plain(words("coverage.blind_meaning"), "p")
        with ui.element("ul").classes("plain-list"):
            for monitor in monitors:
                with ui.element("li"):
                    link(f"{BASE}/monitors/{quote(monitor.id)}", monitor.name, "strong foreign")


def arrivals(visit: Visit, history: FeedHistory) -> None:
    """Posts by hour of the last week: where the line breaks off nothing came."""
    words = visit.words
    counts = {hour.hour: hour.posts for hour in history.hours}
    hours = _hours(history.since, history.until)
    with ui.element("section").classes("panel stack"):
        chart = line(
            words("coverage.arrivals"),
            [f"{hour.astimezone(visit.zone):%m-%d %H:00}" for hour in hours],
            [Series(words("coverage.count"), [counts.get(hour) for hour in hours])],
        )
        show(visit, chart)
        plain(words("coverage.arrivals_hint"), "p", "soft small")


def stages(visit: Visit, seen: SeenFeed, history: FeedHistory) -> None:
    """What each stage takes, and how many pulls went well."""
    words = visit.words
    lately = totals(hour for hour in history.hours if hour.hour >= history.until - _DAY)
    with ui.element("section").classes("panel stack"):
        plain(words("coverage.stages_title"), "h2")
        if not seen.feed.pushed:
            said = words("coverage.pulls", due=lately.due, collected=lately.collected)
            plain(said, "p", "late" if lately.collected < lately.due else "")
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for name in ("stage", "p50", "p95", "p99", "count"):
                    plain(words(f"coverage.{name}"), "th")
            with ui.element("tbody"):
                for stage in Stage:
                    found = seen.stage(stage)
                    with ui.element("tr"):
                        plain(words.choice("coverage.stages", stage.value), "td")
                        for value in (found.p50, found.p95, found.p99):
                            plain("–" if value is None else seconds_said(words, value), "td")
                        plain(f"{found.count:,}", "td")


def gaps(visit: Visit, found: Sequence[Gap]) -> None:
    """When it could not be seen."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("coverage.gaps"), "h2")
        if not found:
            plain(words("coverage.no_gaps"), "p", "soft")
            return
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for name in ("gap_from", "gap_until", "gap_state", "gap_detail"):
                    plain(words(f"coverage.{name}"), "th")
            with ui.element("tbody"):
                for gap in reversed(found):
                    with ui.element("tr"):
                        plain(short_time(gap.since, visit.zone), "td")
                        until = words("coverage.gap_lasts")
                        if gap.until is not None:
                            until = short_time(gap.until, visit.zone)
                        plain(until, "td", "late" if gap.until is None else "")
                        plain(words.choice("coverage.sights", gap.sight.value), "td")
                        plain(gap.detail, "td", "foreign wrap")


def _hours(since: datetime, until: datetime) -> list[datetime]:
    first = since.replace(minute=0, second=0, microsecond=0) + _HOUR
    return [first + number * _HOUR for number in range(max(0, int((until - first) / _HOUR) + 1))]


def instant_or_never(visit: Visit, instant: datetime | None) -> None:
    """A time, or the word that there was none."""
    if instant is None:
        plain(visit.words("coverage.never"), classes="soft")
    else:
        moment(visit, instant)
