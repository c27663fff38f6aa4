"""Pieces of the page that are drawn anew when what they show has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from service.console.dossier import Dossier

Shows = Callable[[Dossier], object]
"""What of a dossier a piece is drawn from."""


class Part:
    """One piece. Where `shows` answers with an equal value, it need not be drawn again."""

    def __init__(self, draw: Callable[[], object], shows: Shows) -> None:
        self._draw = draw
        self._shows = shows
        self._place: ui.element | None = None

    def place(self) -> None:
        """Draw it here; nothing of it is on the page before."""
        self._place = ui.element("div").classes("piece")
        with self._place:
            self._draw()

    @property
    def is_gone(self) -> bool:
        """Whether what it stood in has been taken away."""
        return self._place is not None and self._place.is_deleted

    def redraw(self, before: Dossier, after: Dossier, *, everything: bool) -> None:
        """Draw it again where it stands, if it is on the page and shows something else by now."""
        if self._place is None or self.is_gone:
            return
        if everything or self._shows(before) != self._shows(after):
            self._place.clear()
            with self._place:
                self._draw()
