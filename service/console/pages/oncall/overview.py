"""On call at a glance: who is on now, the week of every rota with its gaps, roles and chains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from nicegui import ui

from playbooks import Role
from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.board import Board
from service.console.format import moment
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.pages.oncall.place import (
    HOME,
    NEW_ROTA,
    PEOPLE,
    PLACE,
    chain_address,
    role_address,
    rota_address,
)
from service.console.pages.oncall.week import (
    Week,
    draw_days,
    draw_legend,
    draw_shifts,
    draw_track,
    draw_turning,
    local,
    week_of,
)
from service.console.session import BASE, Visit
from service.console.states import empty
from service.console.theme import link, plain, tier_badge
from service.oncall import Shift, next_change, shipped_chains, who_is_on
from service.oncall.model import Chain, Duty, Rota, Target, TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What people, rotas, channels and roles are called."""

    people: Mapping[str, str]
    rotas: Mapping[str, str]
    channels: Mapping[str, str]

    def of(self, target: Target, words: Words) -> str:
        """A target in words."""
        match target.kind:
            case TargetKind.PERSON:
                return self.people.get(target.id, target.id)
            case TargetKind.ROTA:
                name = self.rotas.get(target.id, target.id)
                return words("oncall.target.rota", name=name)
            case TargetKind.CHANNEL:
                name = self.channels.get(target.id, target.id)
                return words("oncall.target.channel", name=name)
            case TargetKind.ROLE:
                name = words.choice("role", target.id)
                return words("oncall.target.role", name=name)
            case TargetKind.EVERYBODY:
                return words("oncall.target.everybody")
            case TargetKind.ACCOUNT:
                return words("oncall.target.account", name=target.id)


async def read_names(container: Container) -> Names:
    """Everything that a target may name."""
    return Names(
        people={item.id: item.name for item in await container.contacts.every()},
        rotas={item.id: item.name for item in await container.rotas.every()},
        channels={item.id: item.name for item in await container.channels.every()},
    )


def register_overview(board: Board) -> None:
    """The page `/on-call`."""
    container = board.container

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> None:
        words = visit.words
        principal = visit.session.principal
        rotas = await container.rotas.every()
        names = await read_names(container)
        week = week_of(visit, visit.zone)
        shifts = {rota.id: await _week(container, principal, rota, week) for rota in rotas}
        duties = {duty.id: duty for duty in await container.duties.every()}
        chains = {chain.id: chain for chain in await container.chains.every()}
        actions = heading(visit, words("oncall.title"), hint=words("oncall.hint"))
        with actions:
            link(f"{BASE}{PEOPLE}", words("oncall.people.title"), "act")
            if visit.may(Action.EDIT, Resource.ROTA):
                link(f"{BASE}{NEW_ROTA}", words("oncall.rota.new"), "act act-main")
        if not rotas:
            empty(words("oncall.rota.none"), words("oncall.rota.none_hint"))
        else:
            _draw_now(visit, rotas, names)
            _draw_week(visit, week, rotas, shifts, names)
        with ui.element("div").classes("columns even"):
            _draw_roles(visit, duties, names)
            _draw_chains(visit, board, chains)


async def _week(
    container: Container, principal: Principal, rota: Rota, week: Week
) -> tuple[Shift, ...]:
    return await container.oncall.shifts(principal, rota.id, since=week.since, until=week.until)


def _draw_now(visit: Visit, rotas: tuple[Rota, ...], names: Names) -> None:
    words, now = visit.words, visit.now()
    with ui.element("section").classes("panel stack"):
        plain(words("oncall.now"), "h2")
        with ui.element("div").classes("line on-now"):
            for rota in rotas:
                on = who_is_on(rota, now)
                change = next_change(rota, now)
                with ui.element("div").classes("tight"):
                    link(rota_address(rota.id), rota.name, "soft small")
                    if on.person is None:
                        plain(f"▲ {words('oncall.gap')}", "span", "strong late big")
                    else:
                        said = names.people.get(on.person, on.person)
                        plain(said, "span", "strong big foreign")
                    _draw_until(visit, change)


def _draw_until(visit: Visit, change: datetime | None) -> None:
    with ui.element("span").classes("small soft"):
        if change is None:
            plain(visit.words("oncall.no_change"))
        else:
            plain(f"{visit.words('oncall.until')} ")
            moment(visit, change)


def _draw_week(
    visit: Visit,
    week: Week,
    rotas: tuple[Rota, ...],
    shifts: Mapping[str, tuple[Shift, ...]],
    names: Names,
) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("oncall.week.title"), "h2")
            draw_turning(visit, week, HOME)
        holes = [
            (rota, shift)
            for rota in rotas
            for shift in shifts[rota.id]
            if shift.duty.person is None and shift.until > visit.now()
        ]
        _draw_gaps(visit, week, holes)
        with ui.element("div").classes("week"):
            plain("", "span")
            draw_days(words, week)
            for rota in rotas:
                link(rota_address(rota.id), rota.name, "foreign")
                draw_track(visit, week, shifts[rota.id], names.people)
        draw_legend(words, [shift for each in shifts.values() for shift in each])
        for rota in rotas:
            with ui.element("div").classes("tight"):
                plain(rota.name, "p", "small strong foreign")
                draw_shifts(visit, week, shifts[rota.id], names.people)


def _draw_gaps(visit: Visit, week: Week, holes: list[tuple[Rota, Shift]]) -> None:
    words = visit.words
    if not holes:
        plain(f"✓ {words('oncall.no_gaps')}", "p", "small good")
        return
    with ui.element("div").classes("problem tight").props('role="note"'):
        plain(f"▲ {words('oncall.gaps', count=len(holes))}", "p", "strong")
        for rota, shift in holes[:10]:
            said = words(
                "oncall.gap_of",
                rota=rota.name,
                since=local(shift.since, week.zone),
                until=local(shift.until, week.zone),
            )
            link(rota_address(rota.id), said, "small foreign")


def _draw_roles(visit: Visit, duties: Mapping[str, Duty], names: Names) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("oncall.roles.title"), "h2")
        plain(words("oncall.roles.hint"), "p", "soft small")
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for key in ("oncall.roles.role", "oncall.roles.holder", "oncall.roles.deputy"):
                    plain(words(key), "th").props('scope="col"')
            with ui.element("tbody"):
                for role in Role:
                    duty = duties.get(role.value)
                    with ui.element("tr"):
                        with ui.element("th").props('scope="row"'):
                            link(role_address(role.value), words.choice("role", role.value))
                        if duty is None:
                            plain(words("oncall.roles.unnamed"), "td", "soon")
                        else:
                            plain(names.of(duty.holder, words), "td", "foreign")
                        deputy = None if duty is None else duty.deputy
                        said = "–" if deputy is None else names.of(deputy, words)
                        plain(said, "td", "foreign")


def _draw_chains(visit: Visit, board: Board, chains: Mapping[str, Chain]) -> None:
    words = visit.words
    tiers = board.container.library.tiers.tiers
    with ui.element("section").classes("panel stack"):
        plain(words("oncall.chain.every"), "h2")
        plain(words("oncall.chain.every_hint"), "p", "soft small")
        with ui.element("ul").classes("stack plain-list"):
            for tier in reversed(tiers):
                own = chains.get(tier.id)
                steps = len((own or shipped_chains().get(tier.id) or _Shipped).steps)
                with ui.element("li").classes("line"):
                    tier_badge(words, tiers, tier.id)
                    key = "oncall.chain.shipped" if own is None else "oncall.chain.own"
                    plain(words(key), classes="state")
                    if steps:
                        plain(words("oncall.chain.steps_count", count=steps), classes="soft small")
                    link(chain_address(tier.id), words("oncall.chain.open"))
            for chain in chains.values():
                if chain.id not in {tier.id for tier in tiers}:
                    with ui.element("li").classes("line"):
                        link(chain_address(chain.id), chain.name, "foreign")
                        plain(chain.id, classes="code soft small")


class _Shipped:
    """A tier of a table of one's own: which shipped chain it follows is told on its page."""

    steps: tuple[object, ...] = ()
