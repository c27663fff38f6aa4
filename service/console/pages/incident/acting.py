"""What can be done with an incident as a whole: its life, its tier, its scenario, merging it."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal
from service.console.dialogs import Question
from service.console.format import short_time
from service.console.pages.incident.passing_on import draw_passing_on
from service.console.pages.incident.sheet import IncidentSheet
from service.console.pages.incident.splitting import split_off
from service.console.queue_rows import incident_title
from service.console.theme import button, plain, put
from service.documents import Form
from service.incidents import UNCLASSIFIED, Action, Kind, State
from service.incidents.lifecycle import NEEDS_REASON, allowed_actions
from service.incidents.repository import IncidentFilter

_GRAVE = frozenset({Action.MARK_FALSE_POSITIVE, Action.MERGE})
_ASKED = frozenset({Action.RESOLVE, Action.CLOSE, Action.REOPEN}) | _GRAVE
_OTHERS = 200
"""Open incidents that a choice offers."""
_EXPORTS = (Form.HTML, Form.DOCX, Form.JSON)


def draw_actions(page: IncidentSheet) -> None:
    """The next act of its life first, then the others, the grave ones folded away."""
    offered = _offered(page)
    with ui.element("div").classes("line actions"):
        for place, action in enumerate(action for action in offered if action not in _GRAVE):
            _action_button(page, action, "act-main" if place == 0 else "")
        if page.is_open and page.may(Permission.WORK):
            draw_passing_on(page)
            if _is_unnamed(page):
                label = page.words("incident.name_scenario")
                button(label, partial(name_scenario, page), "act-main", key="name-scenario")
        _draw_more(page, [action for action in offered if action in _GRAVE])


def _offered(page: IncidentSheet) -> list[Action]:
    return [action for action in allowed_actions(page.incident.state) if page.may(_needed(action))]


def _is_unnamed(page: IncidentSheet) -> bool:
    incident = page.incident
    unnamed = incident.scenario == UNCLASSIFIED and incident.state is not State.NEW
    return incident.kind is Kind.CRISIS and unnamed


def _draw_more(page: IncidentSheet, grave: list[Action]) -> None:
    """What is done seldom, behind one word."""
    words, works = page.words, page.is_open and page.may(Permission.WORK)
    exports = page.may(Permission.EXPORT)
    if not (works or exports or grave):
        return
    with put(ui.element("details"), data_key="more-acts").classes("choose push"):
        plain(words("incident.more"), "summary")
        with ui.element("div").classes("options"):
            if works:
                button(
                    words("incident.change_tier"),
                    partial(change_tier, page),
                    "act-quiet",
                    key="change-tier",
                )
                if page.incident.kind is Kind.CRISIS and not _is_unnamed(page):
                    button(
                        words("incident.name_scenario"),
                        partial(name_scenario, page),
                        "act-quiet",
                        key="name-scenario",
                    )
                if len(page.dossier.file.evidence) > 1:
                    button(words("split.do"), partial(split_off, page), "act-quiet", key="split")
            for action in grave:
                _action_button(page, action, "act-quiet act-grave")
            if exports:
                plain(words("incident.export"), classes="soft small")
                with ui.element("div").classes("line"):
                    for form in _EXPORTS:
                        _draw_export(page, form)


def _draw_export(page: IncidentSheet, form: Form) -> None:
    """A plain link: the browser saves what the API answers, with the session of the page."""
    address = f"/v1/incidents/{page.incident_id}/export?format={form.value}"
    with put(ui.element("a"), href=address, download="", data_key=f"export-{form.value}"):
        plain(form.value.upper())


def _action_button(page: IncidentSheet, action: Action, look: str) -> None:
    label = page.words.choice("action", action.value)
    button(label, partial(do, page, action), look, key=f"action-{action.value}")


def _needed(action: Action) -> Permission:
    return Permission.CLOSE if action is Action.CLOSE else Permission.WORK


async def do(page: IncidentSheet, action: Action) -> None:
    """Take one action of the incident's life, after a question where it needs one."""
    words, seen = page.words, page.incident
    if action not in _offered(page):
        return
    reason: str | None = None
    into: str | None = None
    if action in _ASKED:
        question = Question(
            title=words.choice("action", action.value),
            hint=words.choice("ask", action.value),
            confirm=words.choice("action", action.value),
            grave=action in _GRAVE,
            options=await others(page) if action is Action.MERGE else None,
            options_label=words("incident.into"),
            reason=words("dialog.reason" if action in NEEDS_REASON else "dialog.note"),
            reason_required=action in NEEDS_REASON,
        )
        reply = await page.ask(question)
        if reply is None:
            return
        reason, into = reply.reason or None, reply.choice

    async def deed(principal: Principal, version: int) -> None:
        desk = page.board.container.desk
        await desk.act(
            principal, page.incident_id, action, reason=reason, merge_into=into, version=version
        )

    await page.decide(seen, deed, done=words("incident.done"))


async def others(page: IncidentSheet) -> dict[str, str]:
    """The other open incidents in sight, the gravest first, as a person tells them apart."""
    found, _ = await page.board.container.desk.queue(
        page.principal, IncidentFilter(), limit=_OTHERS
    )
    monitors = {item.id: item.name for item in await page.board.container.monitors.every()}
    named = {}
    for item in found:
        if item.id != page.incident_id:
            title = incident_title(item, words=page.words, scenarios=page.scenarios)
            monitor = monitors.get(item.monitor_id, item.monitor_id)
            named[item.id] = f"{title} · {monitor} · {short_time(item.opened_at, page.zone)}"
    return named


async def change_tier(page: IncidentSheet) -> None:
    """Raise or lower the tier."""
    words, seen = page.words, page.incident
    tiers = {tier.id: words.of(tier.name) for tier in reversed(page.tiers) if tier.id != seen.tier}
    reply = await page.ask(
        Question(
            title=words("incident.change_tier"),
            hint=words("ask.change_tier"),
            confirm=words("incident.change_tier"),
            options=tiers,
            options_label=words("filter.tier"),
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None or reply.choice is None:
        return
    tier = reply.choice

    async def deed(principal: Principal, version: int) -> None:
        desk = page.board.container.desk
        await desk.set_tier(principal, page.incident_id, tier, reason=reply.reason, version=version)

    await page.decide(seen, deed, done=words("incident.done"))


async def name_scenario(page: IncidentSheet) -> None:
    """Say what the crisis is about."""
    words, seen = page.words, page.incident
    named = {
        name: title
        for name, title in page.scenarios.items()
        if name not in (seen.scenario, UNCLASSIFIED)
    }
    reply = await page.ask(
        Question(
            title=words("incident.name_scenario"),
            hint=words("ask.name_scenario"),
            confirm=words("incident.name_scenario"),
            options=named,
            options_label=words("filter.scenario"),
        )
    )
    if reply is None or reply.choice is None:
        return
    scenario = reply.choice

    async def deed(principal: Principal, version: int) -> None:
        desk = page.board.container.desk
        await desk.name_scenario(principal, page.incident_id, scenario, version=version)

    await page.decide(seen, deed, done=words("incident.done"))
