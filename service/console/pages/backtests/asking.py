"""A back-test asked for: rules as YAML, rows of a lexicon, a budget for the nights, a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import yaml
from nicegui import ui

from playbooks import Document
from service.auth import Action, Principal, Resource
from service.backtest import Ask
from service.console.board import Board
from service.console.deeds import go
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.backtests import place
from service.console.session import Visit
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.rules import written_rules

_DAYS = 30
_LONGEST = 100_000
_EXAMPLE = 'rules:\n  - id: negative_burst_yellow\n    thresholds: {"negative_1h": 15}\n'


def register(board: Board) -> None:
    """The page `/new-backtest`; with `?of=<id>` an earlier one asked again."""

    @console_page(board, place.PLACE, "/new-backtest")
    async def ask(visit: Visit) -> None:
        (await visit.principal()).require(Action.RUN, Resource.RULE)
        words = visit.words
        stored = await _stored(board, visit)
        monitors = await board.monitor_names()
        begun: list[str] = []

        async def begin(principal: Principal, values: Values) -> None:
            await board.container.rules.directory.refresh()
            in_force = board.container.rules.directory.in_force
            try:
                written = _written(values)
                asked = _asked(values, written)
                # First as they were written: then a mistake is told with its line and column.
                await asyncio.to_thread(in_force.replacing, written)
                await asyncio.to_thread(asked.candidate, in_force)
            except InvalidInput as error:
                told = [(_field(path), f"{path}: {said}") for path, said in error.errors]
                raise InvalidInput(error.detail, errors=told) from error
            run = await board.container.backtests.begin(principal, asked.to_json())
            begun.append(run.id)

        async def follow() -> None:
            go(visit, place.address(begun[-1]), said=words("backtests.begun"))

        with heading(visit, words("backtests.ask.title"), hint=words("backtests.ask.hint")):
            link(place.LIST, words("backtests.back"), "act")
        with ui.element("section").classes("panel"):
            form = Form(visit, "backtest-new", stored=stored, save=begin)
        form.after = follow
        with form:
            form.long_text(
                "rules",
                words("backtests.ask.rules"),
                hint=words("backtests.ask.rules_hint"),
                longest=_LONGEST,
                rows=10,
            )
            form.control("rules").classes("code")
            plain(_EXAMPLE, "pre", "soft small code")
            form.instant("since", words("backtests.ask.since"))
            form.instant("until", words("backtests.ask.until"), hint=words("backtests.ask.open"))
            form.choice("monitor", words("backtests.ask.monitor"), monitors, required=False)
            form.text("budget", words("backtests.ask.budget"), hint=words("backtests.ask.nights"))
            form.long_text(
                "lexicon",
                words("backtests.ask.lexicon"),
                hint=words("backtests.ask.lexicon_hint"),
                longest=_LONGEST,
                rows=4,
            )
            form.submit(words("backtests.ask.go"))


async def _stored(board: Board, visit: Visit) -> Stored:
    """The last thirty days, or what an earlier one asked for."""
    wanted = visit.query.get("of", "")[:64]
    if not wanted:
        return Stored(values={"since": visit.now() - timedelta(days=_DAYS)})
    asked = Ask.of_json((await board.container.backtests.get(wanted)).asked)
    values: dict[str, Any] = {
        "since": asked.since,
        "until": asked.until,
        "monitor": asked.monitor,
        "budget": asked.budget,
        "lexicon": asked.lexicon,
    }
    if asked.rules:
        values["rules"] = yaml.safe_dump(
            {"rules": [dict(rule) for rule in asked.rules]}, allow_unicode=True, sort_keys=False
        )
    return Stored(values=values)


def _written(values: Values) -> tuple[Document, ...]:
    text = values.text("rules")
    return written_rules(text, file="rules") if text else ()


def _asked(values: Values, written: Sequence[Document]) -> Ask:
    budget = values.optional("budget")
    return Ask(
        since=values.instant("since"),
        until=values.instant("until"),
        monitor=values.optional("monitor"),
        rules=tuple(item.data for item in written if isinstance(item.data, dict)),
        lexicon=values.as_typed("lexicon") if values.text("lexicon") else None,
        budget=f"{budget}/night" if budget is not None and budget.isdecimal() else budget,
    )


def _field(path: str) -> str:
    """The field that a refusal of the candidate is about."""
    known = {"from": "since", "to": "until"}
    begin = path.replace("[", ".").replace(":", ".").partition(".")[0]
    return known.get(begin, begin)
