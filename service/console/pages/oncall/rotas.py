"""One rota: its layers, its week, somebody else for a while, and two who swap."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.board import Board
from service.console.deeds import go
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.oncall.overrides import AHEAD, draw_overrides, draw_stand_in, draw_swap
from service.console.pages.oncall.overview import read_names
from service.console.pages.oncall.parts import at_places, read_parts
from service.console.pages.oncall.place import (
    HOME,
    NEW_ROTA,
    PLACE,
    ROTA,
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
from service.console.pages.oncall.windows import (
    draw_window,
    read_time,
    read_window,
    stored_window,
)
from service.console.session import Visit
from service.console.theme import button, plain
from service.errors import InvalidInput
from service.oncall import RotaDraft, Shift
from service.oncall.model import Layer, Override, Rota, zone_of

_DEFAULT_ZONE = "Asia/Shanghai"


def register_rotas(board: Board) -> None:
    """The pages of a new rota and of each."""
    _register_new(board)
    _register_one(board)


def _register_new(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, NEW_ROTA)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.ROTA)
        people = (await read_names(container)).people
        made: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            made.append(values.text("id"))
            await _save(container, principal, made[-1], values, words, people, version=0)

        async def after() -> None:
            go(visit, rota_address(made[-1]), said=words("oncall.saved"))

        heading(visit, words("oncall.rota.new"), hint=words("oncall.rota.new_hint"))
        with ui.element("section").classes("panel"):
            form = Form(visit, "rota-new", stored=_new_values(visit), save=save)
            form.after = after
            with form:
                hint = words("oncall.id_hint")
                form.text("id", words("oncall.id"), hint=hint, required=True, longest=64)
                _draw_fields(form, words, people, ())
                form.submit(words("oncall.save"))


def _register_one(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, ROTA)
    async def one(visit: Visit, rota_id: str) -> None:
        words = visit.words
        principal = visit.session.principal
        item = await container.rotas.get(rota_id)
        people = (await read_names(container)).people
        week = week_of(visit, zone_of(item.zone))
        shifts = await container.oncall.shifts(
            principal, rota_id, since=week.since, until=week.until
        )
        ahead = await container.oncall.shifts(
            principal, rota_id, since=visit.now(), until=visit.now() + AHEAD
        )

        async def read(_principal: Principal) -> Stored:
            return _stored(await container.rotas.get(rota_id), people, len(item.layers) + 1)

        async def save(principal: Principal, values: Values) -> None:
            await _save(
                container, principal, rota_id, values, words, people, version=values.version
            )

        may_edit = visit.may(Action.EDIT, Resource.ROTA)
        actions = heading(visit, item.name, hint=f"{item.id} · {item.zone}")
        if visit.may(Action.DELETE, Resource.ROTA):
            with actions:
                remove = partial(_delete, visit, container, item)
                button(words("oncall.delete"), remove, "act-grave", key="delete")
        _draw_week(visit, week, shifts, people, address=rota_address(rota_id))
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel stack column"):
                plain(words("oncall.rota.layers"), "h2")
                plain(words("oncall.rota.layers_hint"), "p", "soft small")
                stored = _stored(item, people, len(item.layers) + 1)
                form = Form(visit, f"rota-{rota_id}", stored=stored, save=save, reread=read)
                form.said, form.after = words("oncall.saved"), rota_address(rota_id)
                with form:
                    _draw_fields(form, words, people, item.layers)
                    if may_edit:
                        form.submit(words("oncall.save"))
            with ui.element("div").classes("stack column"):
                draw_overrides(visit, container, item, people, may_edit=may_edit)
                if may_edit:
                    draw_stand_in(visit, container, item, people)
                    draw_swap(visit, container, item, people, ahead)


def _draw_week(
    visit: Visit, week: Week, shifts: Sequence[Shift], people: Mapping[str, str], *, address: str
) -> None:
    words = visit.words
    now = visit.now()
    holes = [shift for shift in shifts if shift.duty.person is None and shift.until > now]
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("oncall.week.title"), "h2")
            draw_turning(visit, week, address)
        if holes:
            with ui.element("div").classes("problem tight").props('role="note"'):
                plain(f"▲ {words('oncall.gaps', count=len(holes))}", "p", "strong")
                for shift in holes[:10]:
                    since, until = (local(at, week.zone) for at in (shift.since, shift.until))
                    plain(words("oncall.gap_span", since=since, until=until), "p", "small")
        else:
            plain(f"✓ {words('oncall.no_gaps')}", "p", "small good")
        with ui.element("div").classes("week alone"):
            draw_days(words, week)
            draw_track(visit, week, shifts, people)
        draw_legend(words, shifts)
        draw_shifts(visit, week, shifts, people)


def _draw_fields(
    form: Form, words: Words, people: Mapping[str, str], layers: Sequence[Layer]
) -> None:
    form.text("name", words("oncall.name"), required=True, longest=200)
    form.text("zone", words("oncall.zone"), hint=words("oncall.zone_hint"), required=True)
    known = words("list.comma").join(people.values()) or words("oncall.nobody")
    for place in range(len(layers) + 1):
        path = f"layers[{place}]"
        with ui.element("fieldset").classes("part stack"):
            more = layers and place == len(layers)
            key = "oncall.rota.one_more" if more else "oncall.rota.layer"
            plain(words(key, number=place + 1), "legend", "strong")
            hint = words("oncall.rota.members_hint", people=known)
            form.lines(f"{path}.members", words("oncall.rota.members"), hint=hint, rows=3)
            with ui.element("div").classes("line"):
                form.day(f"{path}.starts_on", words("oncall.rota.starts_on"))
                form.text(f"{path}.hand_over", words("oncall.rota.hand_over"), kind="time")
                form.number(f"{path}.shift_days", words("oncall.rota.shift_days"))
            draw_window(
                form,
                f"{path}.window",
                words,
                legend=words("oncall.rota.window"),
                hint=words("oncall.rota.window_hint"),
                current=layers[place].window if place < len(layers) else None,
            )


async def _save(
    container: Container,
    principal: Principal,
    rota_id: str,
    values: Values,
    words: Words,
    people: Mapping[str, str],
    *,
    version: int | None,
) -> None:
    count = sum(path.endswith(".members") for path in values.raw)
    layers, places = read_parts(count, lambda place: _read_layer(values, place, words, people))
    overrides: tuple[Override, ...] = ()
    if version:
        overrides = (await container.rotas.get(rota_id)).overrides
    draft = RotaDraft(
        id=rota_id,
        name=values.text("name"),
        layers=layers,
        zone=values.text("zone"),
        overrides=overrides,
    )
    try:
        await container.rotas.put(principal, draft, version=version)
    except InvalidInput as error:
        raise at_places(error, "layers", places) from error


def _read_layer(
    values: Values, place: int, words: Words, people: Mapping[str, str]
) -> Layer | None:
    path = f"layers[{place}]"
    members = values.lines(f"{path}.members")
    if not members:
        return None
    counts = Counter(people.values())
    by_name = {name: person for person, name in people.items() if counts[name] == 1}
    starts_on = values.day(f"{path}.starts_on")
    if starts_on is None:
        said = words("oncall.rota.no_start")
        raise InvalidInput(said, errors=[(f"{path}.starts_on", said)])
    hand_over = values.text(f"{path}.hand_over")
    days = values.whole(f"{path}.shift_days")
    return Layer(
        members=tuple(by_name.get(member, member) for member in members),
        starts_on=starts_on,
        hand_over=read_time(f"{path}.hand_over", hand_over, words) if hand_over else time(9),
        shift_days=7 if days is None else days,
        window=read_window(values, f"{path}.window", words),
    )


def _new_values(visit: Visit) -> Stored:
    today = visit.now().astimezone(visit.zone).date()
    values = {"zone": visit.zone.key or _DEFAULT_ZONE, **_empty_layer(0, today)}
    return Stored(values=values)


def _empty_layer(place: int, starts_on: date) -> dict[str, object]:
    path = f"layers[{place}]"
    return {
        f"{path}.members": (),
        f"{path}.starts_on": starts_on,
        f"{path}.hand_over": "09:00",
        f"{path}.shift_days": 7,
        **stored_window(f"{path}.window", None),
    }


def _stored(item: Rota, people: Mapping[str, str], places: int) -> Stored:
    counts = Counter(people.values())
    shown = {person: name for person, name in people.items() if counts[name] == 1}
    values: dict[str, object] = {"name": item.name, "zone": item.zone}
    for place in range(places):
        if place >= len(item.layers):
            start = item.layers[0].starts_on if item.layers else item.created_at.date()
            values |= _empty_layer(place, start)
            continue
        layer, path = item.layers[place], f"layers[{place}]"
        values |= {
            f"{path}.members": [shown.get(member, member) for member in layer.members],
            f"{path}.starts_on": layer.starts_on,
            f"{path}.hand_over": f"{layer.hand_over:%H:%M}",
            f"{path}.shift_days": layer.shift_days,
            **stored_window(f"{path}.window", layer.window),
        }
    return Stored(values=values, version=item.version)


async def _delete(visit: Visit, container: Container, item: Rota) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await container.rotas.delete(principal, item.id, version=item.version)

    question = Question(
        title=words("oncall.delete_title", name=item.name),
        hint=words("oncall.rota.delete_hint"),
        confirm=words("oncall.delete"),
        grave=True,
    )
    said = words("oncall.deleted", name=item.name)
    await settle(visit, deed, question=question, leads_to=HOME, said=said)
