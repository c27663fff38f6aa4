"""Figures of indicators as people read them: a value with its unit, a change with its direction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.console.format import span
from service.console.i18n import Words
from service.indicators import DEFINITIONS, Comparison, IndicatorId
from service.indicators.definition import Direction, Unit
from service.indicators.figure import Figure

_FLAT = 5e-4
"""A change of less than half of what is shown is none."""
_COUNTS = frozenset({Unit.POSTS, Unit.PEOPLE, Unit.ACTS})


def value_said(words: Words, unit: Unit, value: float) -> str:
    """A value with its unit: `1,204 条`, `31.2%`, `+0.12`, `14 分 3 秒`."""
    return words.choice("board.units", unit.value).format(value=number_said(words, unit, value))


def number_said(words: Words, unit: Unit, value: float) -> str:
    """The same without the unit's word."""
    match unit:
        case Unit.SHARE:
            return f"{value:.1%}"
        case Unit.BALANCE:
            return f"{value:+.2f}"
        case Unit.SECONDS:
            return span(timedelta(seconds=value), words)
        case Unit.PER_THOUSAND:
            return f"{value:,.1f}"
        case _:
            return f"{value:,.0f}"


def difference_said(words: Words, unit: Unit, value: float) -> str:
    """How far apart two values are, without a sign; shares differ by points, not by percent."""
    if unit is Unit.SHARE:
        return words("board.points", n=f"{abs(value) * 100:.1f}")
    return number_said(words, unit, abs(value)).removeprefix("+")


def parted(words: Words, indicator: IndicatorId, value: float) -> tuple[str, str]:
    """The value and its unit's word, to be set in two sizes.

    Empty where there is none, or where the name of the indicator says it.
    """
    unit = DEFINITIONS[indicator].unit
    said = words.choice("board.units", unit.value).format(value="").strip()
    word = said if unit in _COUNTS else ""
    return number_said(words, unit, value), word


def figure_said(words: Words, indicator: IndicatorId, found: Figure) -> str:
    """The value, or why there is none."""
    defined = DEFINITIONS[indicator]
    if found.value is not None:
        return value_said(words, defined.unit, found.value)
    if found.silence is None:
        return words("board.no_value")
    if found.silence.value == "not_enough_data":
        return words("board.not_enough", n=f"{found.n:,}", least=f"{max(defined.least, 1):,}")
    return words.choice("board.silences", found.silence.value)


def counted_said(words: Words, indicator: IndicatorId, found: Figure) -> str:
    """How many cases it is made of, and of what."""
    counted = words.choice("board.counted", indicator.value)
    return words("board.n", n=f"{found.n:,}", counted=counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """How a figure moved: an arrow, the size, whether that is bad; None is neither."""

    arrow: str
    said: str
    worse: bool | None


def change_of(words: Words, indicator: IndicatorId, item: Comparison | None) -> Change | None:
    """The change against an earlier window; None where one of the two has no value."""
    if item is None or item.change is None:
        return None
    defined = DEFINITIONS[indicator]
    if defined.unit in _COUNTS and item.ratio is not None:
        size, said = item.ratio, f"{abs(item.ratio):.1%}"
    else:
        size = item.change
        said = difference_said(words, defined.unit, item.change)
    if abs(size) < _FLAT:
        return Change(arrow="＝", said=words("board.same"), worse=None)
    up = size > 0
    worse = None
    if defined.direction is not Direction.NEITHER:
        worse = up is (defined.direction is Direction.HIGHER_IS_WORSE)
    return Change(arrow="▲" if up else "▼", said=said, worse=worse)
