"""One chain: its steps, and whom it would page now and in the half hour that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from nicegui import ui

from playbooks import Role
from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.board import Board
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.oncall.overview import Names, read_names
from service.console.pages.oncall.parts import at_places, read_parts
from service.console.pages.oncall.place import CHAIN, HOME, PLACE, chain_address
from service.console.pages.oncall.roles import target_of, target_options
from service.console.pages.oncall.tryout import draw_tryout
from service.console.pages.oncall.windows import draw_window, read_window, stored_window
from service.console.session import Visit
from service.console.theme import button, plain
from service.errors import InvalidInput, NotFound
from service.oncall import ChainDraft
from service.oncall.model import EVERYBODY, Chain, ChainStep, Target, TargetKind

MINUTES = 30
_HINTED = frozenset({"anew", "rest_min"})
_NUMBERS = ("repeat", "again_min", "anew", "rest_min", "lease_min", "reach_min", "seat_min")


def register_chains(board: Board) -> None:
    """The page of each chain."""
    container = board.container

    @console_page(board, PLACE, CHAIN)
    async def one(visit: Visit, chain_id: str) -> None:
        words = visit.words
        tiers = container.library.tiers
        tier = chain_id if chain_id in tiers.ids else chain_id.rpartition(".")[0]
        role = "" if tier == chain_id else chain_id.rpartition(".")[2]
        if tier not in tiers.ids or (role and role not in set(Role)):
            raise NotFound(f"no tier {chain_id[:64]!r}; there are {', '.join(tiers.ids)}")
        own = await _find(container, chain_id)
        names = await read_names(container)
        at = _asked_instant(visit)
        in_force, steps = await container.oncall.rehearse(
            visit.session.principal, tier, at=at, minutes=MINUTES
        )
        shown: ChainDraft = own if own is not None else replace(in_force, id=chain_id)
        places = len(shown.steps) + 1

        async def read(_principal: Principal) -> Stored:
            return _stored(await container.chains.get(chain_id), places)

        async def save(principal: Principal, values: Values) -> None:
            await _save(container, principal, shown, values, words)

        title = next(words.of(item.name) for item in tiers.tiers if item.id == tier)
        if role:
            title = f"{title} · {words.choice('role', role)}"
        state = words("oncall.chain.shipped" if own is None else "oncall.chain.own")
        actions = heading(visit, words("oncall.chain.title", tier=title), hint=state)
        if own is not None and visit.may(Action.DELETE, Resource.CHAIN):
            with actions:
                label = words("oncall.chain.reset")
                button(label, partial(_reset, visit, container, own), "act-grave", key="delete")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel column"):
                name = f"chain-{chain_id}"
                reread = None if own is None else read
                stored = _stored(shown, places)
                form = Form(visit, name, stored=stored, save=save, reread=reread)
                form.said, form.after = words("oncall.saved"), chain_address(chain_id)
                with form:
                    _draw_fields(form, words, names, shown.steps)
                    if visit.may(Action.EDIT, Resource.CHAIN):
                        plain(words("oncall.chain.save_hint"), "p", "soft small")
                        form.submit(words("oncall.save"))
            if not role:
                draw_tryout(visit, in_force, steps, names, at=at, address=chain_address(chain_id))


def _asked_instant(visit: Visit) -> datetime:
    """When the trial begins: a local time in the address (`at`), or now."""
    try:
        read = datetime.fromisoformat(visit.query.get("at", ""))
    except ValueError:
        return visit.now()
    return read.replace(tzinfo=visit.zone) if read.tzinfo is None else read


def _draw_fields(form: Form, words: Words, names: Names, steps: Sequence[ChainStep]) -> None:
    form.text("name", words("oncall.name"), required=True, longest=200)
    options = _options(names, words)
    for place in range(len(steps) + 1):
        path = f"steps[{place}]"
        with ui.element("fieldset").classes("part stack"):
            key = "oncall.chain.step" if place < len(steps) else "oncall.chain.one_more"
            plain(words(key, number=place + 1), "legend", "strong")
            hint = words("oncall.chain.wait_first" if place == 0 else "oncall.chain.wait_hint")
            form.number(f"{path}.wait_min", words("oncall.chain.wait"), hint=hint)
            form.many(f"{path}.notify", words("oncall.chain.notify"), options)
            draw_window(
                form,
                f"{path}.window",
                words,
                legend=words("oncall.chain.window"),
                hint=words("oncall.chain.window_hint"),
                current=steps[place].window if place < len(steps) else None,
            )
    with ui.element("fieldset").classes("part stack"):
        plain(words("oncall.chain.rest"), "legend", "strong")
        with ui.element("div").classes("number-grid"):
            for name in _NUMBERS:
                hint = words(f"oncall.chain.number_hint.{name}") if name in _HINTED else ""
                form.number(name, words.choice("oncall.chain.number", name), hint=hint)
        form.text("zone", words("oncall.zone"), hint=words("oncall.zone_hint"), required=True)
        hint = words("oncall.chain.ignores_quiet_hint")
        form.yes("ignores_quiet", words("oncall.chain.ignores_quiet"), hint=hint)


def _options(names: Names, words: Words) -> dict[str, str]:
    roles = (Target(kind=TargetKind.ROLE, id=role.value) for role in Role)
    return {
        **{str(role): names.of(role, words) for role in roles},
        **target_options(names, words),
        str(EVERYBODY): names.of(EVERYBODY, words),
    }


async def _save(
    container: Container,
    principal: Principal,
    shown: ChainDraft,
    values: Values,
    words: Words,
) -> None:
    def read(place: int) -> ChainStep | None:
        path = f"steps[{place}]"
        notify = values.many(f"{path}.notify")
        if not notify:
            return None
        return ChainStep(
            notify=tuple(target_of(each) for each in notify),
            wait_min=values.whole(f"{path}.wait_min") or 0,
            window=read_window(values, f"{path}.window", words),
        )

    count = sum(path.endswith(".notify") for path in values.raw)
    steps, places = read_parts(count, read)

    def number(name: str, usual: int) -> int:
        typed = values.whole(name)
        return usual if typed is None else typed

    draft = ChainDraft(
        id=shown.id,
        name=values.text("name"),
        steps=steps,
        repeat=number("repeat", shown.repeat),
        again_min=number("again_min", shown.again_min),
        anew=values.whole("anew"),
        rest_min=values.whole("rest_min"),
        zone=values.text("zone"),
        lease_min=number("lease_min", shown.lease_min),
        reach_min=number("reach_min", shown.reach_min),
        seat_min=number("seat_min", shown.seat_min),
        ignores_quiet=values.yes("ignores_quiet"),
    )
    try:
        await container.chains.put(principal, draft, version=values.version or 0)
    except InvalidInput as error:
        raise at_places(error, "steps", places) from error


async def _find(container: Container, chain_id: str) -> Chain | None:
    try:
        return await container.chains.get(chain_id)
    except NotFound:
        return None


def _stored(chain: ChainDraft, places: int) -> Stored:
    values: dict[str, object] = {
        "name": chain.name,
        "zone": chain.zone,
        "ignores_quiet": chain.ignores_quiet,
        **{name: getattr(chain, name) for name in _NUMBERS},
    }
    for place in range(places):
        path = f"steps[{place}]"
        step = chain.steps[place] if place < len(chain.steps) else None
        values[f"{path}.wait_min"] = None if step is None else step.wait_min
        values[f"{path}.notify"] = () if step is None else [str(each) for each in step.notify]
        values |= stored_window(f"{path}.window", None if step is None else step.window)
    version = chain.version if isinstance(chain, Chain) else None
    return Stored(values=values, version=version)


async def _reset(visit: Visit, container: Container, chain: Chain) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await container.chains.delete(principal, chain.id, version=chain.version)

    question = Question(
        title=words("oncall.chain.reset_title"),
        hint=words("oncall.chain.reset_hint"),
        confirm=words("oncall.chain.reset"),
        grave=True,
    )
    await settle(visit, deed, question=question, leads_to=HOME, said=words("oncall.saved"))
