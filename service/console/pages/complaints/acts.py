"""What is done with a complaint beside answering it: taken, given, linked, ended, begun anew."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.complaints import Deed, RevealedComplaint, State
from service.complaints.lifecycle import allowed
from service.console.deeds import attempt
from service.console.dialogs import Question
from service.console.pages.complaints.sheet import ComplaintSheet
from service.console.panels import pairs
from service.console.people import who_may
from service.console.theme import button, plain

_GRAVE = frozenset({Deed.DISMISS, Deed.REOPEN})


def draw_acts(page: ComplaintSheet) -> None:
    """The buttons that the visitor may press in this state."""
    words, complaint = page.words, page.complaint
    with ui.element("div").classes("line"):
        if page.may(Action.WORK):
            if complaint.assignee is None:
                button(words("complaints.take"), partial(_take, page), key="take")
            button(words("complaints.give"), partial(_give, page), key="give")
            button(words("complaints.relate"), partial(_relate, page), key="relate")
            for deed in (Deed.DISPUTE, Deed.CLOSE, Deed.REOPEN, Deed.DISMISS):
                if deed in allowed(complaint.state):
                    label = words.choice("complaints.deeds", deed.value)
                    look = "act-grave" if deed in _GRAVE else ""
                    button(label, partial(_decide, page, deed), look, key=deed.value)
        if page.may(Action.REVEAL):
            button(words("complaints.reveal"), partial(_reveal, page), key="reveal")


async def _take(page: ComplaintSheet) -> None:
    desk, seen = page.desks.desk, page.complaint

    async def take(principal: Principal) -> None:
        await desk.assign(principal, seen.id, person=principal.id, version=seen.version)

    async def take_back(principal: Principal) -> None:
        await desk.assign(principal, seen.id, person=None)

    await page.act(take, done=page.words("complaints.taken"), take_back=take_back)


async def _give(page: ComplaintSheet) -> None:
    words, seen, users = page.words, page.complaint, page.board.container.users
    others = seen.assignee not in (None, page.principal.id)
    reply = await page.ask(
        Question(
            title=words("complaints.give"),
            hint=words("complaints.give_hint"),
            confirm=words("complaints.give_do"),
            options=await who_may(users, Action.WORK, Resource.COMPLAINT, but=seen.assignee),
            options_label=words("complaints.holder"),
            reason=words("dialog.reason") if others else words("dialog.note"),
            reason_required=others,
        )
    )
    if reply is None:
        return

    async def give(principal: Principal) -> None:
        await page.desks.desk.assign(
            principal,
            seen.id,
            person=reply.choice,
            note=reply.reason or None,
            version=seen.version,
        )

    await page.act(give, done=words("complaints.given"))


async def _relate(page: ComplaintSheet) -> None:
    words, seen, desk = page.words, page.complaint, page.desks.desk
    reply = await page.ask(
        Question(
            title=words("complaints.relate"),
            hint=words("complaints.relate_hint"),
            confirm=words("complaints.relate"),
            reason=words("complaints.incident_id"),
        )
    )
    if reply is None:
        return

    async def relate(principal: Principal) -> None:
        incident = reply.reason or None
        await desk.relate(principal, seen.id, incident_id=incident, version=seen.version)

    async def take_back(principal: Principal) -> None:
        await desk.relate(principal, seen.id, incident_id=seen.incident_id)

    await page.act(relate, done=words("complaints.related"), take_back=take_back)


async def _decide(page: ComplaintSheet, deed: Deed) -> None:
    words, seen, handling = page.words, page.complaint, page.desks.handling
    needed = deed is not Deed.CLOSE or seen.state is not State.RATED
    label = words.choice("complaints.deeds", deed.value)
    reply = await page.ask(
        Question(
            title=label,
            hint=words.choice("complaints.deed_hints", deed.value),
            confirm=label,
            grave=deed in _GRAVE,
            reason=words("dialog.reason") if needed else words("dialog.note"),
            reason_required=needed,
        )
    )
    if reply is None:
        return

    async def decide(principal: Principal) -> None:
        said, version = reply.reason, seen.version
        match deed:
            case Deed.CLOSE:
                await handling.close(principal, seen.id, reason=said or None, version=version)
            case Deed.DISPUTE:
                await handling.dispute(principal, seen.id, reason=said, version=version)
            case Deed.REOPEN:
                await handling.reopen(principal, seen.id, reason=said, version=version)
            case _:
                await handling.dismiss(principal, seen.id, reason=said, version=version)

    await page.act(decide, done=words("complaints.noted"))


async def _reveal(page: ComplaintSheet) -> None:
    words = page.words
    reply = await page.ask(
        Question(
            title=words("complaints.reveal"),
            hint=words("complaints.reveal_hint"),
            confirm=words("complaints.reveal"),
            grave=True,
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None:
        return
    found: list[RevealedComplaint] = []

    async def reveal(principal: Principal) -> None:
        desk = page.desks.revealing
        found.append(await desk.reveal(principal, page.complaint.id, reason=reply.reason))

    if await attempt(page.visit, reveal):
        await _show(page, found[0])


async def _show(page: ComplaintSheet, found: RevealedComplaint) -> None:
    words, author = page.words, found.author
    with (
        page.visit.client.content,
        ui.dialog() as dialog,
        ui.element("section").classes("panel ask"),
    ):
        plain(words("complaints.revealed"), "h2")
        if not found.whole:
            plain(words("complaints.not_whole"), "p", "soon")
        plain(found.text or "–", "p", "quote foreign")
        nobody = words("complaints.no_author")
        pairs(
            (
                (words("complaints.source"), found.source),
                (words("complaints.author"), nobody if author is None else author.name or "–"),
                (words("complaints.author_id"), nobody if author is None else author.id),
            )
        )
        with ui.element("div").classes("line answers"):
            button(words("dialog.close"), dialog.close, key="revealed-close")
    await dialog
    dialog.delete()
