"""One entry: written, tried on stored posts before it is saved, retired, with what became of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from nlp.lexicon import Variants
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask, undo
from service.console.forms import Form, Stored, Values
from service.console.page import console_page, heading
from service.console.pages.lexicon import place
from service.console.pages.lexicon.listed import categories
from service.console.pages.lexicon.past import draw_past
from service.console.pages.lexicon.trial import Trial
from service.console.pages.lexicon.typed import stored_of, typed_entry
from service.console.session import Visit
from service.console.theme import button, link, plain, put
from service.lexicon import LexiconLife, Record
from service.lexicon.desk import found

NEW = "lexicon-new"
Reread = Callable[[Principal], Awaitable[Stored]]


def register(board: Board) -> None:
    """The pages `/lexicon/add` and `/lexicon/entries/{entry_id}`."""

    @console_page(board, place.PLACE, "/lexicon/add")
    async def add(visit: Visit) -> None:
        (await visit.principal()).require(Action.EDIT, Resource.LEXICON)
        words = visit.words
        heading(visit, words("lexicon.add"), hint=words("lexicon.add_hint"))
        stored = Stored(values={"severity": "3", "variants": Variants.FOLD.value})
        with ui.element("div").classes("columns even"):
            trial = EntryPage(board, visit, None).draw_form(NEW, stored)
            with _beside(visit):
                trial.draw(words("lexicon.trial.none"))

    @console_page(board, place.PLACE, "/lexicon/entries/{entry_id}")
    async def one(visit: Visit, entry_id: str) -> None:
        lexicon = board.container.lexicon
        await lexicon.directory.refresh()
        record = found(lexicon.directory.shelf, entry_id)
        history = await lexicon.desk.history(entry_id)
        await board.names.learn(*(change.save.author for change in history))
        page = EntryPage(board, visit, record)
        page.draw_head(record)
        with ui.element("div").classes("columns even"):
            trial = page.draw_form(f"lexicon-{entry_id}", stored_of(record))
            with _beside(visit):
                trial.draw()
                draw_past(board, visit, record, history)


def _beside(visit: Visit) -> ui.element:
    """The column beside the form, which stays in sight while one scrolls."""
    column = put(ui.element("div"), tabindex="0", role="region")
    return put(column, aria_label=visit.words("lexicon.trial.beside")).classes("stack beside")


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The page of an entry, or of one that is not there yet."""

    board: Board
    visit: Visit
    record: Record | None

    @property
    def _lexicon(self) -> LexiconLife:
        return self.board.container.lexicon

    def draw_head(self, record: Record) -> None:
        """Its term, state and what can be done with it."""
        visit, words = self.visit, self.visit.words
        entry = record.entry
        with heading(visit, entry.term, hint=entry.id):
            link(place.LIST, words("lexicon.back"), "act")
            if record.is_active and visit.may(Action.DELETE, Resource.LEXICON):
                retire = words("lexicon.retire")
                button(retire, partial(self._retire, record), "act-grave", key="retire")
        with plain("", "p", "line"):
            for told in (
                place.state_of(words, record),
                words.choice("category", entry.category),
                place.severity(words, entry.severity),
                words.choice("lexicon.origins", record.origin.value),
                words("lexicon.version_of", number=record.version),
            ):
                plain(told, classes="state")

    def draw_form(self, name: str, stored: Stored) -> Trial:
        """Its fields; answers the trial of what is typed into them, to be drawn beside."""
        visit, words = self.visit, self.visit.words
        may = visit.may(Action.EDIT, Resource.LEXICON)
        with ui.element("section").classes("panel"):
            form = Form(visit, name, stored=stored, save=self._save, reread=self._reread())
        form.said = words("lexicon.saved_now")
        if self.record is None or not self.record.is_active:
            form.after = self._follow
        trial = Trial(self.board, visit, self.record)
        with form:
            self._draw_fields(form)
            if may:
                reason = words("lexicon.reason_hint")
                form.text("reason", words("lexicon.reason"), hint=reason, required=True)
                retired = self.record is not None and not self.record.is_active
                label = words("lexicon.restore" if retired else "lexicon.save")
                with form.submit(label):
                    trial.draw_button()
        return trial

    def _draw_fields(self, form: Form) -> None:
        words = self.visit.words
        scenarios = self.board.scenario_names(words)
        form.text("term", words("lexicon.term"), required=True, longest=100)
        form.choice("category", words("lexicon.category"), categories(self.visit))
        form.choice("severity", words("lexicon.severity.title"), place.severities(words))
        form.choice("scenario", words("lexicon.scenario"), scenarios, required=False)
        form.choice(
            "variants",
            words("lexicon.variants"),
            {item.value: words.choice("lexicon.variant", item.value) for item in Variants},
        )
        form.lines("hits", words("lexicon.hits"), hint=words("lexicon.hits_hint"), rows=3)
        form.lines("misses", words("lexicon.misses"), hint=words("lexicon.misses_hint"), rows=3)
        form.lines("context", words("lexicon.context"), hint=words("lexicon.context_hint"), rows=2)
        form.lines("allow", words("lexicon.allow"), hint=words("lexicon.allow_hint"), rows=2)
        form.text("note", words("lexicon.note"))

    def _reread(self) -> Reread | None:
        record = self.record
        if record is None:
            return None

        async def reread(_principal: Principal) -> Stored:
            await self._lexicon.directory.refresh()
            return stored_of(found(self._lexicon.directory.shelf, record.entry.id))

        return reread

    async def _save(self, principal: Principal, values: Values) -> None:
        reason = values.text("reason")
        if self.record is None:
            cells = typed_entry(values, None).cells()
            await self._lexicon.desk.add(principal, cells, reason=reason)
        else:
            entry_id = self.record.entry.id
            await self._lexicon.desk.change(
                principal,
                entry_id,
                typed_entry(values, entry_id).cells(),
                reason=reason,
                version=values.version,
                restore=not self.record.is_active,
            )
        await self._lexicon.directory.refresh()

    async def _follow(self) -> None:
        go(self.visit, place.LIST, said=self.visit.words("lexicon.saved_now"))

    async def _retire(self, record: Record) -> None:
        visit, words = self.visit, self.visit.words
        entry_id = record.entry.id
        question = Question(
            title=words("lexicon.retire_ask", term=record.entry.term),
            hint=words("lexicon.retire_hint"),
            confirm=words("lexicon.retire"),
            grave=True,
            reason=words("lexicon.reason"),
            reason_required=True,
        )
        reply = await ask(visit.client, words, question)
        if reply is None:
            return

        async def retire(principal: Principal) -> None:
            await self._lexicon.desk.retire(
                principal, entry_id, reason=reply.reason, version=record.version
            )
            await self._lexicon.directory.refresh()

        async def take_back(principal: Principal) -> None:
            reason = words("lexicon.retire_undone")
            await self._lexicon.desk.change(principal, entry_id, {}, reason=reason, restore=True)
            await self._lexicon.directory.refresh()

        if await attempt(visit, retire):
            undo(visit, words("lexicon.retired_now"), take_back)
