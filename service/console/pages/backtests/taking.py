"""What was played put to work: in shadow, or live at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from playbooks import Mode
from service.auth import Action, Principal, Resource
from service.backtest import BacktestRun
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.reasons import rule_name
from service.console.session import BASE, Visit
from service.console.theme import button, plain

_QUIET = frozenset({"mode", "enabled"})


def draw_taking(board: Board, visit: Visit, run: BacktestRun) -> None:
    """Two ways to put the candidate's rules to work, and the proposal's of a budget."""
    words = visit.words
    budget = (run.result or {}).get("budget") or {}
    rules = list(budget.get("rules") or run.asked.get("rules") or ())
    if not rules or not visit.may(Action.EDIT, Resource.RULE):
        return
    library = board.container.rules.directory.library
    named = words("list.comma").join(rule_name(str(rule["id"]), words, library) for rule in rules)
    # Read when the page is drawn: whoever changes a rule meanwhile is not overwritten.
    directory = board.container.rules.directory
    versions = {str(rule["id"]): 0 for rule in rules}
    versions |= {item.id: item.version for item in directory.records() if item.id in versions}

    async def take(mode: Mode) -> None:
        question = Question(
            title=words(f"backtests.take.{mode.value}_ask"),
            hint=words(f"backtests.take.{mode.value}_hint", rules=named),
            confirm=words(f"backtests.take.{mode.value}"),
            grave=mode is Mode.LIVE,
        )
        if await ask(visit.client, words, question) is None:
            return

        async def put(principal: Principal) -> None:
            taken = [_in_mode(rule, mode) for rule in rules]
            await board.container.rules.desk.put_all(principal, taken, versions=versions)
            await directory.refresh()

        if await attempt(visit, put):
            to = f"{BASE}/rules/{rules[0]['id']}" if len(rules) == 1 else f"{BASE}/rules"
            go(visit, to, said=words(f"backtests.take.{mode.value}_done"))

    async def take_in_shadow() -> None:
        await take(Mode.SHADOW)

    async def take_live() -> None:
        await take(Mode.LIVE)

    with ui.element("section").classes("panel stack"):
        plain(words("backtests.take.title"), "h2")
        plain(words("backtests.take.hint", rules=named), "p", "soft foreign")
        with ui.element("div").classes("line"):
            button(words("backtests.take.shadow"), take_in_shadow, "act-main", key="take-shadow")
            button(words("backtests.take.live"), take_live, key="take-live")


def _in_mode(rule: Mapping[str, Any], mode: Mode) -> dict[str, Any]:
    data = {key: value for key, value in rule.items() if key not in _QUIET}
    return data | {"mode": mode.value}
