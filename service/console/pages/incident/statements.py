"""The statements of an incident, and how its mood is to be answered."""

from __future__ import annotations

from dataclasses import dataclass

from nicegui import ui

from playbooks.emotion_matrix import Advice
from service.auth import Action as Permission
from service.auth import Principal, Resource
from service.console.format import moment, short_time, span
from service.console.i18n import Words
from service.console.pages.incident.sheet import IncidentSheet
from service.console.session import BASE
from service.console.states import later
from service.console.theme import link, plain
from service.statements import Statement, StatementFilter

_MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The newest statements, and the advice for a new one."""

    statements: tuple[Statement, ...]
    advice: Advice | None


def draw_statements(page: IncidentSheet) -> None:
    """Fetched when somebody opens the tab: the mood is read from the posts."""
    later(
        page.visit,
        lambda principal: _read(page, principal),
        lambda said: _draw(page, said),
    )


async def _read(page: IncidentSheet, principal: Principal) -> Said:
    reading = page.board.container.statements.reading
    wanted = StatementFilter(incident_id=page.incident_id)
    return Said(
        statements=await reading.page(principal, wanted, limit=_MOST),
        advice=await reading.advice(principal, page.incident_id),
    )


def _draw(page: IncidentSheet, said: Said) -> None:
    words = page.words
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("statements.title"), "h2")
            over = page.incident.merged_into is not None or not page.is_open
            if page.may(Permission.EDIT, Resource.STATEMENT) and not over:
                address = f"{BASE}/incidents/{page.incident_id}/statements/new"
                link(address, words("statements.new"), "act act-main push")
        if said.advice is not None:
            draw_advice(page.visit.words, said.advice)
        if not said.statements:
            plain(words("statements.none"), classes="soft")
        for item in said.statements:
            _draw_item(page, item)


def draw_advice(words: Words, advice: Advice) -> None:
    """The register that the mood asks for, with an opening and a closing."""
    with ui.element("div").classes("advice tight"):
        with ui.element("div").classes("line"):
            mood = words.choice("emotion", advice.emotion)
            intensity = words.choice("intensity", advice.intensity.value)
            plain(words("statements.mood", mood=mood, intensity=intensity), classes="strong")
            role = words.choice("role", advice.role.value)
            within = span(advice.within, words)
            plain(words("statements.who", role=role, within=within), classes="soft")
        register = f"{words.of(advice.register.name)} · {words.of(advice.register.how)}"
        plain(register, "p", "small")
        plain(words.of(advice.opening), "p", "small soft")
        plain(words.of(advice.closing), "p", "small soft")


def _draw_item(page: IncidentSheet, item: Statement) -> None:
    words = page.words
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line"):
            link(f"{BASE}/statements/{item.id}", item.title, "strong foreign")
            state = words.choice("statement_state", item.state.value)
            plain(state, classes=f"state said-{item.state.value}")
            plain(words.choice("statement_kind", item.kind.value), classes="soft small")
            if item.blocking:
                plain(words("statements.blocking", count=item.blocking), classes="late small")
        with ui.element("div").classes("line small soft"):
            plain(words("statements.edition", number=item.edition))
            plain(page.name_of(item.created_by), classes="foreign")
            moment(page.visit, item.updated_at)
            if item.published_at is not None:
                at = short_time(item.published_at, page.zone)
                plain(words("statements.published_at", at=at))
