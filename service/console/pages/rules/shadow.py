"""What a rule in shadow mode would have done, set against what live rules did."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from nicegui import ui

from service.auth import Principal
from service.console.board import Board
from service.console.charts import Series, bar, show
from service.console.format import moment, span
from service.console.panels import fact_tiles, small_table
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import link, plain, tier_badge
from service.monitoring.shadow import LiveTwin, ShadowMatch, ShadowSummary
from service.rules import RuleRecord, RuleState

DAYS = 30
_MOST_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    summary: ShadowSummary
    matches: tuple[ShadowMatch, ...]
    twins: tuple[LiveTwin | None, ...]
    monitors: dict[str, str]


def draw_shadow(board: Board, visit: Visit, record: RuleRecord) -> None:
    """A panel that is fetched after the page; quiet for a rule that was never in shadow."""
    book = board.container.rules.shadows

    async def load(_principal: Principal) -> _Seen:
        matches, _ = await book.page(record.id, limit=_MOST_SHOWN)
        since = visit.now() - timedelta(days=DAYS)
        return _Seen(
            summary=await book.summary(record.id, since=since, zone=visit.zone),
            matches=matches,
            twins=await book.compare(matches),
            monitors=await board.monitor_names(),
        )

    def draw(seen: _Seen) -> None:
        if not seen.matches and record.state is not RuleState.SHADOW:
            return
        with ui.element("section").classes("panel stack"):
            _draw(board, visit, seen)

    later(visit, load, draw)


def _draw(board: Board, visit: Visit, seen: _Seen) -> None:
    words, summary = visit.words, seen.summary
    plain(words("rules.shadow.title", days=DAYS), "h2")
    plain(words("rules.shadow.hint"), "p", "soft")
    if not seen.matches:
        plain(words("rules.shadow.none"), "p")
        return
    fact_tiles(
        (
            (words("rules.shadow.matches"), f"{summary.matches:,}"),
            (words("rules.shadow.with_live"), f"{summary.with_live:,}"),
            (words("rules.shadow.alone"), f"{summary.alone:,}"),
        )
    )
    if summary.by_day:
        counts = Series(words("rules.shadow.matches"), list(summary.by_day.values()))
        unit = words("rules.shadow.unit")
        show(visit, bar(words("rules.shadow.by_day"), list(summary.by_day), [counts], unit=unit))
    heads = ("when", "monitor", "tier", "lasted", "live", "lead")
    small_table(
        [words(f"rules.shadow.{name}") for name in heads],
        [
            _row(board, visit, seen, match, twin)
            for match, twin in zip(seen.matches, seen.twins, strict=True)
        ],
        caption=words("rules.shadow.title", days=DAYS),
    )


def _row(
    board: Board, visit: Visit, seen: _Seen, match: ShadowMatch, twin: LiveTwin | None
) -> tuple[str | Callable[[], object], ...]:
    words, scenarios = visit.words, board.scenario_names(visit.words)
    tiers = board.container.library.tiers.tiers
    monitor = seen.monitors.get(match.monitor_id, match.monitor_id)
    live: str | Callable[[], object] = words("rules.shadow.no_live")
    if twin is not None:
        live = partial(link, f"{BASE}/incidents/{twin.incident_id}", twin.incident_id)
    return (
        partial(moment, visit, match.at),
        f"{monitor} · {scenarios.get(match.scenario, match.scenario)}",
        partial(tier_badge, words, tiers, match.tier),
        span(match.last_at - match.at, words),
        live,
        "–" if twin is None else _lead(visit, twin.lead_s),
    )


def _lead(visit: Visit, lead_s: float) -> str:
    words = visit.words
    if not lead_s:
        return words("rules.shadow.together")
    key = "rules.shadow.earlier" if lead_s > 0 else "rules.shadow.later"
    return words(key, time=span(timedelta(seconds=abs(lead_s)), words))
