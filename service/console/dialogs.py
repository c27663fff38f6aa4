"""Questions before what cannot be undone, and ten seconds to undo what can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from nicegui import Client, ui

from service.console.deeds import Deed, attempt, praise
from service.console.i18n import Words
from service.console.session import Visit
from service.console.theme import TOASTS, button, plain, ticking

UNDO_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: one of `options`, and a text under the label `reason`, where given."""

    title: str
    hint: str = ""
    confirm: str
    grave: bool = False
    options: Mapping[str, str] | None = None
    options_label: str = ""
    reason: str | None = None
    reason_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What was chosen and written."""

    choice: str | None
    reason: str


async def ask(client: Client, words: Words, question: Question) -> Reply | None:
    """Ask in a dialog and wait; None when it was called off. Escape calls off.

    The dialog hangs on the client, so that a live update of the page does not take it away.
    """
    with client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(question.title, "h2")
        if question.hint:
            plain(question.hint, "p", "hint")
        choose = None
        if question.options is not None:
            choose = ui.select(dict(question.options), label=question.options_label)
            choose.props("outlined dense")
        write = None
        if question.reason is not None:
            write = ui.textarea(question.reason).props("outlined autogrow autofocus rows=2")
            write.props("maxlength=2000")
        missing = plain("", "p", "problem")
        missing.set_visibility(False)

        def submit() -> None:
            reply = Reply(
                choice=None if choose is None else choose.value,
                reason="" if write is None else (write.value or "").strip(),
            )
            if (choose is not None and not reply.choice) or (
                question.reason_required and not reply.reason
            ):
                missing.text = words("dialog.incomplete")
                missing.set_visibility(True)
                return
            dialog.submit(reply)

        with ui.element("div").classes("line answers"):
            button(words("dialog.cancel"), lambda: dialog.submit(None))
            button(question.confirm, submit, "act-grave" if question.grave else "act-main")
    reply = await dialog
    dialog.delete()
    return reply if isinstance(reply, Reply) else None


def undo(visit: Visit, said: str, take_back: Deed) -> None:
    """Tell that something was done, with ten seconds in which a press on Undo calls `take_back`.

    For what has not left the house: it is done already, and `take_back(principal)` reverses it.
    """
    area = next(
        (item for item in visit.client.elements.values() if item.props.get("data-area") == TOASTS),
        visit.client.content,
    )
    with area, ui.element("div").classes("toast") as toast:
        plain(said, classes="foreign")
        ticking("until", visit.now() + timedelta(seconds=UNDO_S)).classes("soft")

        async def reverse() -> None:
            if toast.is_deleted:
                return
            toast.delete()
            if await attempt(visit, take_back):
                praise(visit, visit.words("undo.undone"))

        button(visit.words("undo.undo"), reverse, "act-small", key="undo")
        ui.timer(UNDO_S, toast.delete, once=True)
