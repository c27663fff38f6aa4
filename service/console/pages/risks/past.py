"""What became of an entry: every version with who, when, why, and what it changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nicegui import ui

from service.console.board import Board
from service.console.format import moment
from service.console.i18n import Words
from service.console.pages.incident import safe_address
from service.console.pages.risks import place
from service.console.pages.risks.writing import Choices
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.risks import Change
from service.risks.model import MONEY, ChangeKind
from service.risks.money import money_of

_SHOWN = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Versions, the newest first; `following` is below which the older ones are."""

    risk_id: str
    changes: tuple[Change, ...]
    following: int | None


async def read_past(board: Board, visit: Visit, risk_id: str) -> Past:
    """The page of versions that the address asks for: `?before=` a version."""
    asked = visit.query.get("before", "")
    before = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
    found = await board.container.risk_register.register.history(
        await visit.principal(), risk_id, before=before, limit=_SHOWN + 1
    )
    shown = found[:_SHOWN]
    await board.names.learn(*(item.by for item in shown))
    following = shown[-1].version if len(found) > _SHOWN else None
    return Past(risk_id=risk_id, changes=shown, following=following)


def draw_past(board: Board, visit: Visit, past: Past, choices: Choices) -> None:
    """The newest first."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("risks.past"), "h2")
        with ui.element("ol").classes("timeline"):
            for item in past.changes:
                with ui.element("li"):
                    _draw_change(board, visit, item, choices)
        if past.following is not None:
            older = f"{place.address(past.risk_id)}?before={past.following}"
            link(older, words("risks.older"), "act")


def _draw_change(board: Board, visit: Visit, item: Change, choices: Choices) -> None:
    words = visit.words
    with ui.element("div").classes("line"):
        plain(words.choice("risks.kinds", item.kind.value), classes="strong")
        plain(words("risks.version", number=item.version), classes="soft small")
        plain(board.names.of(item.by), classes="foreign")
        moment(visit, item.at)
    if item.note:
        plain(item.note, "p", "foreign")
    if item.kind is ChangeKind.MOVED:
        stages = item.data.get("stage", {})
        names = [words.choice("risks.stages", str(stages.get(at))) for at in ("before", "after")]
        plain(" → ".join(names), "p", "soft")
    for kind, target in dict(item.data.get("target") or {}).items():
        link(f"{BASE}/{kind}s/{target}", str(target), "code small")
    if item.data.get("late"):
        plain(f"▲ {words('risks.was_late')}", "p", "late")
    if safe := safe_address(item.data.get("evidence")):
        seen = link(safe, words("risks.see"), "small")
        seen.props('target="_blank" rel="noopener noreferrer"')
    for name, values in dict(item.data.get("changed") or {}).items():
        with ui.element("p").classes("difference"):
            plain(f"{words.choice('risks.fields', name)}: ", classes="soft")
            plain(_told(words, choices, name, values["before"]), "del", "foreign")
            plain(" → ", classes="soft")
            plain(_told(words, choices, name, values["after"]), "ins", "foreign")


def _told(words: Words, choices: Choices, name: str, value: object) -> str:
    """A value of an entry as people read it."""
    if value is None or value == "":
        return words("form.nothing")
    if name in MONEY and isinstance(value, Mapping):
        return place.money(money_of(value))
    named: Mapping[str, Mapping[str, str]] = {
        "owner": choices.people,
        "monitor": choices.monitors,
        "scenario": choices.scenarios,
    }
    return named.get(name, {}).get(str(value), str(value))
