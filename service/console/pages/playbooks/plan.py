"""The plan of a playbook at a tier: steps with their times, and what would happen now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from nicegui import ui

from playbooks import Anchors, PlannedStep, Playbook, Tier, UnknownContent, by_due, plan
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import short_time, span
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.pages.playbooks import place
from service.console.pages.playbooks.happening import Foreseen, draw_happening, foresee
from service.console.panels import Cell, small_table
from service.console.session import Visit
from service.console.states import later
from service.console.theme import link, plain, put, tier_badge
from service.errors import InvalidInput, NotFound


def register(board: Board) -> None:
    """The page `/playbooks/{playbook_id}?tier=&at=`."""

    @console_page(board, place.PLACE, "/playbooks/{playbook_id}")
    async def one(visit: Visit, playbook_id: str) -> None:
        try:
            playbook = board.container.library.playbook(playbook_id)
        except UnknownContent as error:
            raise NotFound(str(error)) from error
        tier = visit.query.get("tier", "")
        if tier not in playbook.tiers:
            tier = playbook.tiers[-1]
        opened = _opened(visit)
        steps = _planned(playbook, tier, opened)
        _draw_head(board, visit, playbook, tier, opened)
        _draw_plan(visit, playbook, steps, opened)
        if visit.may(Action.READ, Resource.CHAIN):

            async def load(principal: Principal) -> tuple[Foreseen, ...]:
                return await foresee(board, principal, visit.words, tier, steps, opened=opened)

            later(visit, load, lambda found: draw_happening(visit, found, opened))


def _opened(visit: Visit) -> datetime:
    """When the incident would open: now, or what the address says in the zone of the settings."""
    text = visit.query.get("at", "")[:32]
    if not text:
        return visit.now()
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return visit.now()
    return at if at.tzinfo is not None else at.replace(tzinfo=visit.zone)


def _planned(playbook: Playbook, tier: str, opened: datetime) -> tuple[PlannedStep, ...]:
    try:
        return by_due(plan(playbook, Anchors.at_opening(tier=tier, opened=opened)))
    except OverflowError as error:
        raise InvalidInput(
            "a deadline would lie outside the calendar", errors=[("at", "too far away")]
        ) from error


def _draw_head(board: Board, visit: Visit, playbook: Playbook, tier: str, opened: datetime) -> None:
    words = visit.words
    tiers: tuple[Tier, ...] = board.container.library.tiers.tiers
    title = place.title_of(board, words, playbook)
    with heading(visit, title, hint=words.of(playbook.name)):
        link(place.LIST, words("playbooks.back"), "act")
        anchor = playbook.scenario or playbook.kind.value
        kind = "scenario" if playbook.scenario else "kind"
        lang = words.language.value
        printed = f"{place.handbook_address(lang)}#{kind}-{anchor}"
        link(printed, words("playbooks.handbook.here"), "act").props('target="_blank"')
    with put(ui.element("nav"), aria_label=words("playbooks.tiers")).classes("line"):
        for name in playbook.tiers:
            with put(ui.element("a"), href=place.address(playbook.id, name)) as anchor_element:
                if name == tier:
                    put(anchor_element, aria_current="true").classes("chosen-tier")
                tier_badge(words, tiers, name)
    with put(ui.element("form"), method="get", action="").classes("line"):
        put(ui.element("input"), type="hidden", name="tier", value=tier)
        put(plain(words("playbooks.opened"), "label"), for_="opened")
        box = put(ui.element("input"), type="datetime-local", name="at", id="opened")
        put(box, defaultValue=f"{opened.astimezone(visit.zone):%Y-%m-%dT%H:%M}").classes("short")
        plain(visit.zone.key, classes="soft")
        with put(ui.element("button"), type="submit").classes("act act-small"):
            plain(words("playbooks.look"))


def _draw_plan(
    visit: Visit, playbook: Playbook, steps: Sequence[PlannedStep], opened: datetime
) -> None:
    words = visit.words
    titles = {step.id: words.of(step.title) for step in playbook.steps}
    names = ("due", "step", "who", "counts", "warned", "escalated")

    def row(step: PlannedStep) -> tuple[Cell, ...]:
        due = "–" if step.due_at is None else short_time(step.due_at, visit.zone)
        return (
            lambda: _draw_due(visit, step, due, opened),
            lambda: _draw_step(words, step, titles),
            words.choice("role", step.step.role.value),
            _counts(words, step, titles),
            "–" if step.warn_at is None else short_time(step.warn_at, visit.zone),
            _escalated(visit, step),
        )

    with ui.element("section").classes("panel stack"):
        plain(words("playbooks.plan", count=len(steps)), "h2")
        years = sorted({year for step in steps for year in step.unknown_years})
        if years:
            named = words("list.comma").join(str(year) for year in years)
            plain(f"⚠ {words('playbooks.unknown_years', years=named)}", "p", "soon")
        small_table(
            [words(f"playbooks.{name}") for name in names],
            [row(step) for step in steps],
            caption=words("playbooks.plan", count=len(steps)),
        )


def _draw_due(visit: Visit, step: PlannedStep, due: str, opened: datetime) -> None:
    words = visit.words
    plain(due, "div", "nowrap strong")
    if step.due_at is not None:
        after = span(step.due_at - opened, words)
        plain(words("playbooks.after", time=after), "div", "soft small")


def _draw_step(words: Words, step: PlannedStep, titles: dict[str, str]) -> None:
    plain(titles[step.id], "div", "strong foreign")
    marks = []
    if not step.step.mandatory:
        marks.append(words("playbooks.may_skip"))
    if step.step.statutory:
        marks.append(words("playbooks.statutory"))
    if step.step.needs:
        named = words("list.comma").join(titles[name] for name in step.step.needs)
        marks.append(words("playbooks.needs", steps=named))
    if marks:
        plain(" · ".join(marks), "div", "soft small")
    if step.instructions is not None:
        with ui.element("details"):
            plain(words("playbooks.how"), "summary", "soft small")
            plain(words.of(step.instructions), "p", "how foreign")


def _counts(words: Words, step: PlannedStep, titles: dict[str, str]) -> str:
    """From when its time counts."""
    before = step.step.anchor_step
    if before is not None:
        return words("playbooks.from_step", step=titles.get(before, before))
    return words.choice("playbooks.anchors", step.step.anchor)


def _escalated(visit: Visit, step: PlannedStep) -> str:
    if step.escalate_at is None:
        return "–"
    role = visit.words.choice("role", step.step.escalate_to.value)
    return f"{short_time(step.escalate_at, visit.zone)} → {role}"
