"""Somebody else for a while, and two who swap their shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import timedelta
from functools import partial

from nicegui import ui

from service.auth import Principal
from service.bootstrap import Container
from service.console.deeds import attempt, go
from service.console.dialogs import undo
from service.console.forms import Form, Values
from service.console.pages.oncall.place import rota_address
from service.console.pages.oncall.week import local
from service.console.session import Visit
from service.console.theme import button, plain
from service.errors import InvalidInput
from service.oncall import RotaDraft, Shift
from service.oncall.model import Override, Rota, zone_of

AHEAD = timedelta(days=28)
"""How far shifts are offered for a swap."""


def draw_overrides(
    visit: Visit, container: Container, item: Rota, people: Mapping[str, str], *, may_edit: bool
) -> None:
    """Who stands in for whom from now on, each to be taken away again."""
    words, zone = visit.words, zone_of(item.zone)
    standing = [each for each in item.overrides if each.until > visit.now()]
    with ui.element("section").classes("panel stack"):
        plain(words("oncall.override.title"), "h2")
        if not standing:
            plain(words("oncall.override.none"), "p", "soft")
        for number, each in enumerate(standing):
            with ui.element("div").classes("line"):
                plain(people.get(each.person, each.person), classes="strong foreign")
                since, until = (local(at, zone) for at in (each.since, each.until))
                plain(words("oncall.gap_span", since=since, until=until), classes="small")
                if may_edit:
                    label = words("oncall.override.remove")
                    take_away = partial(_take_away, visit, container, item.id, each)
                    button(label, take_away, "act-small", key=f"override-{number}")


def draw_stand_in(
    visit: Visit, container: Container, item: Rota, people: Mapping[str, str]
) -> None:
    """The form for somebody else for a while."""
    words = visit.words

    async def save(principal: Principal, values: Values) -> None:
        since, until = values.instant("since"), values.instant("until")
        if since is None or until is None or until <= since:
            said = words("oncall.override.turned")
            raise InvalidInput(said, errors=[("until", said)])
        override = Override(person=values.text("person"), since=since, until=until)
        await _add(container, principal, item.id, (override,))

    with ui.element("section").classes("panel"), ui.element("details"):
        plain(words("oncall.override.new"), "summary", "strong")
        form = Form(visit, f"override-{item.id}", save=save)
        form.said, form.after = words("oncall.override.saved"), rota_address(item.id)
        with form:
            form.choice("person", words("oncall.override.person"), people)
            form.instant("since", words("oncall.override.since"), required=True)
            form.instant("until", words("oncall.override.until"), required=True)
            form.submit(words("oncall.override.save"))


def draw_swap(
    visit: Visit,
    container: Container,
    item: Rota,
    people: Mapping[str, str],
    ahead: Sequence[Shift],
) -> None:
    """The form for two who swap shifts; nothing where only one person is on."""
    words, zone = visit.words, zone_of(item.zone)
    shifts = {
        f"{shift.since.isoformat()}/{shift.until.isoformat()}": shift
        for shift in ahead
        if shift.duty.person is not None
    }
    if len({shift.duty.person for shift in shifts.values()}) < 2:
        return
    options = {
        key: words(
            "oncall.week.shift",
            who=people.get(shift.duty.person or "", shift.duty.person or ""),
            since=local(shift.since, zone),
            until=local(shift.until, zone),
        )
        for key, shift in shifts.items()
    }

    async def save(principal: Principal, values: Values) -> None:
        first, second = shifts[values.text("first")], shifts[values.text("second")]
        if first.duty.person == second.duty.person:
            said = words("oncall.swap.same")
            raise InvalidInput(said, errors=[("second", said)])
        overrides = tuple(
            Override(person=other.duty.person or "", since=mine.since, until=mine.until)
            for mine, other in ((first, second), (second, first))
        )
        await _add(container, principal, item.id, overrides)

    with ui.element("section").classes("panel"), ui.element("details"):
        plain(words("oncall.swap.title"), "summary", "strong")
        plain(words("oncall.swap.hint"), "p", "soft small")
        form = Form(visit, f"swap-{item.id}", save=save)
        form.said, form.after = words("oncall.swap.saved"), rota_address(item.id)
        with form:
            form.choice("first", words("oncall.swap.first"), options)
            form.choice("second", words("oncall.swap.second"), options)
            form.submit(words("oncall.swap.save"))


async def _add(
    container: Container, principal: Principal, rota_id: str, more: Sequence[Override]
) -> None:
    """Put overrides in: a swap takes effect as a whole or not at all."""
    item = await container.rotas.get(rota_id)
    draft = replace(_draft_of(item), overrides=(*item.overrides, *more))
    await container.rotas.put(principal, draft, version=item.version)


async def _take_away(visit: Visit, container: Container, rota_id: str, gone: Override) -> None:
    """Remove an override; for ten seconds it can be put back."""

    async def deed(principal: Principal) -> None:
        item = await container.rotas.get(rota_id)
        kept = tuple(each for each in item.overrides if each != gone)
        draft = replace(_draft_of(item), overrides=kept)
        await container.rotas.put(principal, draft, version=item.version)

    async def back(principal: Principal) -> None:
        await _add(container, principal, rota_id, (gone,))
        go(visit, rota_address(rota_id))

    if await attempt(visit, deed):
        undo(visit, visit.words("oncall.override.removed"), back)


def _draft_of(item: Rota) -> RotaDraft:
    return RotaDraft(**{field.name: getattr(item, field.name) for field in fields(RotaDraft)})
