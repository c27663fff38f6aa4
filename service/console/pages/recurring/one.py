"""One recurring duty: its open round done or left out, every earlier one, and the duty itself."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.forms import Form, Values
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.oncall.overview import Names, read_names
from service.console.pages.recurring import place
from service.console.pages.recurring.editing import DutyForm
from service.console.panels import small_table
from service.console.session import Visit
from service.console.states import empty
from service.console.theme import button, link, plain
from service.recurring import Recurring, Round, RoundState

_ROUNDS = 40


def register(board: Board) -> None:
    """The pages `/new-recurring` and `/recurring/{recurring_id}`."""
    container = board.container

    @console_page(board, place.PLACE, "/new-recurring")
    async def add(visit: Visit) -> None:
        (await visit.principal()).require(Action.EDIT, Resource.RECURRING)
        words = visit.words
        with heading(visit, words("recurring.add"), hint=words("recurring.hint")):
            link(place.LIST, words("recurring.back"), "act")
        with ui.element("section").classes("panel"):
            DutyForm(container, visit, await read_names(container), None).draw()

    @console_page(board, place.PLACE, "/recurring/{recurring_id}")
    async def one(visit: Visit, recurring_id: str) -> None:
        principal = await visit.principal()
        duty = await container.recurring.get(recurring_id)
        rounds = await container.recurring_desk.rounds(principal, recurring_id, limit=_ROUNDS)
        await board.names.learn(*(item.done_by for item in rounds))
        page = DutyPage(board, visit, await read_names(container), duty, rounds)
        page.draw()


class DutyPage:
    """The open page of a duty."""

    def __init__(
        self,
        board: Board,
        visit: Visit,
        names: Names,
        duty: Recurring,
        rounds: tuple[Round, ...],
    ) -> None:
        self._board = board
        self._container = board.container
        self._visit = visit
        self._names = names
        self._duty = duty
        self._rounds = rounds

    def draw(self) -> None:
        """What is due, what was, and the duty itself."""
        visit, words, duty = self._visit, self._visit.words, self._duty
        with heading(visit, duty.name, hint=place.rhythm_of(words, duty)):
            link(place.LIST, words("recurring.back"), "act")
            if visit.may(Action.DELETE, Resource.RECURRING):
                button(words("recurring.delete"), self._delete, "act-grave", key="delete")
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                self._draw_open(duty)
                self._draw_past()
            with ui.element("section").classes("panel stack"):
                plain(words("recurring.edit"), "h2")
                DutyForm(self._container, visit, self._names, duty).draw()

    def _draw_open(self, duty: Recurring) -> None:
        visit, words = self._visit, self._visit.words
        which = next((item for item in self._rounds if item.state is RoundState.OPEN), None)
        if which is None:
            empty(words("recurring.nothing_due"), words("recurring.nothing_due_hint"))
            return
        with ui.element("section").classes("panel stack"):
            plain(words("recurring.next"), "h2")
            with ui.element("p").classes("line"):
                plain(place.state_of(words, which, visit.now()), classes="state")
                moment(visit, which.due_at)
                plain(self._names.of(duty.owner, words), classes="soft foreign")
            if duty.instructions:
                plain(duty.instructions, "p", "quote foreign")
            if visit.may(Action.WORK, Resource.RECURRING):
                self._draw_done(duty, which)
            else:
                plain(words("recurring.may_not"), "p", "soft")

    def _draw_done(self, duty: Recurring, which: Round) -> None:
        words = self._visit.words

        async def done(principal: Principal, values: Values) -> None:
            await self._container.recurring_desk.do(
                principal,
                duty.id,
                which.id,
                note=values.text("note"),
                evidence=values.optional("evidence"),
            )

        form = Form(self._visit, f"round-{which.id}", save=done)
        form.said, form.after = words("recurring.done_now"), place.address(duty.id)
        with form:
            form.long_text("note", words("recurring.note"), required=True, longest=4_000, rows=3)
            hint = words("recurring.evidence_hint")
            form.text("evidence", words("recurring.evidence"), hint=hint, kind="url")
            with form.submit(words("recurring.do")):
                button(words("recurring.skip"), lambda: self._skip(duty, which), key="skip")

    async def _skip(self, duty: Recurring, which: Round) -> None:
        visit, words = self._visit, self._visit.words
        question = Question(
            title=words("recurring.skip_ask"),
            hint=words("recurring.skip_hint"),
            confirm=words("recurring.skip"),
            reason=words("recurring.reason"),
            reason_required=True,
        )
        reply = await ask(visit.client, words, question)
        if reply is None:
            return

        async def skip(principal: Principal) -> None:
            desk = self._container.recurring_desk
            await desk.skip(principal, duty.id, which.id, reason=reply.reason)

        if await attempt(visit, skip):
            go(visit, place.address(duty.id), said=words("recurring.skipped_now"))

    def _draw_past(self) -> None:
        visit, words = self._visit, self._visit.words
        past = [item for item in self._rounds if item.state is not RoundState.OPEN]
        with ui.element("section").classes("panel stack"):
            plain(words("recurring.past"), "h2")
            if not past:
                plain(words("recurring.no_past"), "p", "soft")
                return
            names = ("was_due", "state", "who", "said")
            small_table(
                [words(f"recurring.{name}") for name in names],
                [
                    (
                        partial(moment, visit, item.due_at),
                        place.state_of(words, item, visit.now()),
                        "–" if item.done_by is None else self._board.names.of(item.done_by),
                        partial(self._draw_said, item),
                    )
                    for item in past
                ],
                caption=words("recurring.past"),
            )

    def _draw_said(self, item: Round) -> None:
        plain(item.note or "–", "div", "foreign")
        if item.evidence is not None:
            # Checked when it was given: http or https, and nothing that does not print.
            seen = link(item.evidence, self._visit.words("recurring.see"), "small")
            seen.props('target="_blank" rel="noopener noreferrer"')

    async def _delete(self) -> None:
        visit, words, duty = self._visit, self._visit.words, self._duty
        question = Question(
            title=words("recurring.delete_ask", name=duty.name),
            hint=words("recurring.delete_hint"),
            confirm=words("recurring.delete"),
            grave=True,
        )

        async def delete(principal: Principal) -> None:
            await self._container.recurring.delete(principal, duty.id, version=duty.version)

        said = words("recurring.deleted")
        await settle(visit, delete, leads_to=place.LIST, said=said, question=question)
