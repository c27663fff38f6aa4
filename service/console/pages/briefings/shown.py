"""A briefing as its readers have it: every figure and quote leads to what stands behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nicegui import ui

from service.console.i18n import Words
from service.console.panels import scroller
from service.console.theme import link, plain, put

_TAGS = {"zh": "zh-CN", "en": "en-US"}


def draw_shown(words: Words, view: Mapping[str, Any]) -> None:
    """Draw what `briefing_view` answers, in the briefing's own language; without what is hidden."""
    sheet = put(ui.element("article"), lang=_TAGS[view["language"]])
    with sheet.classes("panel stack briefing"):
        plain(view["title"], "h2", "foreign")
        for line in str(view["subtitle"]).splitlines():
            plain(line, "p", "soft small")
        if view["lead"]:
            with ui.element("p").classes("prose foreign"):
                _spans(view["lead"])
        with ui.element("dl").classes("fact-tiles"):
            for item in view["headlines"]:
                with ui.element("div"):
                    plain(item["label"], "dt", "soft small foreign")
                    with ui.element("dd").classes("strong"):
                        _figure(item["figure"])
        if not any(section["pieces"] for section in view["sections"] if not section["hidden"]):
            plain(words("briefings.nothing_shown"), "p", "soft")
        drawn = _Sections(view["words"])
        for section in view["sections"]:
            if not section["hidden"]:
                drawn.draw(section)


class _Sections:
    """Sections with the head words of the briefing's language."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._words = words

    def draw(self, section: Mapping[str, Any]) -> None:
        with ui.element("section").classes("stack part-of-briefing"):
            plain(section["title"], "h3", "strong")
            if section["comment"]:
                with ui.element("p").classes("prose foreign"):
                    plain(self._words["comment"], classes="strong")
                    _spans(section["comment"])
            for piece in section["pieces"]:
                self._piece(section["title"], piece)

    def _piece(self, title: str, piece: Mapping[str, Any]) -> None:
        match piece["type"]:
            case "measures":
                self._measures(title, piece["items"])
            case "rows":
                plain(piece["title"], "p", "strong small")
                with _table(piece["title"], piece["head"]):
                    for row in piece["items"]:
                        with ui.element("tr"):
                            for cell in row:
                                with ui.element("td"):
                                    _cell(cell)
                if piece["more"] is not None:
                    with ui.element("p").classes("small"):
                        _figure(piece["more"])
            case "voices":
                with ui.element("ul").classes("plain-list stack"):
                    for quote in piece["items"]:
                        with ui.element("li"):
                            _quote(quote)
            case _:
                plain(piece["text"], "p", "soft small")

    def _measures(self, title: str, items: Iterable[Mapping[str, Any]]) -> None:
        items = list(items)
        compared = any(item["before"] or item["change"] for item in items)
        names = ("figure", "now", "before", "change") if compared else ("figure", "value")
        with _table(title, [self._words[name] for name in names]):
            for item in items:
                with ui.element("tr"):
                    plain(item["label"], "td", "foreign")
                    values = (item["figure"], item["before"], item["change"])
                    for value in values[: len(names) - 1]:
                        with ui.element("td"):
                            if value is None:
                                plain(self._words["none"], classes="soft")
                            else:
                                _figure(value)


def _table(caption: str, head: Iterable[str]) -> ui.element:
    """The body of a table that scrolls by itself where the window is narrow."""
    with scroller(caption), ui.element("table").classes("figures wide"):
        with ui.element("thead"), ui.element("tr"):
            for name in head:
                put(plain(name, "th"), scope="col")
        return ui.element("tbody")


def _cell(cell: Mapping[str, Any]) -> None:
    if cell["type"] == "number":
        _figure(cell)
        return
    _text(cell["text"], cell["link"])
    if cell["type"] == "quoted":
        plain(cell["said"], "div", "soft small foreign")


def _quote(quote: Mapping[str, Any]) -> None:
    _text(quote["text"], quote["link"])
    with ui.element("div").classes("line small"):
        plain(quote["said"], classes="soft foreign")
        _figure(quote["spread"])


def _figure(figure: Mapping[str, Any]) -> None:
    anchor = link(figure["link"], figure["text"])
    if figure["not_enough"]:
        anchor.classes("soft")


def _spans(spans: Iterable[Mapping[str, str]]) -> None:
    for span in spans:
        _text(span["text"], span["link"])


def _text(text: str, address: str) -> None:
    if address:
        link(address, text, "foreign")
    else:
        plain(text, classes="foreign")
