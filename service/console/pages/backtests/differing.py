"""An incident that one side has and the other has not, or not so: what opened it, and its posts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui

from service.console.board import Board
from service.console.format import moment, span
from service.console.reasons import reason_line, rule_name
from service.console.session import BASE, Visit
from service.console.theme import link, plain, tier_badge


def draw_incident(
    board: Board, visit: Visit, incident: Mapping[str, Any], monitors: Mapping[str, str]
) -> None:
    """Its tier or the change of it, when it would open and after how long, why, three posts."""
    words, scenarios = visit.words, board.scenario_names(visit.words)
    with ui.element("details").classes("differing"):
        with ui.element("summary").classes("line"):
            _draw_tier(board, visit, incident["tier"])
            name = monitors.get(incident["monitor"], incident["monitor"])
            scenario = scenarios.get(incident["scenario"], incident["scenario"])
            plain(f"{scenario} · {name}", classes="strong foreign")
            moment(visit, datetime.fromisoformat(incident["opened_at"]))
            delay = span(timedelta(seconds=incident["delay_s"]), words)
            plain(words("backtests.after_first", time=delay), classes="soft")
            plain(words("backtests.posts", count=f"{incident['posts']:,}"), classes="soft")
            _draw_label(visit, incident["label"])
        with ui.element("div").classes("stack tight"):
            _draw_reasons(board, visit, incident)
            for sample in incident["samples"]:
                with ui.element("div").classes("post"):
                    with ui.element("div").classes("line soft small"):
                        plain(sample["source"], classes="foreign")
                        moment(visit, datetime.fromisoformat(sample["published_at"]))
                    # What an evaluation keeps has no texts: the posts may be erased.
                    plain(sample.get("text") or sample["post"], "p", "said foreign")


def _draw_tier(board: Board, visit: Visit, tier: str | Mapping[str, str]) -> None:
    tiers = board.container.library.tiers.tiers
    if isinstance(tier, str):
        tier_badge(visit.words, tiers, tier)
        return
    tier_badge(visit.words, tiers, tier["before"])
    plain("→")
    tier_badge(visit.words, tiers, tier["after"])


def _draw_label(visit: Visit, label: Mapping[str, Any] | None) -> None:
    if label is None:
        return
    key = "backtests.judged_right" if label["about_us"] else "backtests.judged_false"
    link(f"{BASE}/incidents/{label['incident']}", visit.words(key), "state")


def _draw_reasons(board: Board, visit: Visit, incident: Mapping[str, Any]) -> None:
    words, library = visit.words, board.container.rules.directory.library
    rules = incident["tiers"][0]["rules"] if incident["tiers"] else ()
    if rules:
        named = words("list.comma").join(rule_name(rule, words, library) for rule in rules)
        plain(words("backtests.opened_by", rules=named), "p", "soft")
    with ui.element("ul").classes("bullets small"):
        for reason in incident["reasons"]:
            line = reason_line(reason, words=words)
            plain(f"{line.what} {line.asked} · {words('tier.seen')} {line.seen}", "li", "foreign")
