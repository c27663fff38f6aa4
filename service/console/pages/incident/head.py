"""The head of the incident page: what it is, where it stands, and what can be done next."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Resource
from service.console.pages.incident.acting import draw_actions
from service.console.pages.incident.sheet import IncidentSheet
from service.console.session import BASE
from service.console.theme import link, plain, put, tier_badge
from service.incidents import Kind, State

_QUOTED = 160


def draw_head(page: IncidentSheet) -> None:
    """Title, state, facts, how it began, actions."""
    _draw_banners(page)
    with ui.element("section").classes("panel head"):
        with ui.element("div").classes("line"):
            tier_badge(page.words, page.tiers, page.incident.tier)
            plain(page.title, "h1", "foreign")
            _marks(page)
        _facts(page)
        _first_words(page)
        draw_actions(page)


def _draw_banners(page: IncidentSheet) -> None:
    """What whoever reads on must know before anything else."""
    incident, words = page.incident, page.words
    if incident.drill:
        with put(ui.element("p"), role="note").classes("banner banner-drill"):
            plain(words("incident.drill"), "b")
            plain(words("incident.drill_hint"))
    if incident.is_private:
        with put(ui.element("p"), role="note").classes("banner"):
            plain(words("incident.private"), "b")
            plain(words("incident.private_hint"))
    if incident.merged_into:
        with put(ui.element("p"), role="note").classes("banner"):
            plain(words("incident.is_merged"), "b")
            link(f"{BASE}/incidents/{incident.merged_into}", words("incident.merged_into"))
    elif incident.state is State.FALSE_POSITIVE:
        with put(ui.element("p"), role="note").classes("banner"):
            plain(words("incident.is_false"), "b")
    if incident.reached_nobody_at is not None and page.is_open:
        with put(ui.element("p"), role="alert").classes("banner banner-late"):
            plain(words("incident.reached_nobody"), "b")


def _marks(page: IncidentSheet) -> None:
    incident, words = page.incident, page.words
    plain(
        words.choice("state", incident.state.value), classes=f"state state-{incident.state.value}"
    )
    if incident.kind is not Kind.CRISIS:
        plain(words.choice("kind", incident.kind.value), classes="state")
    if incident.contained_at is not None:
        plain(words("incident.contained"), classes="state state-resolved")


def _facts(page: IncidentSheet) -> None:
    incident, words = page.incident, page.words
    with ui.element("div").classes("line soft"):
        plain(incident.title, classes="foreign")
        plain(words("incident.posts", count=f"{incident.posts:,}"))
        holder = incident.assignee
        if holder is None:
            plain(words("incident.nobody"), classes="late" if page.is_open else "soft")
        else:
            plain(words("incident.held_by", name=page.name_of(holder)), classes="foreign")
        plain(incident.id, classes="small code")
        if incident.previous_id:
            link(f"{BASE}/incidents/{incident.previous_id}", words("incident.previous"))
        kinds = {entry.kind for entry in page.dossier.file.timeline}
        if "review_opened" in kinds and page.may(Permission.READ, Resource.CAUSE_REVIEW):
            link(f"{BASE}/reviews/{incident.id}", words("incident.review"))


def _first_words(page: IncidentSheet) -> None:
    """How the first post begins: what it is all about, before anything else is read."""
    first_id = page.incident.first_post_id
    for item in page.dossier.file.evidence:
        if item.post_id == first_id:
            said = str(item.snapshot.get("text") or item.snapshot.get("title") or "")
            with ui.element("p").classes("quote"):
                plain(page.words("evidence.first"), classes="soft small")
                plain(said[:_QUOTED], classes="foreign")
            return
