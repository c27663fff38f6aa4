"""What is wrong with a query, shown at its column while it is typed."""

from __future__ import annotations

from nicegui import ui

from nlp.errors import BadQuery
from nlp.query import Query, parse_query
from service.console.i18n import Words
from service.console.pages.monitors.mistakes import mistake_said
from service.console.theme import plain, put

_AROUND = 40
"""Code points of the query that are shown on each side of the mistake."""


def read(text: str) -> Query | BadQuery | None:
    """The query, or its mistake; None where nothing was typed."""
    if not text.strip():
        return None
    try:
        return parse_query(text)
    except BadQuery as error:
        return error


def draw_verdict(words: Words, text: str, verdict: Query | BadQuery | None) -> None:
    """Whether the query can be read; if not, its column and the text around it, marked."""
    if verdict is None:
        plain(words("monitors.grammar.nothing"), "p", "soft small")
    elif isinstance(verdict, BadQuery):
        _draw_mistake(words, text, verdict)
    else:
        plain(f"✓ {words('monitors.grammar.good')}", "p", "small good")


def draw_help(words: Words) -> None:
    """The grammar by examples."""
    with ui.element("details"):
        plain(words("monitors.grammar.help"), "summary", "small")
        with ui.element("table").classes("figures"), ui.element("tbody"):
            for example, name in _EXAMPLES.items():
                with ui.element("tr"):
                    plain(example, "td", "code nowrap")
                    plain(words.choice("monitors.grammar.example", name), "td", "wide")


_EXAMPLES = {
    "晨屿 云雀": "any",
    "+晨屿 +(退款 | 售后)": "must",
    "晨屿 -招聘": "without",
    '"晨屿 咖啡"': "phrase",
    "晨屿 NEAR/8 退款": "near",
    "/晨屿.{0,4}门店/": "pattern",
    "晨屿 source:weibo lang:zh": "where",
    "*": "all",
}


def _draw_mistake(words: Words, text: str, error: BadQuery) -> None:
    place = max(error.column - 1, 0)
    begin, end = max(place - _AROUND, 0), place + 1 + _AROUND
    with put(ui.element("div"), data_column=str(error.column)).classes("mistake tight"):
        said = words("monitors.grammar.wrong", column=error.column)
        plain(f"✗ {said}", "p", "strong")
        with ui.element("p").classes("code foreign"):
            plain(("…" if begin else "") + text[begin:place])
            plain(text[place : place + 1] or "▁", "mark")
            plain(text[place + 1 : end] + ("…" if end < len(text) else ""))
        plain(mistake_said(error, words), "p", "small")
