"""The head of the incident page: what it is, its clocks, the next deadline, what can be done."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from nicegui import ui

from playbooks import RunStep, StepState
from service.auth import Action as Permission
from service.auth import Principal
from service.console.dialogs import Question
from service.console.format import full_time, short_time
from service.console.pages.incident_sheet import IncidentSheet
from service.console.session import BASE
from service.console.theme import button, link, plain, ticking, tier_badge
from service.incidents import UNCLASSIFIED, Action, Kind, State
from service.incidents.lifecycle import NEEDS_REASON, OPEN_STATES, allowed_actions
from service.incidents.repository import IncidentFilter

_QUOTED = 160
_GRAVE = frozenset({Action.MARK_FALSE_POSITIVE, Action.MERGE})
_ASKED = frozenset({Action.RESOLVE, Action.CLOSE, Action.REOPEN}) | _GRAVE


def draw_head(page: IncidentSheet) -> None:
    """Title, clocks, deadline, actions."""
    with ui.element("section").classes("panel head"):
        with ui.element("div").classes("line"):
            tier_badge(page.words, page.tiers, page.dossier.incident.tier)
            plain(page.title, "h1")
            _marks(page)
        _facts(page)
        _first_words(page)
        _clocks(page)
        _actions(page)


def _marks(page: IncidentSheet) -> None:
    incident, words = page.dossier.incident, page.words
    plain(
        words.choice("state", incident.state.value), classes=f"state state-{incident.state.value}"
    )
    if incident.kind is not Kind.CRISIS:
        plain(words.choice("kind", incident.kind.value), classes="state")
    if incident.drill:
        plain(words("incident.drill"), classes="state")
    if incident.contained_at is not None:
        plain(words("incident.contained"), classes="state state-resolved")


def _facts(page: IncidentSheet) -> None:
    incident, words = page.dossier.incident, page.words
    with ui.element("div").classes("line soft"):
        plain(incident.title)
        plain(words("incident.posts", count=f"{incident.posts:,}"))
        holder = incident.assignee
        if holder is None:
            plain(words("queue.nobody"), classes="late")
        else:
            plain(words("incident.held_by", name=page.name_of(holder)))
        plain(incident.id, classes="small code")
        if incident.previous_id:
            link(f"{BASE}/incidents/{incident.previous_id}", words("incident.previous"))
        if incident.merged_into:
            link(f"{BASE}/incidents/{incident.merged_into}", words("incident.merged_into"))


def _first_words(page: IncidentSheet) -> None:
    """How the first post begins: what it is all about, before anything else is read."""
    first_id = page.dossier.incident.first_post_id
    for item in page.dossier.file.evidence:
        if item.post_id == first_id:
            said = str(item.snapshot.get("text") or item.snapshot.get("title") or "")
            with ui.element("p").classes("quote"):
                plain(page.words("evidence.first"), classes="soft small")
                plain(said[:_QUOTED], classes="foreign")
            return


def _clocks(page: IncidentSheet) -> None:
    incident, words = page.dossier.incident, page.words
    with ui.element("div").classes("clocks"):
        following = _next_step(page)
        with ui.element("div").classes("clock clock-main"):
            if following is None or following.due_at is None:
                plain(words("queue.no_deadline"), classes="soft")
            else:
                plain(words("incident.next_deadline"), classes="soft small")
                ticking("until", following.due_at, **_warning(following)).classes("count")
                title = words.of(following.step.title)
                role = words.choice("role", following.step.role.value)
                plain(f"{title} · {role}", classes="strong")
                plain(short_time(following.due_at, page.zone), classes="soft small")
        overdue = _overdue(page)
        if overdue:
            with ui.element("div").classes("clock"):
                plain(words("incident.overdue"), classes="soft small")
                plain(str(overdue), classes="count late")
        for label, instant in (
            (words("clock.first_post"), incident.first_post_at),
            (words("clock.opened"), incident.opened_at),
        ):
            _clock(page, label, instant)
        if incident.acknowledged_at is not None:
            with ui.element("div").classes("clock"):
                plain(words("incident.acknowledged_after"), classes="soft small")
                stop = incident.acknowledged_at.isoformat()
                ticking("since", incident.opened_at, data_stop=stop).classes("count")
                plain(short_time(incident.acknowledged_at, page.zone), classes="soft small")


def _clock(page: IncidentSheet, label: str, instant: datetime) -> None:
    ended = page.dossier.incident.closed_at
    stop = {} if ended is None else {"data_stop": ended.isoformat()}
    with ui.element("div").classes("clock"):
        plain(label, classes="soft small")
        title = full_time(instant, page.zone)
        ticking("since", instant, title=title, **stop).classes("count")
        plain(short_time(instant, page.zone), classes="soft small")


def _next_step(page: IncidentSheet) -> RunStep | None:
    """The step that breaks next; when all that is open is late, the one that is late longest."""
    run = page.dossier.run
    if run is None or page.dossier.incident.state not in OPEN_STATES:
        return None
    dated = [
        (step.state is StepState.BREACHED, step.due_at, step.order, step)
        for step in run.steps
        if step.open and step.due_at is not None
    ]
    return min(dated, key=lambda item: item[:3])[3] if dated else None


def _overdue(page: IncidentSheet) -> int:
    run = page.dossier.run
    steps = () if run is None else run.steps
    return sum(step.state is StepState.BREACHED for step in steps)


def _warning(step: RunStep) -> dict[str, str]:
    return {} if step.warn_at is None else {"data_warn": step.warn_at.isoformat()}


def _actions(page: IncidentSheet) -> None:
    incident, words = page.dossier.incident, page.words
    offered = [action for action in allowed_actions(incident.state) if page.may(_needed(action))]
    with ui.element("div").classes("line actions"):
        for place, action in enumerate(offered):
            if action not in _GRAVE:
                _action_button(page, action, "act-main" if place == 0 else "")
        if incident.state in OPEN_STATES and page.may(Permission.WORK):
            button(words("incident.change_tier"), partial(_change_tier, page), key="change-tier")
            if incident.kind is Kind.CRISIS:
                unnamed = incident.scenario == UNCLASSIFIED and incident.state is not State.NEW
                button(
                    words("incident.name_scenario"),
                    partial(_name_scenario, page),
                    "act-main" if unnamed else "",
                    key="name-scenario",
                )
        with ui.element("div").classes("line push"):
            for action in offered:
                if action in _GRAVE:
                    _action_button(page, action, "act-grave")


def _action_button(page: IncidentSheet, action: Action, look: str) -> None:
    label = page.words.choice("action", action.value)
    button(label, partial(_do, page, action), look, key=f"action-{action.value}")


def _needed(action: Action) -> Permission:
    return Permission.CLOSE if action is Action.CLOSE else Permission.WORK


async def _do(page: IncidentSheet, action: Action) -> None:
    words = page.words
    reason: str | None = None
    into: str | None = None
    if action in _ASKED:
        question = Question(
            title=words.choice("action", action.value),
            hint=words.choice("ask", action.value),
            confirm=words.choice("action", action.value),
            grave=action in _GRAVE,
            options=await _others(page) if action is Action.MERGE else None,
            options_label=words("incident.into"),
            reason=words("dialog.reason" if action in NEEDS_REASON else "dialog.note"),
            reason_required=action in NEEDS_REASON,
        )
        reply = await page.ask(question)
        if reply is None:
            return
        reason, into = reply.reason or None, reply.choice

    async def deed(principal: Principal) -> None:
        desk = page.board.container.desk
        await desk.act(principal, page.incident_id, action, reason=reason, merge_into=into)

    await page.act(deed, done=words("incident.done"))


async def _others(page: IncidentSheet) -> dict[str, str]:
    rows, _ = await page.board.open_rows(page.principal, IncidentFilter(), page.words)
    return {
        row.id: f"{row.title} · {row.monitor} · {short_time(row.opened_at, page.zone)}"
        for row in rows
        if row.id != page.incident_id
    }


async def _change_tier(page: IncidentSheet) -> None:
    words, incident = page.words, page.dossier.incident
    others = {
        tier.id: words.of(tier.name) for tier in reversed(page.tiers) if tier.id != incident.tier
    }
    reply = await page.ask(
        Question(
            title=words("incident.change_tier"),
            hint=words("ask.change_tier"),
            confirm=words("incident.change_tier"),
            options=others,
            options_label=words("filter.tier"),
            reason=words("dialog.reason"),
            reason_required=True,
        )
    )
    if reply is None or reply.choice is None:
        return
    tier = reply.choice

    async def deed(principal: Principal) -> None:
        desk = page.board.container.desk
        await desk.set_tier(principal, page.incident_id, tier, reason=reply.reason)

    await page.act(deed, done=words("incident.done"))


async def _name_scenario(page: IncidentSheet) -> None:
    words, incident = page.words, page.dossier.incident
    others = {
        name: title
        for name, title in page.scenarios.items()
        if name not in (incident.scenario, UNCLASSIFIED)
    }
    reply = await page.ask(
        Question(
            title=words("incident.name_scenario"),
            hint=words("ask.name_scenario"),
            confirm=words("incident.name_scenario"),
            options=others,
            options_label=words("filter.scenario"),
        )
    )
    if reply is None or reply.choice is None:
        return
    scenario = reply.choice

    async def deed(principal: Principal) -> None:
        await page.board.container.desk.name_scenario(principal, page.incident_id, scenario)

    await page.act(deed, done=words("incident.done"))
