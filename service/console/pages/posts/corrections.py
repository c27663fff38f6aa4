"""What people said of how a post was read."""

from __future__ import annotations

from nicegui import ui

from service.console.correcting import label_name
from service.console.format import moment
from service.console.pages.posts.names import PostNames
from service.console.session import Visit
from service.console.theme import plain
from service.learning import Correction, Head


def draw_corrections(visit: Visit, names: PostNames, corrections: tuple[Correction, ...]) -> None:
    """What people said of how it was read, the latest first; nothing where nobody did."""
    if not corrections:
        return
    words = visit.words
    plain(words("posts.corrections"), "h2")
    with ui.element("ul").classes("plain-list"):
        for one in reversed(corrections):
            with ui.element("li").classes("tight"):
                with ui.element("div").classes("line small"):
                    plain(words.choice("head", one.head.value), classes="soft")
                    before = _named(names, one.head, one.machine) if one.machine else "–"
                    plain(f"{before} → {_named(names, one.head, one.label)}", classes="strong")
                    moment(visit, one.at)
                if one.note:
                    plain(one.note, "p", "foreign small")


def _named(names: PostNames, head: Head, label: str) -> str:
    return label_name(names.words, names.scenarios, head, label)
