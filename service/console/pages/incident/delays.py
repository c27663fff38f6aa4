"""More time for a step: asked for with a reason, granted by another person, never for a law's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from nicegui import ui

from playbooks import DelayKind, RunStep, StepState
from service.auth import Action as Permission
from service.auth import Principal
from service.console.dialogs import Question
from service.console.format import short_time, span
from service.console.forms import Form, Values
from service.console.pages.incident.sheet import IncidentSheet
from service.console.theme import button, plain
from service.errors import InvalidInput

_MOST_MINUTES = 7 * 24 * 60


def offer_delay(page: IncidentSheet, step: RunStep) -> None:
    """The button that asks, where asking can lead to something."""
    dated = step.due_at is not None and step.state is StepState.PENDING
    if dated and not step.step.statutory and step.request is None and step.pause is None:
        label = page.words("delay.ask")
        button(label, partial(_ask, page, step), "act-small act-quiet", key=f"delay-{step.id}")


def draw_delay(page: IncidentSheet, step: RunStep) -> None:
    """What was asked for and waits, or that the clock stands still."""
    words = page.words
    if step.request is not None:
        asked = step.request
        said = words(
            f"delay.asked.{asked.kind.value}",
            name=page.name_of(asked.by),
            span=span(asked.lasting, words),
            reason=asked.reason,
        )
        with ui.element("div").classes("line small"):
            plain(said, classes="foreign")
            if page.may(Permission.APPROVE) and asked.by != page.principal.id:
                grant, refuse = (
                    partial(_decide, page, step, True),
                    partial(_decide, page, step, False),
                )
                button(words("delay.grant"), grant, "act-small", key=f"grant-{step.id}")
                look = "act-small act-quiet"
                button(words("delay.refuse"), refuse, look, key=f"refuse-{step.id}")
            else:
                plain(words("delay.waits"), classes="soft")
    if step.pause is not None:
        with ui.element("div").classes("line small"):
            plain(words("delay.stands", at=short_time(step.pause.until, page.zone)))
            if page.may(Permission.WORK):
                resume = partial(_resume, page, step)
                button(words("delay.resume"), resume, "act-small", key=f"resume-{step.id}")


def kinds(page: IncidentSheet) -> Mapping[str, str]:
    """What may be asked for, in words."""
    return {kind.value: page.words.choice("delay.kinds", kind.value) for kind in DelayKind}


async def _ask(page: IncidentSheet, step: RunStep) -> None:
    words, visit = page.words, page.visit

    async def save(principal: Principal, values: Values) -> None:
        minutes = values.whole("minutes") or 0
        if not 1 <= minutes <= _MOST_MINUTES:
            problem = words("delay.minutes_hint")
            raise InvalidInput(problem, errors=[("minutes", problem)])
        await page.board.container.response_desk.ask_delay(
            principal,
            page.incident_id,
            step.id,
            kind=DelayKind(values.text("kind")),
            lasting=timedelta(minutes=minutes),
            reason=values.text("reason"),
        )

    async def done() -> None:
        dialog.close()
        await page.reread(await visit.principal())

    with visit.client.content, ui.dialog() as dialog, ui.element("section").classes("panel ask"):
        plain(words("delay.title", step=words.of(step.step.title)), "h2")
        plain(words("delay.hint"), "p", "hint")
        form = Form(visit, f"delay-{page.incident_id}-{step.id}", save=save)
        form.said, form.after = words("delay.sent"), done
        with form:
            form.choice("kind", words("delay.kind"), kinds(page))
            form.number("minutes", words("delay.minutes"), hint=words("delay.minutes_hint"))
            form.long_text("reason", words("delay.reason"), required=True, longest=2000, rows=2)
            with form.submit(words("delay.ask")):
                button(words("dialog.cancel"), dialog.close, key="delay-cancel")
    await dialog
    dialog.delete()


async def _decide(page: IncidentSheet, step: RunStep, granted: bool) -> None:
    words = page.words
    label = words("delay.grant" if granted else "delay.refuse")
    reply = await page.ask(
        Question(title=label, confirm=label, grave=not granted, reason=words("dialog.note"))
    )
    if reply is None:
        return

    async def deed(principal: Principal) -> None:
        await page.board.container.response_desk.decide_delay(
            principal, page.incident_id, step.id, granted=granted, note=reply.reason or None
        )

    await page.act(deed, done=words("incident.done"))


async def _resume(page: IncidentSheet, step: RunStep) -> None:
    async def deed(principal: Principal) -> None:
        await page.board.container.response_desk.resume(principal, page.incident_id, step.id)

    await page.act(deed, done=page.words("incident.done"))
