"""What a back-test found: both sides beside each other, and every incident that differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from playbooks import Condition, comparisons
from service.console.board import Board
from service.console.charts import Series, bar, show
from service.console.format import measure, short_time, span
from service.console.i18n import Words
from service.console.pages.backtests.differing import draw_incident
from service.console.pages.rules.place import bound_of
from service.console.panels import small_table
from service.console.reasons import rule_name
from service.console.session import Visit
from service.console.theme import plain, tier_badge

Cell = str | Callable[[], object]
_MOST_SHOWN = 50
_LONGEST_VALUE = 300


def draw_result(
    board: Board, visit: Visit, result: Mapping[str, Any], monitors: Mapping[str, str]
) -> None:
    """The whole answer."""
    words = visit.words
    found = result["incidents"]
    with ui.element("section").classes("panel stack"):
        plain(words("backtests.sides"), "h2")
        _draw_span(visit, result["span"], monitors)
        _draw_sides(board, visit, result)
        _draw_nights(visit, result)
    with ui.element("section").classes("panel stack"):
        plain(words("backtests.differs"), "h2")
        plain(words("backtests.same", count=found["same"]), "p", "soft")
        for name in ("lost", "gained", "changed"):
            _draw_group(board, visit, name, found[name], monitors)
        _draw_moved(board, visit, found["moved"], monitors)
    if result["rules"]["changed"]:
        with ui.element("section").classes("panel stack"):
            plain(words("backtests.changed_rules"), "h2")
            _draw_rules(board, visit, result["rules"]["changed"])
    if "budget" in result:
        with ui.element("section").classes("panel stack"):
            _draw_budget(board, visit, result["budget"])


def _draw_span(visit: Visit, found: Mapping[str, Any], monitors: Mapping[str, str]) -> None:
    words = visit.words
    since, until = (datetime.fromisoformat(found[name]) for name in ("from", "to"))
    named = words("list.comma").join(monitors.get(item, item) for item in found["monitors"])
    told = words(
        "backtests.span",
        posts=f"{found['posts']:,}",
        since=short_time(since, visit.zone),
        until=short_time(until, visit.zone),
        monitors=named or "–",
    )
    plain(told, "p", "soft foreign")


def _draw_sides(board: Board, visit: Visit, result: Mapping[str, Any]) -> None:
    words = visit.words
    old, new = result["current"], result["candidate"]
    rows: list[tuple[Cell, ...]] = [
        _numbers(words("backtests.incidents"), old["incidents"], new["incidents"])
    ]
    tiers = board.container.library.tiers.tiers
    for tier in reversed(tiers):
        before, after = (side["by_tier"].get(tier.id, 0) for side in (old, new))
        rows.append((partial(tier_badge, words, tiers, tier.id), *_pair(before, after)))
    rows.append(_numbers(words("backtests.weekly"), old["alerts_per_week"], new["alerts_per_week"]))
    rows.append(_numbers(words("backtests.busiest"), old["busiest_night"], new["busiest_night"]))
    for name in ("p50", "p90"):
        before, after = old["delay_s"][name], new["delay_s"][name]
        change = "–" if before is None or after is None else _later(visit, after - before)
        rows.append(
            (words(f"backtests.delay.{name}"), _span(visit, before), _span(visit, after), change)
        )
    rows.append(
        (
            words("backtests.precision"),
            _precision(visit, old["labels"]),
            _precision(visit, new["labels"]),
            "",
        )
    )
    heads = (words("backtests.figure"), *(words(f"backtests.side.{name}") for name in _SIDES))
    small_table(heads, rows, caption=words("backtests.sides"), numbers=3)


_SIDES = ("current", "candidate", "change")


def _numbers(label: str, before: float, after: float) -> tuple[Cell, ...]:
    return label, *_pair(before, after)


def _pair(before: float, after: float) -> tuple[str, str, str]:
    change = round(after - before, 2)
    sign = "±0" if not change else f"{'▲ +' if change > 0 else '▼ −'}{measure(abs(change))}"
    return measure(before), measure(after), sign


def _span(visit: Visit, seconds: float | None) -> str:
    return "–" if seconds is None else span(timedelta(seconds=seconds), visit.words)


def _later(visit: Visit, seconds: float) -> str:
    words = visit.words
    if not seconds:
        return "±0"
    key = "backtests.later" if seconds > 0 else "backtests.earlier"
    return words(key, time=span(timedelta(seconds=abs(seconds)), words))


def _precision(visit: Visit, labels: Mapping[str, Any]) -> str:
    words = visit.words
    if not labels.get("judged"):
        return words("backtests.nobody_judged")
    return words("backtests.of_judged", right=labels["right"], judged=labels["judged"])


def _draw_nights(visit: Visit, result: Mapping[str, Any]) -> None:
    words = visit.words
    old, new = (result[side]["nights"] for side in ("current", "candidate"))
    nights = sorted({*old, *new})
    if not nights:
        plain(words("backtests.quiet_nights"), "p", "soft")
        return
    chart = bar(
        words("backtests.nights"),
        nights,
        [
            Series(words("backtests.side.current"), [old.get(night, 0) for night in nights]),
            Series(words("backtests.side.candidate"), [new.get(night, 0) for night in nights]),
        ],
        unit=words("backtests.pages"),
    )
    show(visit, chart)


def _draw_group(
    board: Board,
    visit: Visit,
    name: str,
    incidents: Sequence[Mapping[str, Any]],
    monitors: Mapping[str, str],
) -> None:
    words = visit.words
    plain(words(f"backtests.group.{name}", count=len(incidents)), "h3", "strong")
    for incident in incidents[:_MOST_SHOWN]:
        draw_incident(board, visit, incident, monitors)
    if len(incidents) > _MOST_SHOWN:
        plain(words("backtests.more", count=len(incidents) - _MOST_SHOWN), "p", "soft")


def _draw_moved(
    board: Board, visit: Visit, moved: Sequence[Mapping[str, Any]], monitors: Mapping[str, str]
) -> None:
    words, scenarios = visit.words, board.scenario_names(visit.words)
    plain(words("backtests.group.moved", count=len(moved)), "h3", "strong")
    if not moved:
        return
    rows = [
        (
            f"{monitors.get(item['monitor'], item['monitor'])} · "
            f"{scenarios.get(item['scenario'], item['scenario'])}",
            short_time(datetime.fromisoformat(item["opened_at"]["before"]), visit.zone),
            short_time(datetime.fromisoformat(item["opened_at"]["after"]), visit.zone),
            _later(visit, item["later_s"]),
        )
        for item in moved[:_MOST_SHOWN]
    ]
    heads = (words("backtests.incident"), *(words(f"backtests.side.{name}") for name in _SIDES))
    small_table(heads, rows, caption=words("backtests.group.moved", count=len(moved)))


def _draw_rules(board: Board, visit: Visit, changed: Sequence[Mapping[str, Any]]) -> None:
    words, library = visit.words, board.container.rules.directory.library
    rows = [
        (
            rule_name(item["rule"], words, library),
            words.choice("backtests.keys", key),
            _value(words, key, both["before"]),
            _value(words, key, both["after"]),
        )
        for item in changed
        for key, both in item["keys"].items()
    ]
    heads = (
        words("rules.name"),
        words("backtests.key"),
        words("backtests.side.current"),
        words("backtests.side.candidate"),
    )
    small_table(heads, rows, caption=words("backtests.changed_rules"))


def _value(words: Words, key: str, value: object) -> str:
    """A key of a rule for people: a condition as its clauses, the rest as it is written."""
    if value is None:
        return "–"
    if key == "when":
        try:
            found = comparisons(Condition.model_validate(value))
        except ValidationError:
            found = ()
        if found:
            return " · ".join(bound_of(words, item) for item in found)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _draw_budget(board: Board, visit: Visit, budget: Mapping[str, Any]) -> None:
    words, library = visit.words, board.container.rules.directory.library
    plain(words("backtests.budget.title", pages=budget["pages_a_night"]), "h2")
    fits = budget["fits"]
    plain(
        words(f"backtests.budget.{'fits' if fits else 'none'}", busiest=budget["busiest_night"]),
        "p",
        "done" if fits else "soon",
    )
    rows = [
        (
            rule_name(item["rule"], words, library),
            f"× {measure(item['factor'])}",
            measure(item["busiest_night"]),
            measure(item["pages"]),
            f"{item['kept']} / {item['of']}",
            measure(item["lowered"]),
            _span(visit, item["later_s"]),
        )
        for item in budget["grid"][: _MOST_SHOWN * 4]
    ]
    names = ("rule", "factor", "busiest", "pages", "kept", "lowered", "later")
    small_table(
        [words(f"backtests.budget.{name}") for name in names],
        rows,
        caption=words("backtests.budget.title", pages=budget["pages_a_night"]),
        numbers=6,
    )
