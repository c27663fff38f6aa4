"""What others did while somebody looks: a strip that says who and what, and steals nothing."""

from __future__ import annotations

from nicegui import ui

from service.console.dossier import Dossier
from service.console.format import clock_time
from service.console.pages.incident.sheet import IncidentSheet
from service.console.pages.incident.timeline import newest_first, telling_of
from service.console.theme import button, plain, put

_SHOWN = 3


class News:
    """The strip. It grows with each look, until somebody has read it."""

    def __init__(self, page: IncidentSheet) -> None:
        self._page = page
        self._after = _last(page.dossier)
        self._place: ui.element | None = None

    def place(self) -> None:
        """Where the strip appears; spoken aloud when it changes, without interrupting."""
        self._place = put(ui.element("div"), role="status", aria_live="polite").classes("piece")

    def look(self) -> None:
        """Show what others have done since the visitor said that they had read it."""
        page, place = self._page, self._place
        if place is None or place.is_deleted:
            return
        me = page.principal.id
        timeline = [entry for entry in page.dossier.file.timeline if entry.id > self._after]
        told = [line for line in newest_first(timeline) if line.entry.actor != me]
        place.clear()
        if not told:
            return
        telling, words = telling_of(page), page.words
        with place, ui.element("div").classes("banner news"):
            with ui.element("div").classes("grow tight"):
                plain(words("together.news"), "b")
                for line in told[:_SHOWN]:
                    entry = line.entry
                    with ui.element("div").classes("line small"):
                        plain(page.name_of(entry.actor), classes="strong foreign")
                        plain(telling.heading(entry))
                        plain(telling.detail(entry)[:200], classes="foreign")
                        plain(clock_time(entry.at, page.zone), classes="soft")
                if len(told) > _SHOWN:
                    plain(words("together.more", count=len(told) - _SHOWN), classes="soft small")
            button(words("together.read"), self._read, "act-small", key="news-read")

    def _read(self) -> None:
        self._after = _last(self._page.dossier)
        self.look()


def _last(dossier: Dossier) -> int:
    return max((entry.id for entry in dossier.file.timeline), default=0)
