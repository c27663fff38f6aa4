"""The filters over a list. They are one small form, so that the browser sends them together."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from nicegui import ui

from service.console.i18n import Words
from service.console.theme import plain, put


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """A condition over a list; `name` is its name in the address."""

    name: str
    label: str

    @property
    def known(self) -> frozenset[str] | None:
        """The values that it takes; None takes any."""
        return None

    @abstractmethod
    def draw(self, words: Words, field: str, chosen: tuple[str, ...]) -> None:
        """Its control; `field` is unique on the page."""


@dataclass(frozen=True, slots=True)
class Containing(Filter):
    """A text to search for."""

    def draw(self, words: Words, field: str, chosen: tuple[str, ...]) -> None:
        _entry(self, field, "search", chosen)


@dataclass(frozen=True, slots=True)
class OnDay(Filter):
    """A day."""

    def draw(self, words: Words, field: str, chosen: tuple[str, ...]) -> None:
        _entry(self, field, "date", chosen)


@dataclass(frozen=True, slots=True)
class OneOf(Filter):
    """One of several values, or any."""

    options: Mapping[str, str]

    @property
    def known(self) -> frozenset[str] | None:
        return frozenset(self.options)

    def draw(self, words: Words, field: str, chosen: tuple[str, ...]) -> None:
        _choice(self, field, {"": words("listing.any"), **self.options}, chosen or ("",))


@dataclass(frozen=True, slots=True)
class OrderedBy(Filter):
    """One of several orders; the first of them unless told."""

    options: Mapping[str, str]

    @property
    def known(self) -> frozenset[str] | None:
        return frozenset(self.options)

    def draw(self, words: Words, field: str, chosen: tuple[str, ...]) -> None:
        _choice(self, field, self.options, chosen or tuple(self.options)[:1])


@dataclass(frozen=True, slots=True)
class AnyOf(Filter):
    """Any of several values."""

    options: Mapping[str, str]

    @property
    def known(self) -> frozenset[str] | None:
        return frozenset(self.options)

    def draw(self, words: Words, field: str, chosen: tuple[str, ...]) -> None:
        count = f" · {len(chosen)}" if chosen else ""
        with put(ui.element("details"), data_choose="").classes("choose"):
            put(plain(f"{self.label}{count}", "summary"), id=field, data_label=self.label)
            with put(ui.element("div"), role="group", aria_labelledby=field).classes("options"):
                for value, label in self.options.items():
                    with ui.element("label").classes("check"):
                        box = put(ui.element("input"), type="checkbox", name=self.name)
                        put(box, value=value, data_many="")
                        if value in chosen:
                            box.props["checked"] = True
                        plain(label)


def _choice(this: Filter, field: str, options: Mapping[str, str], chosen: tuple[str, ...]) -> None:
    with ui.element("div").classes("field"):
        put(plain(this.label, "label", "name"), for_=field)
        with put(ui.element("select"), id=field, name=this.name):
            for value, label in options.items():
                option = put(plain(label, "option"), value=value)
                if value in chosen:
                    option.props["selected"] = True


def _entry(this: Filter, field: str, kind: str, chosen: tuple[str, ...]) -> None:
    with ui.element("div").classes("field"):
        put(plain(this.label, "label", "name"), for_=field)
        entry = put(ui.element("input"), id=field, name=this.name, type=kind)
        put(entry, defaultValue=chosen[0] if chosen else "", autocomplete="off")
