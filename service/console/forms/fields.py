"""The fields of a form: a label, a hint, the control, and room for what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from service.console.forms.values import Raw
from service.console.i18n import Words
from service.console.theme import plain, put


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field as it was drawn. `encode` makes what is stored into what the browser has."""

    path: str
    label: str
    required: bool
    longest: int | None
    control: ui.element
    error: TextElement
    encode: Callable[[object], Raw]
    options: Mapping[str, str] | None = None

    def refuse(self, message: str) -> None:
        """Say what is wrong with it; empty takes it back."""
        self.error.text = message.encode("utf-8", "replace").decode("utf-8")
        self.error.set_visibility(bool(message))
        if message:
            put(self.control, aria_invalid="true")
        else:
            self.control.props.pop("aria-invalid", None)
        self.control.update()

    def shown(self, raw: Raw, words: Words) -> str:
        """A value for people."""
        if isinstance(raw, bool):
            return words("form.yes" if raw else "form.no")
        names = self.options or {}
        if isinstance(raw, list):
            return words("list.comma").join(names.get(item, item) for item in raw)
        return names.get(raw, raw) or words("form.nothing")


def as_text(value: object) -> Raw:
    """Text, numbers and None as the browser has them."""
    return "" if value is None else str(value)


def as_lines(value: object) -> Raw:
    """Several texts, one a line."""
    return value if isinstance(value, str) else "\n".join(str(item) for item in _each(value))


def as_many(value: object) -> Raw:
    """Several choices."""
    return [str(item) for item in _each(value)]


def as_yes(value: object) -> Raw:
    """Ticked or not."""
    return bool(value)


def as_day(value: object) -> Raw:
    """A day as a date input has it."""
    return value.isoformat() if isinstance(value, date) else as_text(value)


def as_instant(zone: ZoneInfo) -> Callable[[object], Raw]:
    """An instant as a local time of the zone, to the minute."""

    def encode(value: object) -> Raw:
        if isinstance(value, datetime):
            return f"{value.astimezone(zone):%Y-%m-%dT%H:%M}"
        return as_text(value)

    return encode


def _each(value: object) -> Iterable[object]:
    return value if isinstance(value, Iterable) and not isinstance(value, str) else ()


class Room:
    """Draws the label, the hint and the room for errors around a control."""

    def __init__(self, words: Words, form: str, path: str, label: str, hint: str) -> None:
        self._words = words
        self._id = f"{form}-{path}".replace(" ", "-")
        self._path = path
        self._label = label
        self._hint = hint

    def draw(
        self,
        tag: str,
        *,
        required: bool = False,
        longest: int | None = None,
        **attributes: str,
    ) -> tuple[ui.element, TextElement]:
        """A labelled control of one element, and the place of its error."""
        with ui.element("div").classes("field"):
            with put(ui.element("label"), for_=self._id).classes("name"):
                plain(self._label)
                if required:
                    plain(f" · {self._words('form.required')}", classes="needed")
            control = put(ui.element(tag), id=self._id, name=self._path, **attributes)
            if required:
                put(control, aria_required="true")
            if longest is not None:
                # No `maxlength`: the browser would cut what is pasted without a word.
                put(control, data_longest=str(longest))
            return control, self._around(control)

    def group(
        self, options: Mapping[str, str], ticked: Iterable[str]
    ) -> tuple[ui.element, TextElement]:
        """Ticks under one legend, and the place of their error."""
        chosen = set(ticked)
        with ui.element("fieldset").classes("field") as control:
            put(control, id=self._id)
            plain(self._label, "legend", "name strong")
            with ui.element("div").classes("checks"):
                for value, label in options.items():
                    self._tick(label, self._path, value=value, ticked=value in chosen, many=True)
            return control, self._around(control)

    def yes(self, *, ticked: bool) -> tuple[ui.element, TextElement]:
        """A single tick with its label behind it."""
        with ui.element("div").classes("field"):
            control = self._tick(self._label, self._path, value="", ticked=ticked, many=False)
            return control, self._around(control)

    def _tick(self, label: str, path: str, *, value: str, ticked: bool, many: bool) -> ui.element:
        with ui.element("label").classes("check"):
            box = put(ui.element("input"), type="checkbox", name=path)
            if many:
                put(box, value=value, data_many="")
            if ticked:
                box.props["checked"] = True
            plain(label)
        return box

    def _around(self, control: ui.element) -> TextElement:
        described = [f"{self._id}-error"]
        if self._hint:
            put(plain(self._hint, "p", "hint"), id=f"{self._id}-hint")
            described.append(f"{self._id}-hint")
        put(control, aria_describedby=" ".join(described))
        error = plain("", "p", "error")
        put(error, id=f"{self._id}-error", data_error=self._path)
        error.set_visibility(False)
        return error
