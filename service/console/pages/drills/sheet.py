"""The score sheet: what was due by when, what was done by when, and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from nicegui import ui

from service.console.board import Board
from service.console.format import moment, span
from service.console.pages.drills import place
from service.console.panels import Cell, fact_tiles, small_table
from service.console.session import BASE, Visit
from service.console.theme import link, plain, tier_badge

_SIGNS = {
    "in_time": "✓",
    "late": "◆",
    "missed": "✗",
    "not_due": "…",
    "skipped": "–",
    "cancelled": "–",
}
_LOOKS = {"in_time": "done", "late": "soon", "missed": "late"}
_COUNTED = ("due", "in_time", "late", "missed", "not_due", "skipped")


def draw_sheet(board: Board, visit: Visit, sheet: Mapping[str, Any], *, final: bool) -> None:
    """The whole sheet; of a drill that goes on it is as of now."""
    words, totals = visit.words, sheet["totals"]
    with ui.element("section").classes("panel stack"):
        plain(words("drills.sheet.title" if final else "drills.sheet.so_far"), "h2")
        fact_tiles(
            (
                (words("drills.sheet.kept"), place.share(totals["kept_share"])),
                *((words(f"drills.sheet.{name}"), f"{totals[name]:,}") for name in _COUNTED),
            )
        )
        _draw_roles(visit, sheet)
        _draw_people(visit, sheet)
    for incident in sheet["incidents"]:
        with ui.element("section").classes("panel stack"):
            _draw_incident(board, visit, incident)


def _draw_roles(visit: Visit, sheet: Mapping[str, Any]) -> None:
    words = visit.words
    plain(words("drills.sheet.roles"), "h3", "strong")
    rows = [
        (
            words.choice("role", item["role"]),
            place.share(item["kept_share"]),
            *(f"{item[name]:,}" for name in _COUNTED),
        )
        for item in sheet["roles"]
    ]
    heads = [
        words("drills.sheet.role"),
        words("drills.sheet.kept"),
        *(words(f"drills.sheet.{name}") for name in _COUNTED),
    ]
    small_table(heads, rows, caption=words("drills.sheet.roles"), numbers=len(_COUNTED) + 1)


def _draw_people(visit: Visit, sheet: Mapping[str, Any]) -> None:
    words = visit.words
    plain(words("drills.sheet.people"), "h3", "strong")
    if not sheet["people"]:
        plain(words("drills.sheet.nobody"), "p", "soft")
        return
    names = ("deeds", "acknowledged", "steps_done", "in_time", "late")
    rows = [
        (item["person"]["name"], *(f"{item[name]:,}" for name in names)) for item in sheet["people"]
    ]
    heads = [words("drills.sheet.person"), *(words(f"drills.sheet.{name}") for name in names)]
    small_table(heads, rows, caption=words("drills.sheet.people"), numbers=len(names))


def _draw_incident(board: Board, visit: Visit, incident: Mapping[str, Any]) -> None:
    words, scenarios = visit.words, board.scenario_names(visit.words)
    tiers = board.container.library.tiers.tiers
    with ui.element("div").classes("line"):
        tier_badge(words, tiers, incident["tier"])
        title = scenarios.get(incident["scenario"] or "", incident["title"])
        with plain("", "h2"):
            link(f"{BASE}/incidents/{incident['incident']}", title, "foreign")
        plain(words.choice("state", incident["state"]), classes="state")
        moment(visit, datetime.fromisoformat(incident["opened_at"]))
        pages = incident["pages"]
        told = words("drills.sheet.pages", made=pages["made"], sent=pages["sent"])
        plain(told, classes="soft")
    by = incident["acknowledged_by"]
    if by is not None:
        plain(words("drills.sheet.taken_by", name=by["name"]), "p", "soft foreign")
    for name, steps in (("clocks", incident["clocks"]), ("steps", incident["steps"])):
        with ui.element("details") as details:
            if name == "clocks":
                details.props["open"] = True
            label = words(f"drills.sheet.{name}", count=len(steps))
            plain(label, "summary", "strong")
            _draw_steps(visit, steps, label)


def _draw_steps(visit: Visit, steps: list[Mapping[str, Any]], caption: str) -> None:
    words = visit.words
    rows: list[tuple[Cell, ...]] = [
        (
            words.of(step["title"]),
            words.choice("role", step["role"]),
            partial(_draw_verdict, visit, step["verdict"]),
            _span(visit, step["target_s"]),
            _span(visit, step["took_s"]),
            _span(visit, step["late_by_s"]),
            "–" if step["done_by"] is None else step["done_by"]["name"],
        )
        for step in steps
    ]
    names = ("step", "role", "verdict", "target", "took", "late_by", "done_by")
    small_table([words(f"drills.sheet.{name}") for name in names], rows, caption=caption)


def _draw_verdict(visit: Visit, verdict: str) -> None:
    told = visit.words.choice("drills.verdicts", verdict)
    plain(f"{_SIGNS.get(verdict, '?')} {told}", classes=_LOOKS.get(verdict, "soft"))


def _span(visit: Visit, seconds: float | None) -> str:
    return "–" if seconds is None else span(timedelta(seconds=seconds), visit.words)
