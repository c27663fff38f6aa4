"""Tabs whose content is drawn when somebody first opens it, and stays as it was left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nicegui import ui

from service.console.browser import call
from service.console.session import Visit
from service.console.theme import button, put


class Tabs:
    """A row of buttons over one visible panel. Which one is open stands in the address."""

    def __init__(
        self,
        visit: Visit,
        label: str,
        tabs: Sequence[tuple[str, str, Callable[[], object]]],
    ) -> None:
        """`tabs` are name, words and what draws the content; `label` names the row."""
        self._visit = visit
        self._label = label
        self._tabs = {name: (words, draw) for name, words, draw in tabs}
        self._buttons: dict[str, ui.element] = {}
        self._panels: dict[str, ui.element] = {}
        asked = visit.query.get("tab", "")
        self.open = asked if asked in self._tabs else next(iter(self._tabs))

    @property
    def names(self) -> dict[str, str]:
        """Names and words, in order."""
        return {name: words for name, (words, _) in self._tabs.items()}

    def draw(self) -> None:
        """The row and the panels; of these one has content."""
        with put(ui.element("nav"), aria_label=self._label).classes("tab-row"):
            for name, (words, _) in self._tabs.items():
                self._buttons[name] = button(
                    words, self._opener(name), "tab-button", key=f"tab-{name}"
                )
        for name in self._tabs:
            panel = put(ui.element("section"), aria_label=self._tabs[name][0])
            self._panels[name] = panel.classes("tab-panel")
        self._show(self.open)

    def show(self, name: str) -> None:
        """Open a tab, and note it in the address so that a reload or a sent link opens it too."""
        self._show(name)
        call(self._visit.client, "address", f"?tab={name}")

    def opened(self, name: str) -> bool:
        """Whether the content of a tab has been drawn."""
        return bool(self._panels[name].default_slot.children)

    def _opener(self, name: str) -> Callable[[], None]:
        return lambda: self.show(name)

    def _show(self, name: str) -> None:
        self.open = name
        for each, panel in self._panels.items():
            panel.set_visibility(each == name)
            if each == name:
                put(self._buttons[each], aria_current="true")
            else:
                self._buttons[each].props(remove="aria-current")
        if not self.opened(name):
            with self._panels[name]:
                self._tabs[name][1]()
