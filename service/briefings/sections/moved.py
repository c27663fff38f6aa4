"""The indicators that moved most, monitor by monitor."""

from __future__ import annotations

from service.briefings import links
from service.briefings.content import Measure, Measures, Note, Section, SectionId
from service.briefings.gathering import LEAST, Asked, Desks, change, of_indicator
from service.indicators import Earlier, IndicatorId, Reading
from service.monitors import Monitor

MOST = 8
_OF_MONITORS = frozenset(IndicatorId) - {IndicatorId.COVERAGE}
"""Coverage is of feeds, which all monitors share: it has a section of its own."""


async def moved(desks: Desks, asked: Asked) -> Section:
    """Ranked by the change as a part of what it was; those over fewer than LEAST cases in both
    periods are left out, as what moves there is chance."""
    found: list[tuple[float, str, Measure]] = []
    for monitor in asked.monitors:
        readings = await desks.board.readings(
            asked.reader,
            monitor.id,
            asked.window,
            indicators=_OF_MONITORS,
            compared={Earlier.PREVIOUS},
        )
        for reading in readings:
            ratio = _ratio(reading)
            if ratio:
                found.append((-abs(ratio), monitor.id, _measure(asked, monitor, reading)))
    found.sort(key=lambda item: (item[0], item[1], item[2].id))
    chosen = tuple(measure for _, _, measure in found[:MOST])
    pieces = (Measures(items=chosen), Note(word="how_moved")) if chosen else (Note(word="steady"),)
    return Section(id=SectionId.MOVED, pieces=pieces)


def _ratio(reading: Reading) -> float | None:
    comparison = reading.before[Earlier.PREVIOUS]
    if comparison.ratio is None or max(reading.figure.n, comparison.figure.n) < LEAST:
        return None
    return comparison.ratio


def _measure(asked: Asked, monitor: Monitor, reading: Reading) -> Measure:
    comparison = reading.before[Earlier.PREVIOUS]
    hrefs = [item.href for item in reading.links[:1]]
    here = [links.of_api(href) for href in hrefs] or [links.board(monitor.id, asked.window)]
    now = of_indicator(reading.indicator, reading.figure, here[0])
    earlier = links.board(monitor.id, comparison.window, indicator=reading.indicator.value)
    then = of_indicator(reading.indicator, comparison.figure, earlier)
    return Measure(
        id=f"moved.{reading.indicator.value}.{monitor.id}",
        label=f"indicator.{reading.indicator.value}",
        of=monitor.name,
        figure=now,
        before=then,
        change=change(now, then),
    )
