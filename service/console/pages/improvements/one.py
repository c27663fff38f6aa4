"""One improvement: how it stands, where it goes next, its words, and its tickets elsewhere."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import measure, moment
from service.console.forms import Stored, Values
from service.console.page import console_page, heading
from service.console.pages.aftermath import departments_of, named
from service.console.pages.improvements import place
from service.console.pages.improvements.editing import ItemForm, stored_item
from service.console.pages.improvements.handing import HandingPart, read_handing
from service.console.panels import Cell, pairs
from service.console.people import accounts_of
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import Forbidden, IllegalTransition, InvalidInput
from service.reviews import Department, Improvement, ItemState
from service.reviews.access import require_move
from service.reviews.lifecycle import OPEN_ITEMS, UNDONE_ITEMS, check_move


def register(board: Board) -> None:
    """The page `/improvements/{improvement_id}`."""
    container = board.container

    @console_page(board, place.PLACE, "/improvements/{improvement_id}")
    async def one(visit: Visit, improvement_id: str) -> None:
        principal = await visit.principal()
        item = await container.reviewing.improvements.get(principal, improvement_id)
        departments = await departments_of(container)
        people = await accounts_of(container.users, item.owner)
        await board.names.learn(item.owner, item.proposed_by, item.done_by, item.verified_by)
        page = ItemPage(board, visit, item, departments, people)
        handing = await read_handing(container, principal, item)
        page.draw(HandingPart(container, visit, item, handing))


class ItemPage:
    """The open page of an improvement."""

    def __init__(
        self,
        board: Board,
        visit: Visit,
        item: Improvement,
        departments: dict[str, Department],
        people: dict[str, str],
    ) -> None:
        self._board = board
        self._visit = visit
        self._item = item
        self._departments = departments
        self._people = people
        self._desk = board.container.reviewing.improvements
        department = departments.get(item.department_id)
        self._leads = department is not None and department.lead == visit.session.user.id
        self._works = (
            self._leads
            or item.owner == visit.session.user.id
            or visit.may(Action.WORK, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
        )

    def draw(self, handing: HandingPart) -> None:
        """State and moves first, then the words of it beside its tickets."""
        visit, words, item = self._visit, self._visit.words, self._item
        with heading(visit, item.title, hint=named(self._departments, item.department_id)):
            link(place.LIST, words("improvements.back"), "act")
            link(f"{BASE}/reviews/{item.review_id}", words("improvements.to_review"), "act")
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                with ui.element("section").classes("panel stack"):
                    plain(words("improvements.standing"), "h2")
                    with ui.element("div").classes("line"):
                        plain(place.state_of(words, item.state), classes="state strong")
                        if item.state in UNDONE_ITEMS and item.due_at <= visit.now():
                            plain(f"▲ {words('improvements.overdue')}", classes="late")
                    self._draw_facts()
                    self._draw_moves()
                handing.draw()
            with ui.element("section").classes("panel stack"):
                plain(words("improvements.edit"), "h2")
                if self._works and item.state in OPEN_ITEMS:
                    self._draw_form()
                else:
                    plain(item.description or "–", "p", "quote foreign")
                    said = "settled" if item.state not in OPEN_ITEMS else "may_not"
                    plain(words(f"improvements.{said}"), "p", "soft")

    def _draw_facts(self) -> None:
        visit, words, item = self._visit, self._visit.words, self._item
        working = f"{item.impact} × {item.urgency} ÷ {item.effort} = {measure(item.rank)}"
        rows: list[tuple[str, Cell]] = [
            (words("improvements.due"), partial(moment, visit, item.due_at)),
            (words("improvements.owner"), self._name(item.owner)),
            (words("improvements.rank_of"), working),
            (words("improvements.proposed_by"), self._name(item.proposed_by)),
        ]
        if item.done_by is not None:
            rows.append((words("improvements.done_by"), self._name(item.done_by)))
        if item.verified_by is not None:
            rows.append((words("improvements.verified_by"), self._name(item.verified_by)))
        if item.reason is not None:
            rows.append((words("improvements.reason"), item.reason))
        incident = partial(
            link, f"{BASE}/incidents/{item.incident_id}", words("improvements.to_incident")
        )
        rows.append((words("improvements.incident"), incident))
        pairs(rows)

    def _name(self, actor: str | None) -> str:
        return "–" if actor is None else self._board.names.of(actor)

    def _draw_moves(self) -> None:
        words, item = self._visit.words, self._item
        open_to = [state for state in ItemState if self._possible(state)]
        refused = [state for state in open_to if not self._may_move(state)]
        with ui.element("div").classes("line"):
            for state in open_to:
                if state in refused:
                    continue
                look = "act-main" if state in _ONWARD[item.state] else ""
                button(
                    self._label(state),
                    partial(self._move, state),
                    "act-grave" if state is ItemState.DROPPED else look,
                    key=f"to-{state.value}",
                )
        if ItemState.VERIFIED in refused:
            plain(words("improvements.who_verifies"), "p", "soft")
        elif refused:
            plain(words("improvements.who_decides"), "p", "soft")

    def _label(self, to: ItemState) -> str:
        """What the move is called: going back is another word than going on."""
        name = _BACKWARD.get((self._item.state, to), to.value)
        return self._visit.words.choice("improvements.to", name)

    def _possible(self, state: ItemState) -> bool:
        try:
            return check_move(self._item, state, reason="–")
        except IllegalTransition:
            return False

    def _may_move(self, state: ItemState) -> bool:
        if not self._works:
            return False
        try:
            require_move(self._visit.session.principal, self._item, state, leads=self._leads)
        except Forbidden:
            return False
        return True

    async def _move(self, to: ItemState) -> None:
        visit, words, item = self._visit, self._visit.words, self._item
        try:
            check_move(item, to, reason=None)
            needs_reason = False
        except InvalidInput:
            needs_reason = True
        reason: str | None = None
        if needs_reason or to is ItemState.VERIFIED:
            question = Question(
                title=self._label(to),
                hint=words.choice("improvements.before", to.value) if to in _EXPLAINED else "",
                confirm=self._label(to),
                grave=to is ItemState.DROPPED,
                reason=words("improvements.reason"),
                reason_required=needs_reason,
            )
            reply = await ask(visit.client, words, question)
            if reply is None:
                return
            reason = reply.reason or None

        async def move(principal: Principal) -> None:
            await self._desk.move(principal, item.id, to, reason=reason, version=item.version)

        if await attempt(visit, move):
            said = words.choice("improvements.states", to.value)
            go(visit, place.address(item.id), said=words("improvements.moved", state=said))

    def _draw_form(self) -> None:
        item, words = self._item, self._visit.words

        async def save(principal: Principal, values: Values, form: ItemForm) -> None:
            await self._desk.edit(
                principal,
                item.id,
                form.draft(values),
                department_id=values.text("department"),
                version=values.version,
            )

        async def read(principal: Principal) -> Stored:
            return stored_item(await self._desk.get(principal, item.id))

        names = {
            key: one.name
            for key, one in self._departments.items()
            if not one.disabled or key == item.department_id
        }
        names.setdefault(item.department_id, item.department_id)
        form = ItemForm(
            self._visit,
            f"improvement-{item.id}",
            departments=names,
            people=self._people,
            save=save,
            stored=stored_item(item),
            reread=read,
        )
        after = place.address(item.id)
        form.draw(said=words("improvements.saved"), after=after, main=False)


_ONWARD = {
    ItemState.PROPOSED: (ItemState.ACCEPTED,),
    ItemState.ACCEPTED: (ItemState.DOING,),
    ItemState.DOING: (ItemState.DONE,),
    ItemState.DONE: (ItemState.VERIFIED,),
    ItemState.VERIFIED: (),
    ItemState.DROPPED: (ItemState.PROPOSED,),
}
"""The one move that leads onward."""
_BACKWARD = {
    (ItemState.DOING, ItemState.ACCEPTED): "pause",
    (ItemState.DONE, ItemState.DOING): "redo",
}
_EXPLAINED = frozenset({ItemState.VERIFIED, ItemState.DROPPED, ItemState.DOING})
