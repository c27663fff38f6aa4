"""An alert budget: which thresholds keep the nights quiet and lose least. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from playbooks import (
    MOST_BOUND,
    Comparison,
    Library,
    Rule,
    clause_text,
    fact_spec,
    raisable,
    rank,
    rule_data,
    with_thresholds,
)
from service.backtest.comparison import compare
from service.backtest.figures import by_night, night_of, pages_of
from service.backtest.labels import label_of
from service.backtest.model import Budget, Found, Labels, Look, Rehearsal
from service.backtest.tape import Thresholded, play
from service.errors import InvalidInput

FACTORS = (1.25, 1.5, 2.0, 3.0, 5.0)
"""What the counts of a rule are multiplied with, step by step."""
_COUNTED = frozenset({"posts", "texts", "authors", "followers", "acts"})
_BUDGET = re.compile(r"\s*(\d{1,4})\s*/\s*night\s*")
_MOST_STEPS = 60


def parse_budget(text: str) -> Budget:
    """`3/night`. Raises InvalidInput."""
    found = _BUDGET.fullmatch(text)
    if found is None:
        raise InvalidInput(
            f"{text!r} is no budget: write 3/night for at most three pages from 22:00 to 08:00",
            errors=[("budget", "N/night")],
        )
    return Budget(pages=int(found.group(1)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One rule with its counts multiplied, and what that alone would do.

    `kept` of `of` incidents stay, `lowered` of them in a lower tier; `later` is by how much one
    of those is opened later at most.
    """

    rule_id: str
    factor: float
    thresholds: Mapping[str, float]
    busiest_night: int
    pages: int
    kept: int
    lowered: int
    of: int
    later: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The thresholds that were chosen, by rule and clause, and whether they keep to the budget."""

    budget: Budget
    busiest_night: int
    options: tuple[Option, ...]
    chosen: Mapping[str, Mapping[str, float]]
    fits: bool


def multiplied(rule: Rule, factor: float) -> dict[str, float]:
    """The counts that a rule asks for, by clause, multiplied and rounded up; shares stay, and so
    does what no count can reach."""
    return {
        clause_text(item): math.ceil(float(item.threshold) * factor)
        for item in raisable(rule.when)
        if _is_count(item) and float(item.threshold) * factor <= MOST_BOUND
    }


def propose(
    rehearsal: Rehearsal,
    budget: Budget,
    *,
    labels: Labels | None,
    zone: ZoneInfo,
    tell: Callable[[int, int], None] = lambda done, of: None,
) -> Proposal:
    """Try out each rule's grid by itself, then raise step by step what costs least.

    Each step raises the rule that loses least for a page that it frees, until every night keeps to
    the budget. A loss is counted in ranks of tiers: an incident that is gone costs the rank that it
    had, one that is lowered the difference; what people call a false alarm costs nothing. `tell`
    hears how much of the grid has been played; what it raises stops the search.
    """
    search = _Search(rehearsal, labels, zone)
    base = search.base
    grid = tuple(search.grid(base))
    options = []
    for done, (name, factor) in enumerate(grid):
        tell(done, len(grid))
        options.append(search.option(name, factor))
    steps = _chosen_steps(search, budget, tell=lambda: tell(len(grid), len(grid)))
    outcome = search.incidents(steps)
    busiest = search.busiest(outcome)
    chosen = {
        name: multiplied(rehearsal.library.rules[name], FACTORS[step - 1])
        for name, step in steps.items()
    }
    return Proposal(
        budget=budget,
        busiest_night=search.busiest(base),
        options=tuple(options),
        chosen=chosen,
        fits=busiest <= budget.pages,
    )


class _Search:
    """Plays the tape under multiplied thresholds."""

    def __init__(self, rehearsal: Rehearsal, labels: Labels | None, zone: ZoneInfo) -> None:
        self._library: Library = rehearsal.library
        self._looks: Sequence[Look] = rehearsal.looks
        self._labels = labels
        self._zone = zone
        self._since = min((item.opened_at for item in rehearsal.incidents), default=None)
        self._holds: dict[tuple[str, int], Thresholded] = {}
        self.base = self.incidents({})
        """What the tape leads to as it is."""

    def incidents(self, steps: Mapping[str, int]) -> tuple[Found, ...]:
        """What the tape leads to with each rule at its step; 0 is as it is."""
        judges = {name: self._judge(name, step) for name, step in steps.items() if step}
        found = play(
            self._looks,
            self._library,
            holds=lambda name, look: name not in judges or judges[name](name, look),
        )
        return tuple(
            item for item in found if self._since is not None and item.opened_at >= self._since
        )

    def grid(self, base: Sequence[Found]) -> Iterator[tuple[str, float]]:
        """Every rule that paged and can be raised, with every factor."""
        for name in self.pagers(base):
            for factor in FACTORS:
                yield name, factor

    def pagers(self, incidents: Sequence[Found]) -> list[str]:
        """Rules that caused a page and ask for a count, by id."""
        names = {name for item in incidents for change in item.tiers for name in change.rules}
        return sorted(name for name in names if multiplied(self._library.rules[name], 2))

    def option(self, name: str, factor: float) -> Option:
        found = self.incidents({name: FACTORS.index(factor) + 1})
        compared = compare(self.base, found)
        later = [new.opened_at - old.opened_at for old, new in compared.same]
        return Option(
            rule_id=name,
            factor=factor,
            thresholds=multiplied(self._library.rules[name], factor),
            busiest_night=self.busiest(found),
            pages=len(pages_of(found)),
            kept=len(compared.same),
            lowered=sum(self._rank(old) > self._rank(new) for old, new in compared.same),
            of=len(self.base),
            later=max(later, default=timedelta(0)),
        )

    def busiest(self, incidents: Sequence[Found]) -> int:
        return max(by_night(pages_of(incidents), self._zone).values(), default=0)

    def excess(self, incidents: Sequence[Found], budget: Budget) -> int:
        """Pages over the budget, all nights together."""
        nights = by_night(pages_of(incidents), self._zone)
        return sum(max(0, count - budget.pages) for count in nights.values())

    def loss(self, incidents: Sequence[Found]) -> int:
        """Ranks of tiers that are gone or lowered, without what people have called false alarms."""
        compared = compare(self.base, incidents)
        pairs = [(old, self._rank(new)) for old, new in compared.same]
        pairs += [(old, 0) for old in compared.lost]
        return sum(max(0, self._rank(old) - left) for old, left in pairs if not self._is_false(old))

    def _rank(self, incident: Found) -> int:
        return rank(self._library.tiers, incident.tier)

    def _is_false(self, incident: Found) -> bool:
        label = None if self._labels is None else label_of(incident, self._labels)
        return label is not None and not label.about_us

    def night_pagers(self, incidents: Sequence[Found], budget: Budget) -> list[str]:
        """Rules that can be raised and paged in a night over the budget."""
        nights = by_night(pages_of(incidents), self._zone)
        over = {night for night, count in nights.items() if count > budget.pages}
        names = {
            name
            for item in incidents
            for change in item.tiers
            if night_of(change.at, self._zone) in over
            for name in change.rules
        }
        return [name for name in self.pagers(incidents) if name in names]

    def _judge(self, name: str, step: int) -> Thresholded:
        if (name, step) not in self._holds:
            rule = self._library.rules[name]
            when, _ = with_thresholds(rule.when, multiplied(rule, FACTORS[step - 1]))
            raised = Rule.model_validate({**rule_data(rule), "when": when})
            self._holds[name, step] = Thresholded({name: raised})
        return self._holds[name, step]


def _chosen_steps(search: _Search, budget: Budget, *, tell: Callable[[], None]) -> dict[str, int]:
    steps: dict[str, int] = {}
    found = search.base
    for _ in range(_MOST_STEPS):
        if search.excess(found, budget) == 0:
            break
        excess, loss = search.excess(found, budget), search.loss(found)
        offers = []
        for name in search.night_pagers(found, budget):
            for step in range(steps.get(name, 0) + 1, len(FACTORS) + 1):
                tell()
                tried = search.incidents({**steps, name: step})
                freed = excess - search.excess(tried, budget)
                if freed > 0:
                    cost = (search.loss(tried) - loss) / freed
                    offers.append((cost, -freed, step, name, tried))
        if not offers:
            break
        _, _, step, name, found = min(offers, key=lambda offer: offer[:4])
        steps[name] = step
    return steps


def _is_count(comparison: Comparison) -> bool:
    return fact_spec(comparison.fact).unit in _COUNTED
