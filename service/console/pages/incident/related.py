"""What the incident has to do with others: links, past ones like it, complaints, who sits at it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal, Resource
from service.cases import LinkKind, Precedent
from service.cases.links import BY_HAND
from service.complaints import Complaint, ComplaintFilter
from service.console.format import moment, span
from service.console.forms import Form, Values
from service.console.pages.incident.acting import others
from service.console.pages.incident.sheet import IncidentSheet
from service.console.session import BASE
from service.console.states import later
from service.console.theme import button, link, plain, tier_badge

_PRECEDENTS = 5
_COMPLAINTS = 20


def draw_related(page: IncidentSheet) -> None:
    """Past incidents and complaints; each is fetched by itself."""
    words = page.words
    later(
        page.visit,
        lambda principal: page.board.container.precedents.like(
            principal, page.incident_id, limit=_PRECEDENTS
        ),
        lambda found: _draw_precedents(page, found),
    )
    if page.may(Permission.READ, Resource.COMPLAINT):
        later(
            page.visit,
            lambda principal: _read_complaints(page, principal),
            lambda found: _draw_complaints(page, found),
        )
    else:
        plain(words("related.no_complaints_seen"), "p", "soft small")


def draw_links(page: IncidentSheet) -> None:
    """What people, or a split, said that it has to do with other incidents."""
    words, found = page.words, page.dossier.casework.links
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("related.links"), "h2")
            if page.is_open and page.may(Permission.WORK):
                look = "act-small push"
                button(words("related.link"), partial(_link, page), look, key="link")
        if not found:
            plain(words("related.no_links"), classes="soft")
        for item in found:
            kind, other = item.seen_from(page.incident_id)
            with ui.element("div").classes("line"):
                plain(words.choice("link_kind", kind), classes="strong")
                link(f"{BASE}/incidents/{other}", other, "code")
                if item.note:
                    plain(item.note, classes="foreign")
                plain(page.name_of(item.by), classes="soft small foreign")
                moment(page.visit, item.at)
                if item.kind in BY_HAND and page.is_open and page.may(Permission.WORK):
                    remove = partial(_unlink, page, other, item.kind, item.note)
                    look = "act-small act-quiet"
                    button(words("related.unlink"), remove, look, key=f"unlink-{other}")


async def _link(page: IncidentSheet) -> None:
    words, visit = page.words, page.visit
    known = await others(page)

    async def save(principal: Principal, values: Values) -> None:
        await page.board.container.cases.link(
            principal,
            page.incident_id,
            values.text("to"),
            LinkKind(values.text("kind")),
            note=values.optional("note"),
        )

    async def done() -> None:
        dialog.close()
        await page.reread(await visit.principal())

    kinds = {
        kind.value: words.choice("link_kind", kind.value) for kind in LinkKind if kind in BY_HAND
    }
    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("related.link"), "h2")
        form = Form(visit, f"link-{page.incident_id}", save=save)
        form.said, form.after = words("incident.done"), done
        with form:
            form.choice("kind", words("related.kind"), kinds)
            hint = words("related.known_hint") if known else ""
            form.text("to", words("related.to"), hint=hint, required=True, longest=40)
            form.text("note", words("dialog.note"), longest=2000)
            with form.submit(words("related.link")):
                button(words("dialog.cancel"), dialog.close, key="link-cancel")
        if known:
            with ui.element("ul").classes("plain-list small"):
                for other, said in list(known.items())[:_COMPLAINTS]:
                    with ui.element("li").classes("line"):
                        plain(other, classes="code")
                        plain(said, classes="soft foreign")
    await dialog
    dialog.delete()


async def _unlink(page: IncidentSheet, other: str, kind: LinkKind, note: str | None) -> None:
    async def deed(principal: Principal) -> None:
        await page.board.container.cases.unlink(principal, page.incident_id, other, kind)

    async def take_back(principal: Principal) -> None:
        await page.board.container.cases.link(principal, page.incident_id, other, kind, note=note)

    await page.act(deed, done=page.words("related.unlinked"), take_back=take_back)


def _draw_precedents(page: IncidentSheet, found: tuple[Precedent, ...]) -> None:
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("related.precedents"), "h2")
        if not found:
            plain(words("related.no_precedents"), classes="soft")
        for item in found:
            _draw_precedent(page, item)


def _draw_precedent(page: IncidentSheet, item: Precedent) -> None:
    words, past, came = page.words, item.incident, item.outcome
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line"):
            tier_badge(words, page.tiers, past.tier)
            scenario = page.scenarios.get(past.scenario or "", past.title)
            link(f"{BASE}/incidents/{past.id}", scenario, "strong foreign")
            moment(page.visit, past.opened_at)
            plain(words("related.alike", share=f"{item.likeness.score:.0%}"), classes="state")
        if item.likeness.shared_terms:
            terms = words("list.comma").join(item.likeness.shared_terms[:8])
            plain(words("related.shared", terms=terms), "p", "small soft foreign")
        with ui.element("div").classes("line small"):
            if came.acknowledged_after is not None:
                taken = span(came.acknowledged_after, words)
                plain(words("related.acknowledged", span=taken))
            if came.handling is not None:
                plain(words("related.handled", span=span(came.handling, words)))
            plain(words("related.late", count=len(came.breached)))
            plain(words("related.said", count=len(came.statements)))
        for said in came.statements[:3]:
            link(f"{BASE}/statements/{said['id']}", str(said["title"]), "small foreign")
        if came.review:
            plain(words("related.review", text=came.review), "p", "small foreign")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tickets:
    """The complaints that wait longest, and who has them by name."""

    items: tuple[Complaint, ...]
    more: bool


async def _read_complaints(page: IncidentSheet, principal: Principal) -> _Tickets:
    desk = page.board.container.complaints.desk
    wanted = ComplaintFilter(incidents=(page.incident_id,), drill=page.incident.drill)
    found = await desk.page(principal, wanted, limit=_COMPLAINTS + 1)
    await page.board.names.learn(*(item.assignee for item in found))
    return _Tickets(items=found[:_COMPLAINTS], more=len(found) > _COMPLAINTS)


def _draw_complaints(page: IncidentSheet, tickets: _Tickets) -> None:
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("related.complaints"), "h2")
        if not tickets.items:
            plain(words("related.no_complaints"), classes="soft")
        for item in tickets.items:
            with ui.element("div").classes("line"):
                link(f"{BASE}/complaints/{item.id}", item.cause, "strong foreign")
                plain(words.choice("complaint_state", item.state.value), classes="state")
                plain(page.name_of(item.assignee) if item.assignee else words("incident.nobody"))
                moment(page.visit, item.due_at)
        if tickets.more:
            link(f"{BASE}/complaints?incident={page.incident_id}", words("related.all_complaints"))
