"""Writing: the variables of the template, the text that saves itself, and the facts behind it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from service.auth import Action, Principal
from service.console.deeds import attempt
from service.console.format import clock_time
from service.console.forms import Form, Stored, Values
from service.console.pages.statements.findings import Checked, draw_findings
from service.console.pages.statements.sheet import StatementSheet
from service.console.theme import button, plain, put
from service.statements import FILLED, TEXT_MAX, Change, Fact, State
from service.statements.model import Edition

_ROWS = 18


class Editor:
    """The left half of the page. `check` draws the findings of what is written now."""

    def __init__(self, page: StatementSheet) -> None:
        self._page = page
        self._checks: ui.element | None = None
        self._note: ui.element | None = None
        self._form: Form | None = None

    def follow(self) -> None:
        """Let what is being typed go on at the newest version, where its words are the same."""
        if self._form is not None:
            self._form.follow(stored_of(self._page))

    def place_checks(self) -> None:
        """Where the findings stand."""
        self._checks = ui.element("section").classes("panel stack")
        self.check(of_edition(self._page.file.edition))

    def check(self, checked: Checked) -> None:
        """Show the findings of a text."""
        if self._checks is None or self._checks.is_deleted:
            return
        self._checks.clear()
        with self._checks:
            draw_findings(self._page.words, checked)

    def draw(self) -> None:
        """The text, to be written or only to be read."""
        page, words = self._page, self._page.words
        with ui.element("section").classes("panel stack"):
            plain(words("statements.write.title"), "h2")
            if not page.is_editable or not page.may(Action.EDIT):
                key = "may_not" if page.is_editable else "read_only"
                said = {
                    "may_not": words("statements.write.may_not"),
                    "read_only": words("statements.write.read_only"),
                }
                plain(said[key], "p", "soft small")
                plain(page.file.edition.title, "h3", "strong foreign")
                plain(page.file.edition.text, "p", "foreign said")
                return
            self._draw_form()

    def _draw_form(self) -> None:
        page, words = self._page, self._page.words
        is_draft = page.statement.state is State.DRAFT
        hint = "statements.write.saves_itself" if is_draft else "statements.write.voids"
        plain(words(hint), "p", "soft small" if is_draft else "soon small")
        self._note = put(ui.element("div"), role="status", aria_live="polite").classes("small soft")

        async def save(principal: Principal, values: Values) -> None:
            await page.board.container.statements.desk.save(
                principal,
                page.statement.id,
                Change(
                    title=values.text("title"),
                    text=str(values.raw.get("text", "")),
                    note=values.optional("note"),
                ),
                version=values.version,
            )

        async def reread(principal: Principal) -> Stored:
            await page.reread(principal)
            return stored_of(page)

        async def saved() -> None:
            self.check(of_edition(page.file.edition))
            self._say_saved()

        name = f"statement-{page.statement.id}"
        form = Form(page.visit, name, stored=stored_of(page), save=save, reread=reread)
        form.said, form.after = words("statements.write.saved"), saved
        self._form = form
        with form:
            form.text("title", words("statements.write.name"), required=True, longest=200)
            form.long_text(
                "text", words("statements.write.text"), required=True, longest=TEXT_MAX, rows=_ROWS
            )
            form.text("note", words("statements.write.note"), longest=5_000)
            form.submit(words("statements.write.save"), main=False)
        if is_draft:
            form.save_on_pause()
        else:
            form.on_pause(self._try)

    def _say_saved(self) -> None:
        page = self._page
        if self._note is None or self._note.is_deleted:
            return
        edition = page.file.edition
        at = clock_time(edition.at, page.zone)
        self._note.clear()
        with self._note:
            plain(page.words("statements.write.as_edition", number=edition.number, at=at))

    async def _try(self, values: Values) -> None:
        """Check what is typed without storing it: storing would void the approvals."""
        page, text = self._page, str(values.raw.get("text", ""))
        if not text.strip():
            return

        async def deed(principal: Principal) -> None:
            reading = page.board.container.statements.reading
            found = await reading.trial(principal, page.statement.id, text)
            saved = text == page.file.edition.text
            self.check(
                Checked(text=text, findings=found.findings, degraded=found.degraded, saved=saved)
            )

        await attempt(page.visit, deed)

    def draw_variables(self) -> None:
        """What the template wants filled in; nothing for a statement that was written freely."""
        page, words = self._page, self._page.words
        template = page.board.container.library.templates.get(page.statement.template or "")
        if template is None or not page.is_editable or not page.may(Action.EDIT):
            return
        values = page.file.edition.variables
        left = [
            name
            for name, variable in template.variables.items()
            if variable.required and not values.get(name, "").strip()
        ]
        panel = put(ui.element("details"), data_key="fill").classes("panel fill")
        if left:
            put(panel, open="")
        with panel:
            with put(ui.element("summary"), data_key="fill-summary").classes("line"):
                plain(words("statements.fill.title"), "h2")
                if left:
                    plain(words("statements.fill.left", count=len(left)), classes="late")
            plain(words("statements.fill.hint"), "p", "soft small")

            async def save(principal: Principal, given: Values) -> None:
                filled = {name: given.text(name) for name in template.variables}
                await self._fill(principal, filled)

            async def done() -> None:
                await page.reread(await page.visit.principal())
                page.redraw(page.opened, everything=True)

            form = Form(
                page.visit,
                f"fill-{page.statement.id}",
                stored=Stored(values=dict(values)),
                save=save,
            )
            form.said, form.after = words("statements.fill.done"), done
            with form:
                for name, variable in template.variables.items():
                    own = name in FILLED and values.get(name)
                    known = words("statements.fill.known") if own else ""
                    form.text(name, words.of(variable), hint=known, longest=2_000)
                form.submit(words("statements.fill.do"), main=False)

    async def _fill(self, principal: Principal, filled: Mapping[str, str]) -> None:
        page = self._page
        desk = page.board.container.statements
        fresh = await desk.reading.file(principal, page.statement.id)
        changed = {
            name: value
            for name, value in filled.items()
            if value != fresh.edition.variables.get(name, "")
        }
        text = put_in(fresh.edition.text, fresh.edition.variables, changed)
        await desk.desk.save(
            principal,
            page.statement.id,
            Change(values=changed, text=text),
            version=fresh.statement.version,
        )

    def draw_facts(self) -> None:
        """What the writer answers for, and where it is from."""
        page, words = self._page, self._page.words
        facts = page.file.edition.facts
        with ui.element("section").classes("panel stack"):
            plain(words("statements.facts.title"), "h2")
            if not facts:
                plain(words("statements.facts.none"), "p", "soft small")
            for place, fact in enumerate(facts):
                with ui.element("div").classes("line"):
                    plain(fact.text, classes="strong foreign")
                    plain(fact.source, classes="soft small foreign")
                    if page.is_editable and page.may(Action.EDIT):
                        remove = partial(self._without, place)
                        label = words("statements.facts.remove")
                        button(label, remove, "act-small act-quiet", key=f"fact-{place}")
            if page.is_editable and page.may(Action.EDIT):
                self._draw_new_fact()

    def _draw_new_fact(self) -> None:
        page, words = self._page, self._page.words

        async def save(principal: Principal, values: Values) -> None:
            fact = Fact(text=values.text("text"), source=values.text("source"))
            await self._store(principal, (*page.file.edition.facts, fact))

        async def reload() -> None:
            await page.reread(await page.visit.principal())

        form = Form(page.visit, f"fact-{page.statement.id}", save=save)
        form.said, form.after = words("statements.facts.added"), reload
        with form:
            form.text("text", words("statements.facts.text"), required=True, longest=2_000)
            hint = words("statements.facts.source_hint")
            form.text(
                "source", words("statements.facts.source"), hint=hint, required=True, longest=2_000
            )
            form.submit(words("statements.facts.add"), main=False)

    async def _without(self, place: int) -> None:
        page = self._page
        facts = page.file.edition.facts

        async def deed(principal: Principal) -> None:
            await self._store(principal, (*facts[:place], *facts[place + 1 :]))

        await page.act(deed, done=page.words("statements.facts.removed"))

    async def _store(self, principal: Principal, facts: tuple[Fact, ...]) -> None:
        page = self._page
        await page.board.container.statements.desk.save(
            principal,
            page.statement.id,
            Change(facts=facts),
            version=page.statement.version,
        )


def put_in(text: str, before: Mapping[str, str], changed: Mapping[str, str]) -> str:
    """The text with values in their open places, and in place of what stood there before.

    What people have written around them stays. A value of one sign is replaced nowhere: it may
    stand in any word.
    """
    for name, value in changed.items():
        if not value:
            continue
        old = before.get(name, "")
        if len(old) > 1:
            text = text.replace(old, value)
        text = text.replace(f"{{{{ {name} }}}}", value)
    return text


def stored_of(page: StatementSheet) -> Stored:
    """The wording that counts, as the form has it."""
    edition = page.file.edition
    return Stored(
        values={"title": edition.title, "text": edition.text},
        version=page.statement.version,
    )


def of_edition(edition: Edition) -> Checked:
    """A stored wording with its findings."""
    return Checked(text=edition.text, findings=edition.findings, degraded=edition.degraded)
