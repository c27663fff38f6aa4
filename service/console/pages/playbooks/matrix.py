"""Every playbook by tier: how many steps there are, and when the first and the last are due."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from fastapi import Response
from nicegui import ui

from playbooks import SCENARIOS, UNCLASSIFIED, Anchors, Kind, Playbook, plan
from service.console.board import Board
from service.console.format import span
from service.console.page import console_page, heading
from service.console.pages.playbooks import place
from service.console.pages.playbooks.handbook import printed
from service.console.panels import Cell, small_table
from service.console.session import Visit
from service.console.theme import link, plain, tier_badge

_ORDER = (*SCENARIOS, UNCLASSIFIED)


def register(board: Board) -> None:
    """The page `/playbooks`."""
    library = board.container.library

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> Response | None:
        if "handbook" in visit.query:
            return await printed(board, visit)
        words = visit.words
        hint = words("playbooks.hint", version=library.version)
        with heading(visit, words("playbooks.title"), hint=hint):
            for lang in ("zh", "en"):
                label = words(f"playbooks.handbook.{lang}")
                link(place.handbook_address(lang), label, "act").props('target="_blank"')
        with ui.element("section").classes("panel stack"):
            _draw(board, visit)
        return None


def _draw(board: Board, visit: Visit) -> None:
    words, library = visit.words, board.container.library
    tiers = library.tiers.tiers
    crises = sorted(
        (item for item in library.playbooks.values() if item.kind is Kind.CRISIS),
        key=lambda item: _ORDER.index(item.scenario or UNCLASSIFIED),
    )
    others = [item for item in library.playbooks.values() if item.kind is not Kind.CRISIS]
    now = visit.now()
    rows: list[list[Cell]] = [
        [
            partial(_draw_name, board, visit, playbook),
            *(partial(_draw_cell, visit, playbook, tier.id, now) for tier in tiers),
        ]
        for playbook in (*crises, *others)
    ]
    plain(words("playbooks.matrix_hint"), "p", "soft")
    heads: list[Cell] = [words("playbooks.playbook")]
    heads += [partial(tier_badge, words, tiers, tier.id) for tier in tiers]
    small_table(heads, rows, caption=words("playbooks.title"))


def _draw_name(board: Board, visit: Visit, playbook: Playbook) -> None:
    words = visit.words
    plain(place.title_of(board, words, playbook), "div", "strong foreign")
    plain(words.of(playbook.name), "div", "soft small foreign")


def _draw_cell(visit: Visit, playbook: Playbook, tier: str, now: datetime) -> None:
    words = visit.words
    if tier not in playbook.tiers:
        plain("–")
        return
    steps = plan(playbook, Anchors.at_opening(tier=tier, opened=now))
    label = words("playbooks.steps", count=len(steps))
    link(place.address(playbook.id, tier), label)
    dues = sorted(step.due_at for step in steps if step.due_at is not None)
    if dues:
        told = words(
            "playbooks.from_to", first=span(dues[0] - now, words), last=span(dues[-1] - now, words)
        )
        plain(told, "div", "soft small")
