"""Some of the posts are another incident: chosen one by one, with a reason."""

from __future__ import annotations

from nicegui import ui

from service.auth import Principal
from service.console.deeds import go
from service.console.forms import Form, Values
from service.console.pages.incident.sheet import IncidentSheet
from service.console.session import BASE
from service.console.theme import button, plain

_SHOWN = 60


async def split_off(page: IncidentSheet) -> None:
    """Ask which posts and why, then open the new incident and go there."""
    words, visit = page.words, page.visit
    made: list[str] = []

    async def save(principal: Principal, values: Values) -> None:
        found = await page.board.container.cases.split(
            principal,
            page.incident_id,
            values.many("posts"),
            reason=values.text("reason"),
            title=values.optional("title"),
        )
        made.append(found.id)

    async def leave() -> None:
        dialog.close()
        go(visit, f"{BASE}/incidents/{made[-1]}", said=words("split.done"))

    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("split.title"), "h2")
        plain(words("split.hint"), "p", "hint")
        form = Form(visit, f"split-{page.incident_id}", save=save)
        form.after = leave
        with form:
            form.many("posts", words("split.posts"), _posts(page))
            form.text("title", words("split.name"), longest=200)
            form.long_text("reason", words("split.reason"), required=True, longest=2000, rows=2)
            with form.submit(words("split.do")):
                button(words("dialog.cancel"), dialog.close, key="split-cancel")
    await dialog
    dialog.delete()


def _posts(page: IncidentSheet) -> dict[str, str]:
    """The frozen posts by how they begin."""
    return {
        item.post_id: " ".join(
            str(item.snapshot.get("text") or item.snapshot.get("title") or item.post_id).split()
        )[:_SHOWN]
        for item in page.dossier.file.evidence
    }
