"""A search as a file: what is in it and what is not, said before it is fetched."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from nicegui import ui

from service.auth import Action, Resource
from service.console.pages.posts.asking import Asking
from service.console.pages.posts.found import Found
from service.console.session import Visit
from service.console.theme import plain, put
from service.posts import MOST_EXPORTED, ExportForm


def draw_export(visit: Visit, asking: Asking, found: Found, *, now: datetime) -> None:
    """Links to the file in each form, for who may export; nothing for others."""
    if not visit.may(Action.EXPORT, Resource.POST) or not found.page.total:
        return
    words, total = visit.words, found.page.total
    with ui.element("details").classes("export"):
        plain(words("posts.export"), "summary")
        with ui.element("div").classes("panel tight"):
            key = "posts.export_part" if total > MOST_EXPORTED else "posts.export_all"
            plain(words(key, total=f"{total:,}", limit=f"{MOST_EXPORTED:,}"), "p", "small")
            plain(words("posts.export_hint"), "p", "soft small")
            with ui.element("div").classes("line"):
                for form in ExportForm:
                    address = export_address(visit, asking, form, now=now)
                    anchor = put(ui.element("a"), href=address, download=f"posts.{form.value}")
                    with put(anchor, data_key=f"export-{form.value}").classes("act act-small"):
                        plain(form.value.upper())


def export_address(visit: Visit, asking: Asking, form: ExportForm, *, now: datetime) -> str:
    """Where the API answers with the file of that search, from its beginning."""
    parameters = asking.having().parameters(visit.zone, now=now)
    pairs = [(name, value) for name, values in parameters.items() for value in values]
    return f"/v1/posts/export?{urlencode([*pairs, ('format', form.value)], errors='replace')}"
