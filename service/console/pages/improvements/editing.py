"""An improvement as a form: for a proposal, and to write one anew."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from nicegui import ui

from service.auth import Principal
from service.console.forms import Form, Stored, Values
from service.console.session import Visit
from service.errors import InvalidInput
from service.reviews import Improvement, ItemDraft, ItemKind

Save = Callable[[Principal, Values, "ItemForm"], Awaitable[object]]
Reread = Callable[[Principal], Awaitable[Stored]]

_TITLE_MAX = 200
_WEIGHTS = ("impact", "urgency", "effort")


class ItemForm:
    """Draws the fields, and reads a draft out of what was sent."""

    def __init__(
        self,
        visit: Visit,
        name: str,
        *,
        departments: Mapping[str, str],
        people: Mapping[str, str],
        save: Save,
        stored: Stored | None = None,
        reread: Reread | None = None,
    ) -> None:
        self._visit = visit
        self._name = name
        self._departments = departments
        self._people = people
        self._save = save
        self._stored = stored or _begun(departments)
        self._reread = reread

    def draw(self, *, said: str, after: str, main: bool = True) -> None:
        """The form; once it is saved the browser goes to `after`, which says `said`.

        `main` is whether saving is what the page is there for.
        """
        words = self._visit.words
        form = Form(
            self._visit, self._name, stored=self._stored, save=self._keep, reread=self._reread
        )
        form.said, form.after = said, after
        levels = {str(level): str(level) for level in range(1, 6)}
        kinds = {item.value: words.choice("improvements.kinds", item.value) for item in ItemKind}
        with form:
            form.text("title", words("improvements.what"), required=True, longest=_TITLE_MAX)
            form.long_text("description", words("improvements.description"), longest=4_000, rows=3)
            form.choice("department", words("improvements.department"), self._departments)
            form.choice("owner", words("improvements.owner"), self._people, required=False)
            form.instant("due_at", words("improvements.due"), required=True)
            form.choice("kind", words("improvements.kind"), kinds)
            with ui.element("div").classes("abreast"):
                for name in _WEIGHTS:
                    hint = words(f"improvements.{name}_hint")
                    form.choice(name, words(f"improvements.{name}"), levels, hint=hint)
            form.submit(words("improvements.save"), main=main)

    def draft(self, values: Values) -> ItemDraft:
        """What was typed. Raises InvalidInput at its field."""
        due_at = values.instant("due_at")
        if due_at is None:
            said = self._visit.words("form.required")
            raise InvalidInput(said, errors=[("due_at", said)])
        return ItemDraft(
            title=values.text("title"),
            description=values.text("description"),
            kind=ItemKind(values.text("kind")),
            owner=values.optional("owner"),
            due_at=due_at,
            impact=values.whole("impact") or 0,
            urgency=values.whole("urgency") or 0,
            effort=values.whole("effort") or 0,
        )

    async def _keep(self, principal: Principal, values: Values) -> None:
        await self._save(principal, values, self)


def _begun(departments: Mapping[str, str]) -> Stored:
    """A new one: middling, and of the department where there is but one to choose."""
    values: dict[str, object] = dict.fromkeys(_WEIGHTS, "3")
    values["kind"] = ItemKind.STRATEGY.value
    if len(departments) == 1:
        values["department"] = next(iter(departments))
    return Stored(values=values)


def stored_item(item: Improvement) -> Stored:
    """An improvement as its form shows it."""
    values: dict[str, object] = {
        "title": item.title,
        "description": item.description,
        "department": item.department_id,
        "owner": item.owner or "",
        "due_at": item.due_at,
        "kind": item.kind.value,
        "impact": str(item.impact),
        "urgency": str(item.urgency),
        "effort": str(item.effort),
    }
    return Stored(values=values, version=item.version)
