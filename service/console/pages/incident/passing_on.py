"""Whose the incident is, and how it passes on: take it, offer it, answer, follow its news."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal, Resource
from service.cases.ownership import HandOver, HandOverState
from service.cases.topics import DEFAULT
from service.console.dialogs import Question
from service.console.format import short_time
from service.console.pages.incident.sheet import IncidentSheet
from service.console.people import who_may
from service.console.theme import button, plain, put


def draw_passing_on(page: IncidentSheet) -> None:
    """Buttons of whoever may work the incident."""
    words, me = page.words, page.principal.id
    if page.incident.assignee is None:
        button(words("handing.take"), partial(take, page), key="take")
    button(words("handing.offer"), partial(offer, page), key="hand-over")
    watching = any(watch.person == me for watch in page.dossier.casework.watchers)
    label = words("handing.unwatch" if watching else "handing.watch")
    button(label, partial(_follow, page, not watching), "act-quiet", key="watch")


def draw_offers(page: IncidentSheet) -> None:
    """Offers that wait for an answer: the person asked says yes or no, others may take it back."""
    waiting = [
        item for item in page.dossier.casework.hand_overs if item.state is HandOverState.OFFERED
    ]
    for item in waiting:
        with put(ui.element("section"), role="note").classes("banner line"):
            _draw_offer(page, item)


def _draw_offer(page: IncidentSheet, item: HandOver) -> None:
    words, mine = page.words, item.to_person == page.principal.id
    key = "handing.offered_to_you" if mine else "handing.offered"
    said = words(key, by=page.name_of(item.offered_by), to=page.name_of(item.to_person))
    plain(said, "b", "foreign")
    plain(short_time(item.offered_at, page.zone), classes="soft small")
    if item.note:
        plain(item.note, classes="foreign")
    if not page.may(Permission.WORK):
        return
    if mine:
        button(
            words("handing.accept"), partial(_answer, page, item, True), "act-main", key="accept"
        )
        button(words("handing.decline"), partial(_answer, page, item, False), key="decline")
    else:
        label = words("handing.withdraw")
        button(label, partial(_answer, page, item, False), "act-small", key="withdraw-offer")


async def take(page: IncidentSheet) -> None:
    """Make the incident the visitor's own."""
    seen, me = page.incident, page.principal.id

    async def deed(principal: Principal, version: int) -> None:
        await page.board.container.cases.assign(principal, page.incident_id, me, version=version)

    await page.decide(seen, deed, done=page.words("handing.taken"))


async def offer(page: IncidentSheet) -> None:
    """Name the next owner, who has to say yes where somebody has it."""
    words, seen = page.words, page.incident
    reply = await page.ask(
        Question(
            title=words("handing.offer"),
            hint=words("handing.hint" if seen.assignee else "handing.hint_free"),
            confirm=words("handing.confirm"),
            options=await who_may(
                page.board.container.users, Permission.WORK, Resource.INCIDENT, but=seen.assignee
            ),
            options_label=words("handing.person"),
            reason=words("dialog.note"),
        )
    )
    if reply is None or reply.choice is None:
        return
    person, note = reply.choice, reply.reason or None

    async def deed(principal: Principal, version: int) -> None:
        await page.board.container.cases.assign(
            principal, page.incident_id, person, note=note, version=version
        )

    await page.decide(seen, deed, done=words("handing.done"))


async def _answer(page: IncidentSheet, item: HandOver, accept: bool) -> None:
    async def deed(principal: Principal) -> None:
        desk = page.board.container.cases
        await desk.answer(principal, page.incident_id, item.id, accept=accept)

    await page.act(deed, done=page.words("incident.done"))


async def _follow(page: IncidentSheet, wanted: bool) -> None:
    async def deed(principal: Principal) -> None:
        desk = page.board.container.cases
        if wanted:
            await desk.watch(principal, page.incident_id, DEFAULT)
        else:
            await desk.unwatch(principal, page.incident_id)

    await page.act(deed, done=page.words("handing.watched" if wanted else "handing.unwatched"))
