"""Volume and sentiment, beside the period before."""

from __future__ import annotations

from collections.abc import Sequence

from service.briefings import links
from service.briefings.content import Measure, Measures, Piece, Section, SectionId
from service.briefings.figure import Figure
from service.briefings.gathering import Asked, Desks, change, of_indicator
from service.indicators import IndicatorId, Window
from service.indicators.figure import Ingredients, figure
from service.stores import PostQuery, Tally

_WHOLE = (
    IndicatorId.VOLUME,
    IndicatorId.DISTINCT_TEXTS,
    IndicatorId.ENGAGEMENT,
    IndicatorId.NEGATIVE_SHARE,
    IndicatorId.NET_SENTIMENT,
)
_NARROWED = {IndicatorId.NEGATIVE_SHARE: {"sentiment": "negative"}}
_NAMES = {IndicatorId.VOLUME: "posts"}


async def volume(desks: Desks, asked: Asked) -> Section:
    """Of all monitors together a post counts once; then by monitor, where there are several."""
    whole = await _counted(desks, asked, asked.ids)
    measures = [_measure(asked, item, whole, asked.ids) for item in _WHOLE]
    pieces: list[Piece] = [Measures(items=tuple(measures))]
    if len(asked.monitors) > 1:
        each = []
        for monitor in asked.monitors:
            found = await _counted(desks, asked, (monitor.id,))
            each += [
                _measure(asked, item, found, (monitor.id,), of=monitor.name)
                for item in (IndicatorId.VOLUME, IndicatorId.NEGATIVE_SHARE)
            ]
        pieces.append(Measures(items=tuple(each)))
    return Section(id=SectionId.VOLUME, pieces=tuple(pieces))


async def _counted(
    desks: Desks, asked: Asked, monitors: Sequence[str]
) -> tuple[Ingredients, Ingredients]:
    """Of this period, and of the one before."""
    query = PostQuery(monitors=tuple(monitors))
    now = await _tally(desks, query, asked.window)
    then = await _tally(desks, query, asked.before)
    until_then = PostQuery(monitors=tuple(monitors), until=asked.before.until)
    begun = then.posts > 0 or await desks.store.count(until_then) > 0
    return (
        Ingredients(tally=now, begun=begun or now.posts > 0),
        Ingredients(tally=then, begun=begun),
    )


async def _tally(desks: Desks, query: PostQuery, window: Window) -> Tally:
    (found,) = await desks.store.tallies(query, edges=[window.since, window.until])
    return found


def _measure(
    asked: Asked,
    indicator: IndicatorId,
    found: tuple[Ingredients, Ingredients],
    monitors: Sequence[str],
    *,
    of: str = "",
) -> Measure:
    now, then = (
        _figure(indicator, given, monitors, window)
        for given, window in zip(found, (asked.window, asked.before), strict=True)
    )
    name = f"volume.{_NAMES.get(indicator, indicator.value)}"
    return Measure(
        id=f"{name}.{monitors[0]}" if of else name,
        label=f"indicator.{indicator.value}",
        of=of,
        figure=now,
        before=then,
        change=change(now, then),
    )


def _figure(
    indicator: IndicatorId, given: Ingredients, monitors: Sequence[str], window: Window
) -> Figure:
    link = links.posts(monitors, window, **_NARROWED.get(indicator, {}))
    return of_indicator(indicator, figure(indicator, given), link)
