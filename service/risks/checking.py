"""What a written entry must be before it is kept: pure, every mistake at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.delivery.channels.escaping import plain
from service.risks.model import MONEY, RiskDraft
from service.risks.money import Rates, money_mistake

TITLE_MAX: Final = 200
TEXT_MAX: Final = 4_000
MONTHS_MAX: Final = 12
_LEVELS = ("legal", "user", "technical", "likelihood")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What entries may name: accounts that are open, monitors, scenarios, rates of the day."""

    owners: Collection[str]
    monitors: Collection[str]
    scenarios: Collection[str]
    rates: Rates
    day: date


def mistakes(draft: RiskDraft, known: Known) -> Iterator[tuple[str, str]]:
    """(path, message) of each."""
    if not plain(draft.title) or len(draft.title.strip()) > TITLE_MAX:
        yield "title", f"1 to {TITLE_MAX} characters"
    if len(draft.description) > TEXT_MAX:
        yield "description", f"at most {TEXT_MAX} characters"
    for name in _LEVELS:
        if not 1 <= (level := getattr(draft, name)) <= 5:
            yield name, f"1 to 5; {level} given"
    if not 1 <= draft.review_months <= MONTHS_MAX:
        yield "review_months", f"1 to {MONTHS_MAX}; {draft.review_months} given"
    if draft.owner not in known.owners:
        yield "owner", f"no open account {draft.owner!r}: name somebody who is there"
    if draft.monitor is not None and draft.monitor not in known.monitors:
        yield "monitor", f"no monitor {draft.monitor!r}"
    if draft.scenario is not None and draft.scenario not in known.scenarios:
        yield "scenario", f"no scenario {draft.scenario!r}"
    for name in MONEY:
        money = getattr(draft, name)
        wrong = money_mistake(money) or known.rates.missing(money, known.day)
        if wrong is not None:
            yield name, wrong
