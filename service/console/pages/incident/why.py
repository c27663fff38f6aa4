"""Why the incident has its tier, and what would make it the next one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from service.console.format import measure, short_time
from service.console.pages.incident.sheet import IncidentSheet
from service.console.reasons import ReasonGroup, reason_groups, reason_line, rule_name
from service.console.theme import plain, put, tier_badge

_RULES = 2
_TERMS = 6


def draw_why(page: IncidentSheet) -> None:
    """The reasons of the tier, what was compared, what the next tier lacked, every tier before."""
    words, library = page.words, page.board.container.rules.directory.library
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("tier.why"), "h2")
            tier_badge(words, page.tiers, page.incident.tier)
        groups = reason_groups(page.incident.reasons, words=words, library=library)
        if not groups:
            plain(words("tier.no_reasons"), classes="soft")
        for group in groups:
            _draw_reasons(page, group)
        _draw_explanation(page)
        _draw_history(page)


def _draw_reasons(page: IncidentSheet, group: ReasonGroup) -> None:
    words = page.words
    with ui.element("div").classes("stack reasons"):
        if group.rule:
            plain(group.rule, "h3", "strong")
        if group.why:
            plain(group.why, "p", "soft small")
        with ui.element("table").classes("figures wide"):
            with ui.element("thead"), ui.element("tr"):
                for label in ("tier.what", "tier.seen", "tier.asked"):
                    plain(words(label), "th").props('scope="col"')
            with ui.element("tbody"):
                for line in group.lines:
                    with ui.element("tr"):
                        plain(line.what, "td", "foreign")
                        plain(line.seen, "td", "strong foreign")
                        plain(line.asked, "td", "soft")


def _draw_history(page: IncidentSheet) -> None:
    words, library = page.words, page.board.container.rules.directory.library
    changes = page.dossier.file.tiers
    with put(ui.element("details"), data_key="tier-history").classes("more"):
        plain(words("tier.history", count=len(changes)), "summary", "small")
        for change in reversed(changes):
            with ui.element("div").classes("past"):
                with ui.element("div").classes("line small"):
                    tier_badge(words, page.tiers, change.tier)
                    plain(short_time(change.at, page.zone), classes="soft")
                    plain(page.name_of(change.actor), classes="soft foreign")
                for group in reason_groups(change.reasons, words=words, library=library):
                    for line in group.lines:
                        parts = (line.what, line.asked, f"→ {line.seen}")
                        said = " ".join(part for part in parts if part)
                        plain(said, "div", "small soft foreign")


def _draw_explanation(page: IncidentSheet) -> None:
    """The latest explanation that monitoring froze; nothing where there is none."""
    kept = [change.explanation for change in page.dossier.file.tiers if change.explanation]
    if kept:
        _draw_comparison(page, kept[-1])
        _draw_next(page, kept[-1])


def _draw_comparison(page: IncidentSheet, explanation: Mapping[str, Any]) -> None:
    """The hour against its baseline, the words that are new, how much of it is copied."""
    words, copies = page.words, explanation["copies"]
    negative = explanation["baseline"]["negative"]
    compared = words(
        "tier.baseline",
        seen=measure(negative["seen"]),
        expected=measure(_rounded(negative["expected"])),
        hours=len(negative["hours"]),
    )
    plain(compared, "div", "soft small")
    if copies is not None:
        told = words("tier.copies", posts=copies["posts"], distinct=copies["distinct"])
        plain(told, "div", "soft small")
    if explanation["terms"]:
        with ui.element("div").classes("small"):
            plain(words("tier.terms"), classes="soft")
            terms = [str(item["term"]) for item in explanation["terms"][:_TERMS]]
            plain(words("list.comma").join(terms), classes="foreign")


def _draw_next(page: IncidentSheet, explanation: Mapping[str, Any]) -> None:
    """The nearest rules of the next tier, with what they lacked when the tier was given."""
    words, following = page.words, explanation["next"]
    if following is None:
        return
    library = page.board.container.rules.directory.library
    with ui.element("div").classes("stack reasons next-tier"):
        plain(words("tier.next", tier=page.tier_name(following["tier"])), "h3", "strong")
        for rule in following["rules"][:_RULES]:
            with ui.element("div").classes("small"):
                with ui.element("div").classes("line"):
                    plain(rule_name(rule["rule"], words, library))
                    plain(words("tier.reached", share=f"{rule['reached']:.0%}"), classes="soft")
                for gap in rule["missing"]:
                    line = reason_line(gap, words=words)
                    seen = f"{words('tier.seen')} {line.seen}"
                    plain(f"{line.what} {line.asked} · {seen}", "div", "soft")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
