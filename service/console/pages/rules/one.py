"""One rule: its condition in words, its bounds in a form, what it would have done in shadow."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from nicegui import ui
from nicegui.events import GenericEventArguments

from playbooks import rule_data
from playbooks.expression import clause_text
from service.auth import Action, Principal, Resource
from service.backtest import Ask
from service.console.board import Board
from service.console.deeds import attempt, go, praise
from service.console.dialogs import Question, ask, undo
from service.console.format import measure, moment
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.rules import place
from service.console.pages.rules.condition import draw_condition
from service.console.pages.rules.shadow import draw_shadow
from service.console.pages.rules.tuning import (
    Bound,
    Tuning,
    bounds_of,
    candidate_of,
    overlay_of,
)
from service.console.reasons import fact_name
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put, tier_badge
from service.errors import InvalidInput
from service.rules import RuleRecord, RuleState

BACKTESTED = timedelta(days=30)


def register(board: Board) -> None:
    """The page `/rules/{rule_id}`."""
    directory = board.container.rules.directory

    @console_page(board, place.PLACE, "/rules/{rule_id}")
    async def one(visit: Visit, rule_id: str) -> None:
        await directory.refresh()
        record = directory.get(rule_id)
        if record.overlay is not None:
            await board.names.learn(record.overlay.author)
        RulePage(board, visit, record).draw()


class RulePage:
    """The open page of a rule."""

    def __init__(self, board: Board, visit: Visit, record: RuleRecord) -> None:
        self._board = board
        self._visit = visit
        self._record = record
        self._rules = board.container.rules

    def draw(self) -> None:
        """Everything, the form last."""
        visit, words, record = self._visit, self._visit.words, self._record
        with heading(visit, place.name_of(words, record), hint=record.id):
            link(place.LIST, words("rules.back"), "act")
            if visit.may(Action.EDIT, Resource.RULE):
                link(f"{place.WRITE}?of={record.id}", words("rules.as_text"), "act")
                if record.overlay is not None:
                    added = record.shipped is None
                    label = words("rules.remove" if added else "rules.restore")
                    button(label, self._remove, "act-grave", key="remove-overlay")
        self._draw_state()
        if record.problems:
            with ui.element("section").classes("panel problem stack tight"):
                plain(words("rules.problems"), "p", "strong")
                for problem in record.problems:
                    plain(problem, "p", "foreign")
        if record.rule is not None:
            with ui.element("div").classes("columns"):
                with ui.element("section").classes("panel stack"):
                    self._draw_form()
                with ui.element("section").classes("panel stack"):
                    plain(words("rules.condition"), "h2")
                    plain(words.of(record.rule.why), "p", "quote foreign")
                    draw_condition(words, record.rule.when)
        draw_shadow(self._board, visit, record)

    def _draw_state(self) -> None:
        words, record = self._visit.words, self._record
        with ui.element("div").classes("line"):
            plain(place.state_of(words, record.state), classes="state")
            if record.rule is not None:
                tier_badge(words, self._board.container.library.tiers.tiers, record.rule.tier)
                names = self._board.scenario_names(words)
                plain(place.scenarios_of(words, record.rule, names), classes="state")
            plain(words.choice("rules.origins", record.origin.value), classes="state")
            if record.overlay is not None:
                name = self._board.names.of(record.overlay.author)
                plain(words("rules.changed_by", name=name), classes="soft foreign")
                moment(self._visit, record.overlay.updated_at)

    def _draw_form(self) -> None:
        visit, words = self._visit, self._visit.words
        plain(words("rules.tune.title"), "h2")
        form = Form(
            visit,
            f"rule-{self._record.id}",
            stored=_stored(self._record),
            save=self._save,
            reread=self._reread,
        )
        form.said = words("rules.tune.saved")
        with form:
            states = {item.value: words.choice("rules.states", item.value) for item in RuleState}
            tiers = self._board.container.library.tiers.tiers
            form.choice("state", words("rules.state"), states, hint=words("rules.tune.state_hint"))
            form.choice(
                "tier",
                words("rules.tier"),
                {tier.id: words.of(tier.name) for tier in reversed(tiers)},
                hint=words("rules.tune.tier_hint"),
            )
            with ui.element("div").classes("bounds"):
                for bound in bounds_of(self._record):
                    self._draw_bound(form, bound)
            if not visit.may(Action.EDIT, Resource.RULE):
                plain(words("rules.tune.may_not"), "p", "soft")
                return
            with form.submit(words("rules.tune.save")):
                self._draw_backtest()

    def _draw_bound(self, form: Form, bound: Bound) -> None:
        words = self._visit.words
        sign = clause_text(bound.comparison).split(" ")[1]
        label = f"{fact_name(bound.comparison.fact, words)} {sign}"
        shipped = measure(bound.shipped)
        hint = words("rules.tune.bound_hint", fact=bound.comparison.fact, shipped=shipped)
        if isinstance(bound.shipped, bool):
            form.choice(
                bound.path, label, {"yes": words("form.yes"), "no": words("form.no")}, hint=hint
            )
        else:
            form.number(bound.path, label, hint=hint, required=True)

    def _draw_backtest(self) -> None:
        pressed = put(ui.element("button"), type="button", data_key="backtest-rule")
        pressed.classes("act").on(
            "click",
            self._backtest,
            js_handler="(event) => emit(window.fengsui.collect(event.currentTarget.form))",
        )
        with pressed:
            plain(self._visit.words("rules.tune.backtest", days=BACKTESTED.days))

    async def _reread(self, _principal: Principal) -> Stored:
        await self._rules.directory.refresh()
        self._record = self._rules.directory.get(self._record.id)
        return _stored(self._record)

    async def _save(self, principal: Principal, values: Values) -> None:
        record = self._record
        data = overlay_of(record, _tuning(record, values))
        principal.require(Action.EDIT, Resource.RULE)
        version = values.version
        try:
            if set(data) == {"id"} and record.shipped is not None:
                if record.overlay is not None:
                    await self._rules.desk.remove(principal, record.id, version=version)
            else:
                await self._rules.desk.put(principal, record.id, data, version=version)
        except InvalidInput as error:
            raise InvalidInput(
                error.detail, errors=tuple(_at_fields(record, error.errors))
            ) from error
        await self._rules.directory.refresh()

    async def _backtest(self, event: GenericEventArguments) -> None:
        raw = event.args if isinstance(event.args, dict) else {}
        visit = self._visit
        values = Values(raw, words=visit.words, zone=visit.zone, version=None)
        begun: list[str] = []

        async def begin(principal: Principal) -> None:
            data = candidate_of(self._record, _tuning(self._record, values))
            asked = Ask(since=visit.now() - BACKTESTED, rules=(data,))
            await self._rules.directory.refresh()
            await asyncio.to_thread(asked.candidate, self._rules.directory.in_force)
            run = await self._board.container.backtests.begin(principal, asked.to_json())
            begun.append(run.id)

        if await attempt(visit, begin):
            go(visit, f"{BASE}/backtests/{begun[0]}", said=visit.words("backtests.begun"))

    async def _remove(self) -> None:
        visit, words, record = self._visit, self._visit.words, self._record
        overlay = record.overlay
        if overlay is None:
            return
        kind = "remove" if record.shipped is None else "restore"
        question = Question(
            title=words(f"rules.{kind}_ask", name=place.name_of(words, record)),
            hint=words(f"rules.{kind}_hint"),
            confirm=words(f"rules.{kind}"),
            grave=True,
        )
        if await ask(visit.client, words, question) is None:
            return

        async def remove(principal: Principal) -> None:
            await self._rules.desk.remove(principal, record.id, version=overlay.version)
            await self._rules.directory.refresh()

        async def take_back(principal: Principal) -> None:
            await self._rules.desk.put(principal, record.id, overlay.data, version=0)
            await self._rules.directory.refresh()

        if not await attempt(visit, remove):
            return
        said = words(f"rules.{kind}_done")
        undo(visit, said, take_back)
        praise(visit, said)


def _stored(record: RuleRecord) -> Stored:
    values: dict[str, object] = {
        item.path: ("yes" if item.value else "no")
        if isinstance(item.shipped, bool)
        else measure(item.value).replace(",", "")
        for item in bounds_of(record)
    }
    tier = "" if record.rule is None else record.rule.tier
    return Stored(
        values=values | {"state": record.state.value, "tier": tier}, version=record.version
    )


def _tuning(record: RuleRecord, values: Values) -> Tuning:
    bounds: dict[str, float | bool] = {}
    for item in bounds_of(record):
        if isinstance(item.shipped, bool):
            bounds[item.path] = values.text(item.path) == "yes"
        else:
            number = values.number(item.path)
            bounds[item.path] = item.value if number is None else number
    rule = record.rule
    return Tuning(
        bounds=bounds,
        tier=values.text("tier") or ("" if rule is None else rule.tier),
        state=RuleState(values.text("state") or record.state.value),
    )


def _at_fields(record: RuleRecord, errors: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Each message at the field that it is about."""
    paths = {item.clause: item.path for item in bounds_of(record)}
    for path, message in errors:
        told = f"{path} {message}"
        named = next((field for clause, field in paths.items() if clause in told), None)
        yield named or path.rpartition(".")[2], message


def text_of(record: RuleRecord) -> Mapping[str, object]:
    """A rule as it would stand in a file: its overlay, or all of it where there is none."""
    if record.overlay is not None:
        return record.overlay.data
    return {"id": record.id} if record.rule is None else rule_data(record.rule)
