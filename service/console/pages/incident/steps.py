"""The playbook as a checklist by role, the role with the most urgent step first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from nicegui import ui

from playbooks import Moment, RunStep, StepState
from service.auth import Action as Permission
from service.auth import Principal, Resource
from service.console.dialogs import Question
from service.console.format import short_time, span
from service.console.pages.incident.delays import draw_delay, offer_delay
from service.console.pages.incident.sheet import IncidentSheet
from service.console.session import BASE
from service.console.theme import button, link, plain, put, ticking

_MARKS = {
    StepState.PENDING: "○",
    StepState.BREACHED: "!",
    StepState.DONE: "✓",
    StepState.SKIPPED: "–",
    StepState.CANCELLED: "×",
}
# The other moments are actions on this very page: they are done, or put off, but not left out.
_SKIPPED_BY_HAND = (None, Moment.CONTAINED)
_NEVER = datetime.max.replace(tzinfo=UTC)


def steps_by_role(steps: Iterable[RunStep]) -> tuple[tuple[str, tuple[RunStep, ...]], ...]:
    """Steps by role: open ones first, by due time; roles by their most urgent open step."""
    grouped: dict[str, list[RunStep]] = {}
    for step in steps:
        grouped.setdefault(step.step.role.value, []).append(step)
    ordered = [(role, tuple(sorted(group, key=_urgency))) for role, group in grouped.items()]
    return tuple(sorted(ordered, key=lambda item: _urgency(item[1][0])))


def _urgency(step: RunStep) -> tuple[bool, datetime, int]:
    return not step.open, step.due_at or _NEVER, step.order


def draw_steps(page: IncidentSheet) -> None:
    """Every step with its deadline, its instructions and what can be done with it."""
    run, words = page.dossier.run, page.words
    with put(ui.element("section"), id="steps").classes("panel stack"):
        if run is None:
            plain(words("steps.title"), "h2")
            plain(words("steps.none"), classes="soft")
            return
        asked = [step for step in run.steps if step.state is not StepState.CANCELLED]
        ended = sum(step.ended for step in asked)
        with ui.element("div").classes("line"):
            plain(words.of(run.playbook.name), "h2")
            plain(words("steps.progress", done=ended, all=len(asked)), classes="soft")
        for role, steps in steps_by_role(run.steps):
            _draw_role(page, role, steps)


def _draw_role(page: IncidentSheet, role: str, steps: tuple[RunStep, ...]) -> None:
    """What is open stands there; what is over is one line that opens."""
    words = page.words
    now = [step for step in steps if step.open]
    over = [step for step in steps if not step.open]
    with ui.element("div").classes("role"):
        plain(words.choice("role", role), "h3", "role-name")
        if now:
            with ui.element("ul").classes("steps"):
                for step in now:
                    StepLine(page, step).draw()
        if over:
            details = put(ui.element("details"), data_key=f"over-{role}").classes("more")
            with details:
                plain(words("steps.over", count=len(over)), "summary", "small")
                with ui.element("ul").classes("steps"):
                    for step in over:
                        StepLine(page, step).draw()


class StepLine:
    """One step."""

    def __init__(self, page: IncidentSheet, step: RunStep) -> None:
        self._page = page
        self._words = page.words
        self._step = step

    def draw(self) -> None:
        """Mark, title, clock, hints, buttons."""
        step, words = self._step, self._words
        line = ui.element("li").classes(f"step step-{step.state.value}")
        put(line, id=f"step-{step.id}")
        with line:
            state = words.choice("step_state", step.state.value)
            put(plain(_MARKS[step.state], classes="mark"), role="img", aria_label=state)
            with ui.element("div").classes("grow tight"):
                with ui.element("div").classes("line"):
                    plain(words.of(step.step.title), classes="strong")
                    if not step.step.mandatory:
                        plain(words("steps.optional"), classes="soft small")
                    if step.step.statutory:
                        plain(words("steps.statutory"), classes="state")
                    self._when()
                with ui.element("div").classes("line small hints"):
                    self._instructions()
                    self._hints()
                draw_delay(self._page, step)
            self._buttons()

    def _when(self) -> None:
        step, words, zone = self._step, self._words, self._page.zone
        with ui.element("div").classes("line small when"):
            if step.done_at is not None and step.ended:
                who = step.by and self._page.name_of(step.by)
                done = words.choice("step_state", step.state.value)
                at = short_time(step.done_at, zone)
                plain(" · ".join(part for part in (done, at, who) if part), classes="foreign")
                if step.late_by is not None:
                    plain(words("steps.late_by", span=span(step.late_by, words)), classes="late")
            elif step.state is StepState.CANCELLED:
                plain(words.choice("step_state", step.state.value), classes="soft")
            elif step.pause is not None:
                plain(words("steps.paused"), classes="state")
            elif step.due_at is None:
                plain(words("steps.no_deadline"), classes="soft")
            else:
                warn = {} if step.warn_at is None else {"data_warn": step.warn_at.isoformat()}
                ticking("until", step.due_at, **warn).classes("count")
                plain(short_time(step.due_at, zone), classes="soft")
                if step.escalated_at is not None:
                    to = words.choice("role", step.step.escalate_to.value)
                    plain(words("steps.escalated", role=to), classes="late")

    def _hints(self) -> None:
        step, words, run = self._step, self._words, self._page.dossier.run
        if step.note:
            plain(words("steps.note", note=step.note), classes="foreign")
        if not step.open or run is None:
            return
        if step.step.done_on is not None:
            plain(words.choice("done_on", step.step.done_on.value), classes="soft")
        titles = {other.id: words.of(other.step.title) for other in run.steps if other.open}
        unmet = [titles[need] for need in step.step.needs if need in titles]
        if unmet:
            listed = words("list.comma").join(unmet)
            plain(words("steps.needs", steps=listed), classes="soft")
        if step.step.template and self._page.may(Permission.EDIT, Resource.STATEMENT):
            address = f"{BASE}/incidents/{self._page.incident_id}/statements/new"
            link(f"{address}?template={step.step.template}", words("steps.write"))

    def _instructions(self) -> None:
        if self._step.instructions is None or self._step.state is StepState.CANCELLED:
            return
        with put(ui.element("details"), data_key=f"how-{self._step.id}"):
            plain(self._words("steps.how"), "summary", "soft")
            plain(self._words.of(self._step.instructions), "p", "how")

    def _buttons(self) -> None:
        step, words, run = self._step, self._words, self._page.dossier.run
        if run is None or not run.counts(step) or not self._page.may(Permission.WORK):
            return
        with ui.element("div").classes("line step-buttons"):
            if step.open:
                moment = step.step.done_on
                if moment is None:
                    button(words("steps.do"), self._do, "act-small", key=f"do-{step.id}")
                look = "act-small act-quiet"
                if moment in _SKIPPED_BY_HAND:
                    button(words("steps.skip"), self._skip, look, key=f"skip-{step.id}")
                offer_delay(self._page, step)
            elif step.ended and (step.step.done_on is None or step.state is StepState.SKIPPED):
                button(
                    words("steps.reopen"),
                    self._reopen,
                    "act-small act-quiet",
                    key=f"reopen-{step.id}",
                )

    async def _do(self) -> None:
        page, words, step = self._page, self._words, self._step
        reply = await page.ask(
            Question(
                title=words("steps.do_title", step=words.of(step.step.title)),
                confirm=words("steps.do"),
                reason=words("dialog.note"),
            )
        )
        if reply is None:
            return

        async def deed(principal: Principal) -> None:
            desk = page.board.container.response_desk
            await desk.do(principal, page.incident_id, step.id, note=reply.reason)

        await page.act(deed, done=words("steps.done"), take_back=self._take_back)

    async def _skip(self) -> None:
        page, words, step = self._page, self._words, self._step
        reply = await page.ask(
            Question(
                title=words("steps.skip_title", step=words.of(step.step.title)),
                hint=words("ask.skip"),
                confirm=words("steps.skip"),
                grave=True,
                reason=words("dialog.reason"),
                # Even an optional step is skipped with a word: somebody will ask why.
                reason_required=True,
            )
        )
        if reply is None:
            return

        async def deed(principal: Principal) -> None:
            desk = page.board.container.response_desk
            await desk.skip(principal, page.incident_id, step.id, reason=reply.reason)

        await page.act(deed, done=words("steps.skipped"), take_back=self._take_back)

    async def _take_back(self, principal: Principal) -> None:
        desk = self._page.board.container.response_desk
        await desk.reopen(principal, self._page.incident_id, self._step.id)

    async def _reopen(self) -> None:
        await self._page.act(self._take_back, done=self._words("steps.reopened"))
