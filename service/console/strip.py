"""The strip of sources: each one blind, late or fine, in a word, a shape and a colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from nicegui import ui

from service.auth import Principal
from service.bootstrap import Container
from service.console.format import span
from service.console.health import Health
from service.console.i18n import Words
from service.console.session import BASE, Visit
from service.console.theme import plain, put
from service.coverage import BLIND, Feed, Sight
from service.coverage.condition import FRESH
from service.coverage.lag import LagReport, Stage
from service.coverage.objectives import CLEANED_WITHIN
from service.coverage.overview import Overview
from service.coverage.percentiles import Percentiles

SHAPES = {Health.BLIND: "▲", Health.LATE: "◆", Health.FINE: "●"}
_WORST_FIRST = (Health.BLIND, Health.LATE, Health.FINE)
_NOTHING = Percentiles(p50=None, p95=None, p99=None, count=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFeed:
    """A feed, how well it is seen, and what the way from publication to the store takes."""

    feed: Feed
    health: Health
    stages: Mapping[Stage, Percentiles]

    def stage(self, stage: Stage) -> Percentiles:
        """Of the last day, in seconds; nothing where no post came."""
        return self.stages.get(stage, _NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Everything as it is now: feeds with the worst first."""

    overview: Overview
    lag: LagReport
    feeds: tuple[SeenFeed, ...]

    def tally(self, words: Words) -> str:
        """How many are blind, late and fine."""
        counts = Counter(item.health for item in self.feeds)
        return words(
            "coverage.tally",
            blind=counts[Health.BLIND],
            late=counts[Health.LATE],
            fine=counts[Health.FINE],
        )


async def read_sources(container: Container, _principal: Principal) -> Sources:
    """The feeds of now with the lags of the last day. Raises StoreError."""
    overview = await container.coverage.overview()
    lag = await container.coverage.lag()
    feeds = [
        SeenFeed(
            feed=feed,
            health=health_of(feed, lag.by_feed.get(feed.id, {})),
            stages=lag.by_feed.get(feed.id, {}),
        )
        for feed in overview.feeds
    ]
    feeds.sort(key=lambda item: (_WORST_FIRST.index(item.health), item.feed.name))
    return Sources(overview=overview, lag=lag, feeds=tuple(feeds))


def health_of(feed: Feed, stages: Mapping[Stage, Percentiles]) -> Health:
    """`blind` where the absence of posts says nothing; `late` where nothing is known yet, where
    half of the posts of a day were found more than an hour after they were published, or where
    one in twenty took more than two hours from there to the store."""
    sight = feed.condition.sight
    if sight in BLIND:
        return Health.BLIND
    fetched = stages.get(Stage.FETCHED, _NOTHING).p50
    cleaned = stages.get(Stage.CLEANED, _NOTHING).p95
    slow = fetched is not None and fetched > FRESH.total_seconds()
    stuck = cleaned is not None and cleaned > CLEANED_WITHIN.total_seconds()
    return Health.LATE if sight is Sight.UNKNOWN or slow or stuck else Health.FINE


def strip(visit: Visit, sources: Sources) -> None:
    """One line of sources; each leads to what there is to say about it."""
    words = visit.words
    with put(ui.element("ul"), aria_label=words("coverage.strip")).classes("feeds"):
        for item in sources.feeds:
            with ui.element("li"):
                _chip(words, item)


def feed_address(feed: Feed) -> str:
    """The page of a feed."""
    return f"{BASE}/coverage/{quote(feed.id, safe='')}"


def health_word(words: Words, health: Health) -> None:
    """The word of how well something is seen, with its shape and colour."""
    with ui.element("span").classes(f"health health-{health.value}"):
        plain(SHAPES[health]).props('aria-hidden="true"')
        plain(words.choice("coverage.seen", health.value))


def lag_said(words: Words, item: SeenFeed) -> str:
    """How long posts take to us, and from there to the store."""
    fetched, cleaned = item.stage(Stage.FETCHED), item.stage(Stage.CLEANED)
    if None in (fetched.p50, fetched.p95, cleaned.p50, cleaned.p95):
        return words("coverage.no_lag")
    # Two stages, two figures: percentiles of a sum are no sum of percentiles.
    return words(
        "coverage.lag",
        fetched=seconds_said(words, fetched.p50 or 0),
        fetched_most=seconds_said(words, fetched.p95 or 0),
        stored=seconds_said(words, cleaned.p50 or 0),
        stored_most=seconds_said(words, cleaned.p95 or 0),
    )


def seconds_said(words: Words, seconds: float) -> str:
    """A length of time; below ten seconds with one place."""
    if seconds < 10:
        return f"{seconds:.1f}{words('unit.second')}"
    return span(timedelta(seconds=seconds), words)


def _chip(words: Words, item: SeenFeed) -> None:
    feed = item.feed
    state = words.choice("coverage.sights", feed.condition.sight.value)
    chip = put(
        ui.element("a"),
        href=feed_address(feed),
        data_key=f"feed-{feed.id}",
        title=words.choice("coverage.causes", feed.condition.cause.value),
    )
    with chip.classes(f"chip chip-{item.health.value}"):
        health_word(words, item.health)
        plain(feed.name, classes="strong foreign")
        plain(state, classes="small")
