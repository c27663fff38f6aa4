"""Somebody else was faster: what they changed beside what was typed, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nicegui import ui

from service.console.forms.fields import Field
from service.console.forms.values import Raw
from service.console.i18n import Words
from service.console.theme import button, plain


def draw_conflict(
    words: Words,
    fields: Sequence[Field],
    *,
    before: Mapping[str, Raw],
    theirs: Mapping[str, Raw],
    mine: Mapping[str, Raw],
    keep_mine: Callable[[], Any],
    take_theirs: Callable[[], Any],
) -> None:
    """The panel with both ways out of it."""
    changed = [field for field in fields if theirs.get(field.path) != before.get(field.path)]
    with ui.element("section").classes("panel conflict stack").props('role="alert"'):
        plain(words("form.conflict"), "h2")
        plain(words("form.conflict_hint"), "p")
        with ui.element("div").classes("scroller"), ui.element("table").classes("figures wide"):
            with ui.element("thead"), ui.element("tr"):
                for key in ("form.field", "form.before", "form.theirs", "form.mine"):
                    plain(words(key), "th").props('scope="col"')
            with ui.element("tbody"):
                for field in changed:
                    _draw_row(words, field, before, theirs, mine)
        if all(mine.get(field.path) == before.get(field.path) for field in changed):
            plain(words("form.conflict_same"), "p", "soft")
        with ui.element("div").classes("line"):
            button(words("form.keep_mine"), keep_mine, "act-main", key="keep-mine")
            button(words("form.take_theirs"), take_theirs, key="take-theirs")


def _draw_row(
    words: Words,
    field: Field,
    before: Mapping[str, Raw],
    theirs: Mapping[str, Raw],
    mine: Mapping[str, Raw],
) -> None:
    with ui.element("tr"):
        plain(field.label, "th").props('scope="row"')
        for values in (before, theirs, mine):
            plain(field.shown(values.get(field.path, ""), words), "td", "foreign")
