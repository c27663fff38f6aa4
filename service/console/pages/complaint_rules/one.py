"""One complaint rule: changed, tried, deleted; the one that ships goes back to what it was."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.complaints import ComplaintRule
from service.complaints.rule import SHIPPED
from service.console.board import Board
from service.console.dialogs import Question
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.complaint_rules import place
from service.console.pages.complaint_rules.editing import RuleForm
from service.console.pages.oncall.overview import read_names
from service.console.session import Visit
from service.console.theme import button, link


def register(board: Board) -> None:
    """The pages `/complaint-rules/_new` and `/complaint-rules/{rule_id}`."""
    container = board.container

    async def form_of(visit: Visit, rule: ComplaintRule | None) -> RuleForm:
        names, monitors = await read_names(container), await board.monitor_names()
        return RuleForm(board, visit, names=names, monitors=monitors, rule=rule)

    @console_page(board, place.PLACE, place.NEW)
    async def new(visit: Visit) -> None:
        (await visit.principal()).require(Action.EDIT, Resource.COMPLAINT_RULE)
        words, form = visit.words, await form_of(visit, None)
        with heading(visit, words("complaint_rules.new"), hint=words("complaint_rules.new_hint")):
            link(place.LIST, words("complaint_rules.back"), "act")
        with ui.element("section").classes("panel stack"):
            form.draw()

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, rule_id: str) -> None:
        words = visit.words
        rule = await container.complaints.rules.get(rule_id)
        form = await form_of(visit, rule)
        with heading(visit, rule.name, hint=words("complaint_rules.one_hint")):
            link(place.LIST, words("complaint_rules.back"), "act")
            if rule.version and visit.may(Action.DELETE, Resource.COMPLAINT_RULE):
                kind = "restore" if rule.id == SHIPPED else "delete"
                remove = partial(_remove, board, visit, rule, form, kind)
                button(words(f"complaint_rules.{kind}"), remove, "act-grave", key="delete")
        with ui.element("section").classes("panel stack"):
            form.draw()


async def _remove(
    board: Board, visit: Visit, rule: ComplaintRule, form: RuleForm, kind: str
) -> None:
    words = visit.words
    question = Question(
        title=words(f"complaint_rules.{kind}_ask", name=rule.name),
        hint=words(f"complaint_rules.{kind}_hint"),
        confirm=words(f"complaint_rules.{kind}"),
        grave=True,
    )

    async def remove(principal: Principal) -> None:
        rules = board.container.complaints.rules
        await rules.delete(principal, rule.id, version=form.version)

    said = words(f"complaint_rules.{kind}d")
    await settle(visit, remove, leads_to=place.LIST, said=said, question=question)
