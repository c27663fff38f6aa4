"""How a source stands: seen or not, why, its last week day by day; and where a hook is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nicegui import ui

from crawlers import Checkpoint
from service.auth import Principal
from service.console.board import Board
from service.console.format import moment
from service.console.session import Visit
from service.console.states import later
from service.console.strip import feed_address, health_of, health_word, seconds_said
from service.console.theme import link, plain, put
from service.coverage import Feed, repository
from service.coverage.lag import Stage
from service.coverage.totals import FeedTotals, by_day
from service.monitors import SourceConfig

DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The feed as it is seen (None: never pulled), its last pull, and its days."""

    feed: Feed | None
    checkpoint: Checkpoint | None
    days: Mapping[date, FeedTotals]


def draw_standing(visit: Visit, board: Board, item: SourceConfig) -> None:
    """The panel; it is fetched when the page is there."""

    async def load(_principal: Principal) -> Standing:
        container = board.container
        feeds = (await container.coverage.overview()).feeds
        today = visit.now().astimezone(visit.zone).date()
        first = today - timedelta(days=DAYS - 1)
        since = datetime(first.year, first.month, first.day, tzinfo=visit.zone)
        async with container.database.read() as connection:
            hours = await repository.hours_since(connection, since, feed_id=item.id)
        return Standing(
            feed=next((feed for feed in feeds if feed.id == item.id), None),
            checkpoint=await container.checkpoints.load(item.id),
            days=by_day(hours, zone=visit.zone),
        )

    with ui.element("section").classes("panel stack"):
        plain(visit.words("sources.standing.title"), "h2")
        later(visit, load, lambda standing: _draw(visit, standing))


def draw_hook(visit: Visit, board: Board, item: SourceConfig) -> None:
    """Where programs send, for a source of kind `webhook`."""
    if item.kind != "webhook":
        return
    words = visit.words
    public = board.container.settings.public_url.rstrip("/")
    with ui.element("section").classes("panel stack"):
        plain(words("sources.hook.title"), "h2")
        plain(words("sources.hook.hint"), "p", "soft small")
        address = plain(f"POST {public}/v1/hooks/{item.id}", "p", "code foreign answer")
        put(address, tabindex="0")


def _draw(visit: Visit, standing: Standing) -> None:
    words, feed = visit.words, standing.feed
    if feed is None:
        plain(words("sources.not_yet"), "p", "soft")
    else:
        condition = feed.condition
        with ui.element("div").classes("line"):
            health_word(words, health_of(feed, {}))
            plain(words.choice("coverage.sights", condition.sight.value), classes="strong")
            moment(visit, condition.since)
        plain(words.choice("coverage.causes", condition.cause.value), "p")
        plain(condition.detail, "p", "small soft foreign")
        link(feed_address(feed), words("sources.standing.more"))
    checkpoint = standing.checkpoint
    if checkpoint is not None and checkpoint.last_outcome is not None:
        with ui.element("p").classes("line small"):
            outcome = words.choice("sources.outcome", checkpoint.last_outcome.value)
            plain(words("sources.standing.last", outcome=outcome))
            if checkpoint.last_outcome_at is not None:
                moment(visit, checkpoint.last_outcome_at)
        if checkpoint.last_reason:
            plain(checkpoint.last_reason, "p", "small foreign")
    if standing.days:
        _draw_days(visit, standing.days)


def _draw_days(visit: Visit, days: Mapping[date, FeedTotals]) -> None:
    words = visit.words
    heads = ("day", "posts", "pulls", "rejected", "lag")
    with ui.element("div").classes("scroller"), ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for head in heads:
                plain(words(f"sources.day.{head}"), "th").props('scope="col"')
        with ui.element("tbody"):
            for day, its in sorted(days.items(), reverse=True):
                with ui.element("tr"):
                    plain(f"{day:%m-%d}", "th").props('scope="row"')
                    plain(f"{its.posts:,}", "td")
                    pulls = words("sources.day.pulled")
                    put(plain(f"{its.collected:,} / {its.due:,}", "td"), title=pulls)
                    plain(f"{its.rejected:,}", "td")
                    lag = its.lags.get(Stage.FETCHED)
                    p50 = None if lag is None else lag.p50
                    plain("–" if p50 is None else seconds_said(words, p50), "td")
    told = {
        outcome: sum(its.outcomes.get(outcome, 0) for its in days.values())
        for its in days.values()
        for outcome in its.outcomes
    }
    said = words("list.comma").join(
        f"{words.choice('sources.outcome', outcome)} {count:,}" for outcome, count in told.items()
    )
    if said:
        plain(words("sources.standing.outcomes", outcomes=said), "p", "small soft")
