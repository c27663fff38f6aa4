"""Two sets of incidents set against each other: the same ones, gained ones, lost ones. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.backtest.model import Found

Pair = tuple[Found, Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`same` are pairs (before, after); `changed` are those of them whose tier differs."""

    same: tuple[Pair, ...]
    gained: tuple[Found, ...]
    lost: tuple[Found, ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        return tuple(pair for pair in self.same if pair[0].tier != pair[1].tier)


def compare(before: Sequence[Found], after: Sequence[Found]) -> Comparison:
    """Pair incidents of one monitor and scenario that overlap in time, the longest overlap first.

    Each is paired once: where one incident was and two are, one is the same and one is gained.
    """
    shelves: dict[tuple[str, str], tuple[list[Found], list[Found]]] = defaultdict(lambda: ([], []))
    for place, incidents in enumerate((before, after)):
        for incident in incidents:
            shelves[incident.monitor, incident.scenario][place].append(incident)
    same: list[Pair] = []
    for olds, news in shelves.values():
        same += _paired(olds, news)
    kept = {id(item) for pair in same for item in pair}
    return Comparison(
        same=tuple(sorted(same, key=lambda pair: _order(pair[0]))),
        gained=tuple(sorted((item for item in after if id(item) not in kept), key=_order)),
        lost=tuple(sorted((item for item in before if id(item) not in kept), key=_order)),
    )


def overlap(first: Found, *, since: datetime, until: datetime) -> timedelta | None:
    """How long an incident, from its first post on, lies inside a time; None when it does not."""
    began, ended = max(first.first_post_at, since), min(first.ended_at, until)
    return ended - began if ended >= began else None


def _paired(olds: Sequence[Found], news: Sequence[Found]) -> list[Pair]:
    offers = sorted(
        (
            (-long, _order(old), _order(new), old, new)
            for old in olds
            for new in news
            if (long := overlap(old, since=new.first_post_at, until=new.ended_at)) is not None
        ),
        key=lambda offer: offer[:3],
    )
    taken: set[int] = set()
    pairs: list[Pair] = []
    for *_, old, new in offers:
        if taken.isdisjoint((id(old), id(new))):
            taken |= {id(old), id(new)}
            pairs.append((old, new))
    return pairs


def _order(incident: Found) -> tuple[datetime, str, str]:
    return incident.opened_at, incident.monitor, incident.scenario
