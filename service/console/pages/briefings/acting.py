"""The life of a briefing: approved by a second person, discarded, taken away as a file."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal
from service.briefings import Deed
from service.briefings.lifecycle import deeds
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.pages.briefings.sending import draw_deliver
from service.console.pages.briefings.sheet import BriefingSheet
from service.console.theme import button, link, plain, put


def draw_life(page: BriefingSheet) -> None:
    """How it stands, who did what with it when, and what may be done next."""
    words, item = page.words, page.briefing
    with ui.element("section").classes("panel stack"):
        plain(words("briefings.life"), "h2")
        with ui.element("p").classes("line"):
            state = words.choice("briefings.states", item.state.value)
            plain(state, classes=f"state said-{item.state.value}")
            plain(words("briefings.version", number=item.version), classes="soft small")
        _draw_past(page)
        if item.reason:
            plain(item.reason, "p", "quote foreign")
        offered = deeds(item.state)
        if {Deed.APPROVE, Deed.DISCARD} & set(offered):
            with ui.element("div").classes("line"):
                if Deed.APPROVE in offered:
                    _draw_approve(page)
                if Deed.DISCARD in offered and page.may(Action.EDIT):
                    label = words("briefings.discard")
                    button(label, partial(_discard, page), "act-quiet act-grave", key="discard")
    if Deed.DELIVER in offered and page.may(Action.RUN):
        draw_deliver(page)


def _draw_past(page: BriefingSheet) -> None:
    words, item = page.words, page.briefing
    done = (
        ("prepared", item.created_at, item.prepared_by),
        ("edited", item.edited_at, item.edited_by),
        ("approved", item.approved_at, item.approved_by),
        ("delivered", item.delivered_at, item.delivered_by),
        ("discarded", item.discarded_at, item.discarded_by),
    )
    with ui.element("dl").classes("facts"):
        for name, at, by in done:
            if at is None or by is None:
                continue
            plain(words.choice("briefings.past", name), "dt")
            with ui.element("dd"):
                plain(page.name_of(by), classes="foreign")
                plain(" · ", classes="soft")
                moment(page.visit, at)


def _draw_approve(page: BriefingSheet) -> None:
    """The button, or why it is not for the visitor."""
    words = page.words
    if not page.may(Action.APPROVE):
        plain(words("briefings.leads_approve"), classes="soft small")
    elif page.briefing.edited_by == page.visit.session.principal.id:
        plain(words("briefings.others_approve"), classes="soon small")
    else:
        button(words("briefings.approve"), partial(_approve, page), "act-main", key="approve")


async def _approve(page: BriefingSheet) -> None:
    # The version that was read: who answers for words must have seen these words.
    version = page.briefing.version

    async def deed(principal: Principal) -> None:
        desk = page.board.container.briefings.desk
        await desk.approve(principal, page.briefing.id, version=version)

    await page.act(deed, done=page.words("briefings.was_approved"))


async def _discard(page: BriefingSheet) -> None:
    words, version = page.words, page.briefing.version
    question = Question(
        title=words("briefings.discard"),
        hint=words("briefings.discard_hint"),
        confirm=words("briefings.discard"),
        grave=True,
        reason=words("dialog.reason"),
        reason_required=True,
    )
    reply = await ask(page.visit.client, words, question)
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        desk = page.board.container.briefings.desk
        await desk.discard(principal, page.briefing.id, reason=reply.reason, version=version)

    await page.act(deed, done=words("briefings.was_discarded"))


def draw_taking(page: BriefingSheet) -> None:
    """Files, for those who may take them away, and print."""
    if page.may(Action.EXPORT):
        for form in ("html", "docx"):
            address = f"/v1/briefings/{page.briefing.id}/document?format={form}"
            link(address, form.upper(), "act").props("download")
    pressed = put(ui.element("button"), type="button", data_key="print").classes("act")
    pressed.on("click", js_handler="() => window.print()")
    with pressed:
        plain(page.words("briefings.print"))
