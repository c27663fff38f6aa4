"""A form: fields, one sending at a time, and what becomes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from types import TracebackType

from nicegui import ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError

from service.auth import BadCredentials, Principal
from service.console.browser import call
from service.console.deeds import attempt, go, leave, praise
from service.console.forms.conflict import draw_conflict
from service.console.forms.fields import Field
from service.console.forms.sheet import Sheet
from service.console.forms.values import Raw, Stored, Values
from service.console.session import Visit
from service.console.theme import plain, put
from service.console.trouble import trouble_of
from service.errors import Conflict, IllegalTransition, InvalidInput

Save = Callable[[Principal, Values], Awaitable[object]]
Reread = Callable[[Principal], Awaitable[Stored]]
Look = Callable[[Values], Awaitable[object]]

_PAUSED = """(event) => {
  const form = event.currentTarget;
  clearTimeout(form.fengsuiPause);
  form.fengsuiPause = setTimeout(() => {
    const busy = form.getAttribute("aria-busy") === "true";
    if (window.fengsui.connected() && !busy) emit(window.fengsui.collect(form));
  }, 1500);
}"""
"""Tells the server what stands in the fields, a second and a half after the last key."""


class Form(Sheet):
    """`with form:` draws fields into it. `save(principal, values)` stores what was sent.

    `name` is unique on the page, and keys the draft, so it names the thing too: `brand-chenyu`.
    `reread` is for what has versions: after a Conflict it tells what is stored now. Set `said` to
    the toast of success, and `after` to an address to go to or an async function to call; without
    it the form stays open, on the new version where there is a `reread`.
    """

    def __init__(
        self,
        visit: Visit,
        name: str,
        *,
        save: Save,
        stored: Stored | None = None,
        reread: Reread | None = None,
    ) -> None:
        super().__init__(visit, name, stored or Stored())
        self.said = ""
        self.after: str | Callable[[], Awaitable[object]] | None = None
        self._save = save
        self._reread = reread
        self._busy = False
        self._form = put(ui.element("form"), data_form=name, data_draft=name, novalidate="")
        self._form.classes("form").on(
            "submit",
            self._sent,
            # The browser holds the values; a form that may not go out now answers null.
            js_handler="(event) => { event.preventDefault(); "
            "const values = window.fengsui.send(event.currentTarget); if (values) emit(values); }",
        )
        with self._form:
            self._draw_restored()
            self._top = ui.element("div")

    def __enter__(self) -> Form:
        self._form.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._form.__exit__(kind, error, trace)

    def control(self, path: str) -> ui.element:
        """The control of a field that was drawn, for those who listen while it is filled in."""
        return self._fields[path].control

    def follow(self, stored: Stored) -> bool:
        """Go on at a newer version whose fields say what the form began with.

        False where they say something else: sending it then is a conflict, as it should be.
        """
        if self._encoded(stored) != self._encoded(self._stored):
            return False
        self._stored = stored
        return True

    def on_pause(self, look: Look) -> None:
        """Call `look(values)` whenever somebody pauses in typing. Nothing is stored by that."""

        async def paused(event: GenericEventArguments) -> None:
            await look(self._values(_clean(event.args, self._fields)))

        self._form.on("input", paused, js_handler=_PAUSED)

    def save_on_pause(self) -> None:
        """Store what was typed whenever somebody pauses, without a toast; `after` is called too.

        What cannot be stored yet is said at its field when the form is sent.
        """

        async def paused(event: GenericEventArguments) -> None:
            raw = _clean(event.args, self._fields)
            if not self._busy and not any(self._checked(raw)):
                self._busy = True
                try:
                    await self._take(raw, quiet=True)
                finally:
                    self._busy = False

        self._form.on("input", paused, js_handler=_PAUSED)

    def submit(self, label: str, *, main: bool = True) -> ui.element:
        """The button that sends the form. Answers the line, for further buttons.

        `main` is for the one act that the page is there for.
        """
        with ui.element("div").classes("line") as line:
            pressed = put(ui.element("button"), type="submit", data_key=f"submit-{self._name}")
            with pressed.classes("act act-main" if main else "act"):
                plain(label)
        return line

    def _draw_restored(self) -> None:
        line = put(ui.element("div"), hidden="", role="status").classes("restored")
        with line:
            plain("")
            with put(ui.element("button"), type="button").classes("act act-small"):
                plain(self._visit.words("draft.discard"))

    async def _sent(self, event: GenericEventArguments) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            await self._take(_clean(event.args, self._fields))
        finally:
            self._busy = False

    async def _take(self, raw: Mapping[str, Raw], *, quiet: bool = False) -> None:
        self._top.clear()
        for field in self._fields.values():
            field.refuse("")
        problems = list(self._checked(raw))
        if problems:
            self._refuse(problems, self._visit.words("form.refused"))
            return
        try:
            await self._save(await self._visit.principal(), self._values(raw))
        except BadCredentials:
            leave(self._visit)
        except InvalidInput as error:
            self._refuse(error.errors, f"{self._visit.words('form.refused')} {error.detail}")
        except ValidationError as error:
            problems = [(".".join(map(str, it["loc"])), it["msg"]) for it in error.errors()]
            self._refuse(problems, self._visit.words("form.refused"))
        except IllegalTransition as error:
            self._fail(error)
        except Conflict as error:
            await self._conflict(error, raw)
        except Exception as error:
            self._fail(error)
        else:
            await self._done(quiet=quiet)

    def _values(self, raw: Mapping[str, Raw]) -> Values:
        return Values(
            raw, words=self._visit.words, zone=self._visit.zone, version=self._stored.version
        )

    def _checked(self, raw: Mapping[str, Raw]) -> Iterable[tuple[str, str]]:
        words = self._visit.words
        for field in self._fields.values():
            value = raw.get(field.path)
            if field.required and (not value or (isinstance(value, str) and not value.strip())):
                yield field.path, words("form.required")
            elif isinstance(value, str) and field.longest and len(value) > field.longest:
                told = words("form.too_long", longest=field.longest, length=len(value))
                yield field.path, told
            elif isinstance(value, str) and value and field.options and value not in field.options:
                yield field.path, words("form.no_choice")

    def _refuse(self, problems: Iterable[tuple[str, str]], said: str) -> None:
        """Each message at its field; what has no field is told on top."""
        first, loose = "", []
        told: dict[str, list[str]] = {}
        for path, message in problems:
            field = self._field(path)
            if field is None:
                loose.append(f"{path}: {message}" if path else message)
            else:
                told.setdefault(field.path, []).append(message)
        for path in self._fields:
            if path in told:
                first = first or path
                self._fields[path].refuse("; ".join(told[path]))
        with self._top, ui.element("div").classes("problem").props('role="alert"'):
            plain(said, "p", "foreign")
            for line in loose:
                plain(line, "p", "foreign small")
        call(self._visit.client, "answered", self._name, False, first)

    def _field(self, path: str) -> Field | None:
        """The field of a path, or the nearest that holds it (`steps[2].title` → `steps`)."""
        while path:
            if path in self._fields:
                return self._fields[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None

    def _fail(self, error: Exception) -> None:
        trouble = trouble_of(error, self._visit.words, where=self._visit.request.url.path)
        reference = trouble.reference
        with self._top, ui.element("div").classes("problem").props('role="alert"'):
            plain(trouble.title, "p", "strong")
            plain(trouble.detail or trouble.hint, "p", "foreign")
            if reference:
                plain(self._visit.words("trouble.reference", reference=reference), "p", "small")
        call(self._visit.client, "answered", self._name, False, "")

    async def _conflict(self, error: Conflict, raw: Mapping[str, Raw]) -> None:
        if self._reread is None:
            self._fail(error)
            return
        try:
            theirs = await self._reread(await self._visit.principal())
        except Exception as gone:
            self._fail(gone)
            return
        if theirs.version == self._stored.version:
            # Nobody saved it anew: it clashes with something else, which the detail names.
            self._fail(error)
            return

        async def keep_mine() -> None:
            self._stored = theirs
            await self._take(raw)

        def take_theirs() -> None:
            self._stored = theirs
            self._top.clear()
            call(self._visit.client, "fill", self._name, self._encoded(theirs))
            call(self._visit.client, "answered", self._name, True, "")

        with self._top:
            draw_conflict(
                self._visit.words,
                list(self._fields.values()),
                before=self._encoded(self._stored),
                theirs=self._encoded(theirs),
                mine=raw,
                keep_mine=keep_mine,
                take_theirs=take_theirs,
            )
        call(self._visit.client, "answered", self._name, False, "")

    def _encoded(self, stored: Stored) -> dict[str, Raw]:
        return {path: field.encode(stored.values.get(path)) for path, field in self._fields.items()}

    async def _done(self, *, quiet: bool) -> None:
        call(self._visit.client, "answered", self._name, True, "")
        if isinstance(self.after, str) and not quiet:
            go(self._visit, self.after, said=self.said)
            return
        if self.said and not quiet:
            praise(self._visit, self.said)
        await attempt(self._visit, self._follow)

    async def _follow(self, principal: Principal) -> None:
        if self._reread is not None:
            self._stored = await self._reread(principal)
        if callable(self.after):
            await self.after()


def _clean(sent: object, fields: Mapping[str, Field]) -> dict[str, Raw]:
    """What a browser sent, of the form's own fields and of the right kinds only."""
    found: dict[str, Raw] = {}
    if not isinstance(sent, dict):
        return found
    for path in fields:
        value = sent.get(path)
        if isinstance(value, list):
            found[path] = [str(item) for item in value]
        elif isinstance(value, str | bool):
            found[path] = value
    return found
