"""Ingredients to figures: pure arithmetic, and the one place that knows each formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from service.indicators.definition import IndicatorId
from service.indicators.definitions import DEFINITIONS
from service.stores import Tally


class Silence(StrEnum):
    """Why a figure has no value."""

    NOT_ENOUGH_DATA = "not_enough_data"
    BEFORE_FIRST_POST = "before_first_post"
    """The monitor had no post until the end of the window: that is no zero."""
    NO_TOPICS = "no_topics"
    """No version of the topics is active for the monitor."""
    NO_RIVALS = "no_rivals"
    """No brand on the other side has a monitor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value over `n` cases, or why there is none. `parts` are the counts it is made of."""

    value: float | None
    n: int
    silence: Silence | None = None
    parts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Of crises opened in a window. Times in seconds, in no order."""

    opened: int = 0
    acknowledged: Sequence[float] = ()
    answered: Sequence[float] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`part` of `whole` cases."""

    part: float = 0
    whole: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredients:
    """What the figures of one window are made from; None is what was not asked for, or is not
    there: `rivals` without monitors of another side, `topics` without an active version."""

    tally: Tally | None = None
    begun: bool = True
    """Whether the monitor had a post before the end of the window."""
    rivals: int | None = None
    topics: str | None = None
    response: Response | None = None
    breaches: Share | None = None
    recurrences: Share | None = None
    unseen: Share | None = None
    """Gap hours of feed hours."""


def figure(indicator: IndicatorId, given: Ingredients) -> Figure:
    """The figure of one indicator; without a value where n is below its `least`."""
    found = _figure(indicator, given)
    if found.silence is not None:
        return found
    if found.n < DEFINITIONS[indicator].least or found.value is None:
        return Figure(value=None, n=found.n, silence=Silence.NOT_ENOUGH_DATA, parts=found.parts)
    return found


def _figure(indicator: IndicatorId, given: Ingredients) -> Figure:
    if indicator is IndicatorId.RESPONSE_TIMES:
        return _response(given.response or Response())
    if indicator is IndicatorId.BREACH_RATE:
        return _share(given.breaches or Share(), "breached", "due")
    if indicator is IndicatorId.RECURRENCE_RATE:
        return _share(given.recurrences or Share(), "recurrences", "crises")
    if indicator is IndicatorId.COVERAGE:
        return _coverage(given.unseen or Share())
    if given.tally is None or not given.begun:
        return Figure(value=None, n=0, silence=Silence.BEFORE_FIRST_POST)
    return _of_posts(indicator, given.tally, given)


def _of_posts(indicator: IndicatorId, tally: Tally, given: Ingredients) -> Figure:
    match indicator:
        case IndicatorId.VOLUME:
            return Figure(value=tally.posts, n=tally.posts)
        case IndicatorId.DISTINCT_TEXTS:
            return Figure(value=tally.distinct, n=tally.posts)
        case IndicatorId.REACH:
            return Figure(value=tally.reach, n=tally.posts)
        case IndicatorId.ENGAGEMENT:
            return Figure(value=tally.engagement, n=tally.posts)
        case IndicatorId.NET_SENTIMENT:
            moods = tally.sentiments
            balance = moods.get("positive", 0) - moods.get("negative", 0)
            return _ratio(balance, moods, "sentiment")
        case IndicatorId.NEGATIVE_SHARE:
            return _ratio(tally.sentiments.get("negative", 0), tally.sentiments, "sentiment")
        case IndicatorId.EMOTION_MIX:
            return _ratio(tally.emotions.get("angry", 0), tally.emotions, "emotion")
        case IndicatorId.COMPLAINTS_PER_1000:
            complaints = 1_000 * tally.intents.get("complaint", 0)
            return _ratio(complaints, tally.intents, "intent")
        case IndicatorId.SOURCE_MIX:
            parts = {"source": tally.sources, "channel": tally.channels}
            return Figure(value=_concentration(tally.sources), n=tally.posts, parts=parts)
        case IndicatorId.TOPIC_MIX:
            return _topics(tally, given.topics)
        case _:
            return _voice(tally.posts, given.rivals)


def _ratio(part: float, counts: Mapping[str, int], name: str) -> Figure:
    whole = sum(counts.values())
    return Figure(value=part / whole if whole else None, n=whole, parts={name: counts})


def _share(share: Share, part: str, whole: str) -> Figure:
    return Figure(
        value=share.part / share.whole if share.whole else None,
        n=int(share.whole),
        parts={"count": {part: share.part, whole: share.whole}},
    )


def _concentration(counts: Mapping[str, int]) -> float | None:
    whole = sum(counts.values())
    return sum((count / whole) ** 2 for count in counts.values()) if whole else None


def _topics(tally: Tally, version: str | None) -> Figure:
    if version is None:
        return Figure(value=None, n=0, silence=Silence.NO_TOPICS)
    prefix = f"{version}:"
    mine = {name: count for name, count in tally.topics.items() if name.startswith(prefix)}
    fitting = {name: count for name, count in mine.items() if name != f"{prefix}-"}
    value, n = _concentration(fitting), sum(fitting.values())
    return Figure(value=value, n=n, parts={"topic": mine})


def _voice(posts: int, rivals: int | None) -> Figure:
    if rivals is None:
        return Figure(value=None, n=0, silence=Silence.NO_RIVALS)
    whole = posts + rivals
    return Figure(
        value=posts / whole if whole else None,
        n=whole,
        parts={"count": {"posts": posts, "rivals": rivals}},
    )


def _response(response: Response) -> Figure:
    acknowledged, answered = sorted(response.acknowledged), sorted(response.answered)
    parts: dict[str, Mapping[str, float]] = {
        "count": {
            "opened": response.opened,
            "acknowledged": len(acknowledged),
            "answered": len(answered),
        }
    }
    for name, times in (("acknowledged", acknowledged), ("answered", answered)):
        if times:
            parts[name] = {"median": quantile(times, 0.5), "p90": quantile(times, 0.9)}
    value = quantile(acknowledged, 0.5) if acknowledged else None
    return Figure(value=value, n=len(acknowledged), parts=parts)


def _coverage(unseen: Share) -> Figure:
    return Figure(
        value=1 - unseen.part / unseen.whole if unseen.whole else None,
        n=int(unseen.whole),
        parts={"hours": {"unseen": unseen.part, "watched": unseen.whole}},
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Of values in order, at least one: type 7 of Hyndman and Fan (1996), linear in between."""
    place = (len(values) - 1) * share
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)
