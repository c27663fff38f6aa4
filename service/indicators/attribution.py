"""Why a measure changed: its change as Shapley values, which sum to it. Pure.

A player is something that may be as it was before or as it is after; a player's Shapley value is
what it adds, averaged over every order in which the players go from the one to the other (L. S.
Shapley, A Value for n-Person Games, 1953). A. Shorrocks (Decomposition procedures for
distributional analysis, Journal of Economic Inequality 11, 2013) reads changes so.

Additive measures (posts, negative posts, engagement): the players are the values of one dimension,
each with its own part of the count. What a value adds never depends on the order, so its Shapley
value is the difference of its counts.

Ratios (negative share, net sentiment) are sums of w(v) r(v) over the values v of a dimension: its
share of the posts, and the ratio inside it. The players are the w and r of each value; of a product
of two the Shapley value is the change of the one times the mean of the other. `mix` is that of w,
with the mean ratio of all taken off r, which changes no sum, as shares add up to 1; `rate` is that
of r. A value that one window lacks has there the ratio of the other: it comes or goes as mix.

Across dimensions the players are the dimensions. A set of them is worth the mix of the table that
is left when all others are summed over (marginalised), and the rest, same posts of other ratio, is
`rate`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial

OTHER = "(other)"
"""The values of a dimension that are not among its biggest."""
MOST_DIMENSIONS = 4

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Of the posts with one value in each dimension: what is measured, and over how many."""

    part: float
    whole: float = 0.0


Table = Mapping[Key, Cell]
"""By the values in the order of the dimensions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuePart:
    """What one value adds to the change: `mix` + `rate`; `before` and `after` are its counts."""

    value: str
    part: float
    mix: float
    rate: float
    before: Cell
    after: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """`values` of each dimension sum to `change`, and so do `dimensions` and `rate` together.

    Of an additive measure `dimensions` is empty: every dimension explains all of it.
    """

    before: float
    after: float
    values: Mapping[str, tuple[ValuePart, ...]]
    dimensions: Mapping[str, float]
    rate: float

    @property
    def change(self) -> float:
        return self.after - self.before


def shortened(before: Table, after: Table, *, most: int) -> tuple[Table, Table]:
    """Both tables with the `most` biggest values of each dimension, and OTHER for the rest."""
    width = max((len(key) for key in (*before, *after)), default=0)
    kept: list[frozenset[str]] = []
    for place in range(width):
        sizes: defaultdict[str, float] = defaultdict(float)
        for table in (before, after):
            for key, cell in table.items():
                sizes[key[place]] += abs(cell.whole or cell.part)
        ranked = sorted(sizes, key=lambda value: (-sizes[value], value))
        kept.append(frozenset(ranked[:most]))
    return _shortened(before, kept), _shortened(after, kept)


def attribute_sum(before: Table, after: Table, *, dimensions: Sequence[str]) -> Attribution:
    """The change of the sum of `part` over all cells."""
    _check(before, after, dimensions)
    values = {}
    for place, name in enumerate(dimensions):
        was, now = _margin(before, (place,)), _margin(after, (place,))
        parts = []
        for (value,) in sorted({*was, *now}):
            then, there = was.get((value,), _NOTHING), now.get((value,), _NOTHING)
            added = there.part - then.part
            parts.append(
                ValuePart(value=value, part=added, mix=added, rate=0.0, before=then, after=there)
            )
        values[name] = _biggest_first(parts)
    return Attribution(
        before=_total(before).part,
        after=_total(after).part,
        values=values,
        dimensions={},
        rate=0.0,
    )


def attribute_ratio(
    before: Table, after: Table, *, dimensions: Sequence[str]
) -> Attribution | None:
    """The change of the sum of `part` over the sum of `whole`; None where one `whole` is 0."""
    _check(before, after, dimensions)
    for key, cell in (*before.items(), *after.items()):
        if cell.part and not cell.whole:
            raise ValueError(f"the cell {key} measures {cell.part} over nothing")
    then, now = _total(before), _total(after)
    if then.whole <= 0 or now.whole <= 0:
        return None
    values = {
        name: _biggest_first(_value_parts(before, after, place))
        for place, name in enumerate(dimensions)
    }
    places = range(len(dimensions))
    worth = {
        chosen: sum(part.mix for part in _parts(before, after, chosen))
        for size in range(len(dimensions) + 1)
        for chosen in combinations(places, size)
    }
    by_dimension = {
        name: _shapley(worth, place, len(dimensions)) for place, name in enumerate(dimensions)
    }
    was, is_now = then.part / then.whole, now.part / now.whole
    return Attribution(
        before=was,
        after=is_now,
        values=values,
        dimensions=by_dimension,
        rate=(is_now - was) - worth[tuple(places)],
    )


_NOTHING = Cell(0.0, 0.0)


def _shapley(worth: Mapping[tuple[int, ...], float], place: int, players: int) -> float:
    value = 0.0
    for chosen, alone in worth.items():
        if place in chosen:
            continue
        size = len(chosen)
        orders = factorial(size) * factorial(players - size - 1) / factorial(players)
        value += orders * (worth[tuple(sorted((*chosen, place)))] - alone)
    return value


def _value_parts(before: Table, after: Table, place: int) -> list[ValuePart]:
    return _parts(before, after, (place,))


def _parts(before: Table, after: Table, places: tuple[int, ...]) -> list[ValuePart]:
    """Mix and rate of each cell of the table that is left over these dimensions."""
    was, now = _margin(before, places), _margin(after, places)
    then, there = _total(before), _total(after)
    mean = (then.part / then.whole + there.part / there.whole) / 2
    parts = []
    for key in sorted({*was, *now}):
        old, new = was.get(key, _NOTHING), now.get(key, _NOTHING)
        share_before, share_after = old.whole / then.whole, new.whole / there.whole
        if not old.whole and not new.whole:
            continue
        ratio_before = old.part / old.whole if old.whole else new.part / new.whole
        ratio_after = new.part / new.whole if new.whole else ratio_before
        mix = (share_after - share_before) * ((ratio_before + ratio_after) / 2 - mean)
        rate = (ratio_after - ratio_before) * (share_before + share_after) / 2
        parts.append(
            ValuePart(
                value=" · ".join(key), part=mix + rate, mix=mix, rate=rate, before=old, after=new
            )
        )
    return parts


def _margin(table: Table, places: tuple[int, ...]) -> dict[Key, Cell]:
    """The table with all other dimensions summed over."""
    sums: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for key, cell in table.items():
        into = sums[tuple(key[place] for place in places)]
        into[0] += cell.part
        into[1] += cell.whole
    return {key: Cell(part, whole) for key, (part, whole) in sums.items()}


def _total(table: Table) -> Cell:
    return _margin(table, ()).get((), _NOTHING)


def _shortened(table: Table, kept: Sequence[frozenset[str]]) -> Table:
    short = {
        key: tuple(
            value if value in names else OTHER for value, names in zip(key, kept, strict=True)
        )
        for key in table
    }
    sums: defaultdict[Key, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for key, cell in table.items():
        sums[short[key]][0] += cell.part
        sums[short[key]][1] += cell.whole
    return {key: Cell(part, whole) for key, (part, whole) in sums.items()}


def _biggest_first(parts: Sequence[ValuePart]) -> tuple[ValuePart, ...]:
    return tuple(sorted(parts, key=lambda item: (-abs(item.part), item.value)))


def _check(before: Table, after: Table, dimensions: Sequence[str]) -> None:
    if not 0 < len(dimensions) <= MOST_DIMENSIONS:
        raise ValueError(f"an attribution has 1 to {MOST_DIMENSIONS} dimensions")
    for key, cell in (*before.items(), *after.items()):
        if len(key) != len(dimensions):
            raise ValueError(f"the cell {key} has not one value for each of {list(dimensions)}")
        if cell.whole < 0:
            raise ValueError(f"the cell {key} counts {cell.whole} posts")
