"""What share of crises came again, beside the target, and in which scenarios."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.auth import Principal
from service.bootstrap import Container
from service.cases.recurrence import TARGET, Crisis
from service.console.board import Board
from service.console.charts import Chart, Series, bar, show
from service.console.panels import fact_tiles
from service.console.session import Visit
from service.console.states import empty
from service.console.theme import plain
from service.indicators import Window

_SHOWN = 12


class Certainty(StrEnum):
    """How sure it is that a crisis repeats an earlier one."""

    CONFIRMED = "confirmed"
    PROPOSED = "proposed"
    """The cause of one of the two is not known yet. It counts as long as that is so."""
    REFUTED = "refuted"
    """Their causes differ. It does not count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose crises, opened in which time; `monitor` None is every one in sight."""

    monitor: str | None
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """A crisis, the earlier one, and whether it is the same thing again."""

    crisis: Crisis
    of: Crisis
    state: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Every crisis of the window, and those with an earlier one, the newest first."""

    crises: Sequence[Crisis]
    again: Sequence[Again]

    @property
    def counted(self) -> int:
        """The recurrences that the figure counts."""
        return sum(item.state is not Certainty.REFUTED for item in self.again)


async def read_figures(container: Container, wanted: Wanted, principal: Principal) -> Figures:
    """Raises Forbidden, InvalidInput."""
    reading, window = container.reviewing.recurrences, wanted.window
    judged = await reading.judged(
        principal, monitor=wanted.monitor, since=window.since, until=window.until
    )
    refuted = await reading.refuted(
        principal, monitor=wanted.monitor, since=window.since, until=window.until
    )
    found = [
        Again(
            crisis=crisis,
            of=item.of,
            state=Certainty.CONFIRMED if item.confirmed else Certainty.PROPOSED,
        )
        for crisis, item in judged
        if item is not None
    ]
    found += [Again(crisis=item.crisis, of=item.of, state=Certainty.REFUTED) for item in refuted]
    found.sort(key=lambda item: (item.crisis.opened_at, item.crisis.id), reverse=True)
    return Figures(crises=[crisis for crisis, _ in judged], again=found)


def draw_figures(board: Board, visit: Visit, found: Figures) -> None:
    """The share against the target, in whole crises too, and where they came again."""
    words, whole, counted = visit.words, len(found.crises), found.counted
    plain(words("recurrences.share"), "h2")
    if not whole:
        empty(words("recurrences.no_crises"), words("recurrences.no_crises_hint"))
        return
    over = counted / whole > TARGET
    target = f"{TARGET:.0%}"
    fact_tiles(
        (
            (words("recurrences.rate"), f"{counted / whole:.1%}"),
            (words("recurrences.counted"), words("recurrences.part", part=counted, whole=whole)),
            (words("recurrences.target"), f"≤ {target}"),
            (words("recurrences.most"), words("recurrences.whole", count=int(TARGET * whole))),
        )
    )
    if over:
        plain(f"▲ {words('recurrences.over', target=target)}", "p", "late strong")
    else:
        plain(f"✓ {words('recurrences.within', target=target)}", "p", "done strong")
    show(visit, _chart(board, visit, found))
    plain(words("recurrences.counts_hint"), "p", "soft small")


def _chart(board: Board, visit: Visit, found: Figures) -> Chart:
    words, names = visit.words, board.scenario_names(visit.words)
    totals = Counter(item.scenario for item in found.crises)
    by = {
        state: Counter(item.crisis.scenario for item in found.again if item.state is state)
        for state in Certainty
    }
    counted = by[Certainty.CONFIRMED] + by[Certainty.PROPOSED]
    shown = sorted(totals, key=lambda name: (-counted[name], -totals[name], name))[:_SHOWN]
    series = [
        Series(words.choice("recurrences.states", state.value), [by[state][name] for name in shown])
        for state in Certainty
    ]
    first = [totals[name] - sum(by[state][name] for state in Certainty) for name in shown]
    return bar(
        words("recurrences.by_scenario"),
        [names.get(name, name) for name in shown],
        [*series, Series(words("recurrences.first"), first)],
        unit=words("recurrences.unit"),
        stacked=True,
        each_named=True,
    )
