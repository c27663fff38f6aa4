"""What pages of configured things share: a deed that is asked about, and a secret shown once."""

from __future__ import annotations

from nicegui import ui

from service.console.deeds import Deed, attempt, go
from service.console.dialogs import Question, ask
from service.console.session import Visit
from service.console.theme import button, plain, put


async def settle(
    visit: Visit, deed: Deed, *, leads_to: str, said: str, question: Question | None = None
) -> None:
    """Do it, after the question where there is one, and lead to a page that says it was done."""
    if question is not None and await ask(visit.client, visit.words, question) is None:
        return
    if await attempt(visit, deed):
        go(visit, leads_to, said=said)


async def show_secret(visit: Visit, secret: str, *, title: str = "", hint: str = "") -> None:
    """Show what nobody will see again, until somebody says that they have it.

    Without `title` and `hint` it is a channel's signing secret.
    """
    words = visit.words
    with (
        visit.client.content,
        ui.dialog().props("persistent") as dialog,
        ui.element("section").classes("panel ask"),
    ):
        plain(title or words("setting.secret_once"), "h2")
        plain(hint or words("setting.secret_once_hint"), "p")
        put(plain(secret, "p", "code foreign secret-once"), tabindex="0")
        with ui.element("div").classes("line answers"):
            taken = words("setting.secret_taken")
            button(taken, lambda: dialog.submit(True), "act-main", key="secret-taken")
    await dialog
    dialog.delete()
