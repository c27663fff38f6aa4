"""The kinds of fields a form has."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from service.console.forms import fields as drawing
from service.console.forms.fields import Field, Room
from service.console.forms.values import Raw, Stored
from service.console.session import Visit
from service.console.theme import plain, put

_LONGEST = 20_000
"""Characters of any field that is not told a smaller limit."""


class Sheet:
    """Draws fields, filled with what is stored, and keeps them by their path."""

    def __init__(self, visit: Visit, name: str, stored: Stored) -> None:
        self._visit = visit
        self._name = name
        self._stored = stored
        self._fields: dict[str, Field] = {}

    def text(
        self,
        path: str,
        label: str,
        *,
        hint: str = "",
        required: bool = False,
        longest: int = _LONGEST,
        kind: str = "text",
    ) -> None:
        """One line of text. `kind` may be another of HTML's, such as `email` or `url`."""
        self._line(path, label, hint, required=required, longest=longest, type=kind)

    def secret(self, path: str, label: str, *, hint: str = "", required: bool = False) -> None:
        """A secret: never shown, never prefilled, never kept as a draft."""
        room = self._room(path, label, hint)
        control, error = room.draw(
            "input", required=required, type="password", autocomplete="new-password"
        )
        self._keep(path, label, control, error, drawing.as_text, required, _LONGEST)

    def long_text(
        self,
        path: str,
        label: str,
        *,
        hint: str = "",
        required: bool = False,
        longest: int = _LONGEST,
        rows: int = 4,
    ) -> None:
        """Several lines of text."""
        self._area(path, label, hint, required, longest, rows, drawing.as_text)

    def lines(
        self, path: str, label: str, *, hint: str = "", required: bool = False, rows: int = 4
    ) -> None:
        """Several texts, one a line."""
        self._area(path, label, hint, required, _LONGEST, rows, drawing.as_lines)

    def number(self, path: str, label: str, *, hint: str = "", required: bool = False) -> None:
        """A number, whole or not: `Values` says which."""
        self._line(path, label, hint, required=required, inputmode="decimal", class_="short")

    def day(self, path: str, label: str, *, hint: str = "", required: bool = False) -> None:
        """A day."""
        self._line(
            path, label, hint, required=required, encode=drawing.as_day, type="date", class_="short"
        )

    def instant(self, path: str, label: str, *, hint: str = "", required: bool = False) -> None:
        """An instant, to the minute, in the zone of the settings."""
        zone = self._visit.zone
        told = f"{hint} {zone.key}".strip()
        encode = drawing.as_instant(zone)
        self._line(
            path,
            label,
            told,
            required=required,
            encode=encode,
            type="datetime-local",
            class_="short",
        )

    def choice(
        self,
        path: str,
        label: str,
        options: Mapping[str, str],
        *,
        hint: str = "",
        required: bool = True,
    ) -> None:
        """One of several. One that is not required begins with an empty choice."""
        stored = self._raw(path, drawing.as_text)
        room = self._room(path, label, hint)
        control, error = room.draw("select", required=required)
        shown = dict(options) if required and stored in options else {"": "–", **options}
        with control:
            for value, name in shown.items():
                option = put(plain(name, "option"), value=value)
                if value == stored:
                    option.props["selected"] = True
        self._keep(path, label, control, error, drawing.as_text, required, None, options)

    def many(self, path: str, label: str, options: Mapping[str, str], *, hint: str = "") -> None:
        """Any of several."""
        stored = self._raw(path, drawing.as_many)
        ticked = stored if isinstance(stored, list) else ()
        control, error = self._room(path, label, hint).group(options, ticked)
        self._keep(path, label, control, error, drawing.as_many, False, None, options)

    def yes(self, path: str, label: str, *, hint: str = "") -> None:
        """Yes or no."""
        ticked = self._raw(path, drawing.as_yes) is True
        control, error = self._room(path, label, hint).yes(ticked=ticked)
        self._keep(path, label, control, error, drawing.as_yes, False, None)

    def _line(
        self,
        path: str,
        label: str,
        hint: str,
        *,
        required: bool,
        longest: int = _LONGEST,
        encode: Callable[[object], Raw] = drawing.as_text,
        class_: str = "",
        **attributes: str,
    ) -> None:
        room = self._room(path, label, hint)
        control, error = room.draw("input", required=required, longest=longest, **attributes)
        put(control.classes(class_), autocomplete="off")
        # `value` would be set again with every update and overwrite what is being typed.
        put(control, defaultValue=str(self._raw(path, encode)))
        self._keep(path, label, control, error, encode, required, longest)

    def _area(
        self,
        path: str,
        label: str,
        hint: str,
        required: bool,
        longest: int,
        rows: int,
        encode: Callable[[object], Raw],
    ) -> None:
        room = self._room(path, label, hint)
        control, error = room.draw("textarea", required=required, longest=longest, rows=str(rows))
        put(control, defaultValue=str(self._raw(path, encode)))
        self._keep(path, label, control, error, encode, required, longest)

    def _room(self, path: str, label: str, hint: str) -> Room:
        if path in self._fields:
            raise ValueError(f"form {self._name} has two fields {path}")
        return Room(self._visit.words, self._name, path, label, hint)

    def _raw(self, path: str, encode: Callable[[object], Raw]) -> Raw:
        return encode(self._stored.values.get(path))

    def _keep(
        self,
        path: str,
        label: str,
        control: ui.element,
        error: TextElement,
        encode: Callable[[object], Raw],
        required: bool,
        longest: int | None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self._fields[path] = Field(
            path=path,
            label=label,
            required=required,
            longest=longest,
            control=control,
            error=error,
            encode=encode,
            options=options,
        )
