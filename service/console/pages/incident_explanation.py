"""What an incident was compared with, and what would have made it worse: on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from service.console.format import measure
from service.console.pages.incident_sheet import IncidentSheet
from service.console.reasons import reason_line, rule_name
from service.console.theme import plain

_RULES = 2
_TERMS = 6


def draw_explanation(page: IncidentSheet) -> None:
    """The latest explanation that monitoring froze; nothing where there is none."""
    kept = [change.explanation for change in page.dossier.file.tiers if change.explanation]
    if not kept:
        return
    explanation = kept[-1]
    _draw_comparison(page, explanation)
    _draw_next(page, explanation)


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
    names = {tier.id: words.of(tier.name) for tier in page.tiers}
    title = words("tier.next", tier=names.get(following["tier"], following["tier"]))
    with ui.element("details").classes("more"):
        plain(title, "summary", "small")
        for rule in following["rules"][:_RULES]:
            with ui.element("div").classes("past small"):
                library = page.board.container.rules.directory.library
                name = rule_name(rule["rule"], words, library)
                plain(name, classes="strong")
                plain(words("tier.reached", share=f"{rule['reached']:.0%}"), classes="soft")
                for gap in rule["missing"]:
                    line = reason_line(gap, words=words)
                    plain(f"{line.what} {line.asked} · {words('tier.seen')} {line.seen}", "div")


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
