"""The condition of a rule in words, as a nested list."""

from __future__ import annotations

from nicegui import ui

from playbooks import Condition, comparisons
from playbooks.expression import clause_text
from service.console.format import measure
from service.console.i18n import Words
from service.console.reasons import fact_name
from service.console.theme import plain


def draw_condition(words: Words, condition: Condition) -> None:
    """All, any and not as headings over what is in them."""
    if condition.comparison is not None:
        (item,) = comparisons(condition)
        sign = clause_text(item).split(" ")[1]
        with ui.element("div").classes("clause"):
            plain(fact_name(item.fact, words))
            plain(f" {sign} {measure(item.threshold)}", classes="strong")
            plain(item.fact, "div", "soft small code")
        return
    kind, parts = _parts(condition)
    plain(words(f"rules.tree.{kind}"), "div", "soft")
    with ui.element("ul").classes("tree"):
        for part in parts:
            with ui.element("li"):
                draw_condition(words, part)


def _parts(condition: Condition) -> tuple[str, tuple[Condition, ...]]:
    if condition.not_ is not None:
        return "not", (condition.not_,)
    if condition.all_ is not None:
        return "all", condition.all_
    return "any", condition.any_ or ()
