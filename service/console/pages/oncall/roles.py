"""Who is meant by a playbook role, and who when they do not answer."""

from __future__ import annotations

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
from service.console.pages.oncall.place import HOME, PLACE, ROLE
from service.console.session import Visit
from service.console.theme import button
from service.errors import NotFound
from service.oncall import DutyDraft
from service.oncall.model import Duty, Target, TargetKind


def register_roles(board: Board) -> None:
    """The page of each role."""
    container = board.container

    @console_page(board, PLACE, ROLE)
    async def one(visit: Visit, role: str) -> None:
        words = visit.words
        if role not in set(Role):
            raise NotFound(f"no playbook role {role[:64]!r}; there are {', '.join(sorted(Role))}")
        stored = await _find(container, role)
        names = await read_names(container)
        title = words.choice("role", role)

        async def read(_principal: Principal) -> Stored:
            return _stored(await _find(container, role))

        async def save(principal: Principal, values: Values) -> None:
            deputy = values.optional("deputy")
            draft = DutyDraft(
                id=role,
                name=title,
                holder=target_of(values.text("holder")),
                deputy=None if deputy is None else target_of(deputy),
            )
            await container.duties.put(principal, draft, version=values.version or 0)

        actions = heading(visit, title, hint=words("oncall.roles.one_hint"))
        if stored is not None and visit.may(Action.DELETE, Resource.DUTY):
            with actions:
                remove = partial(_delete, visit, container, stored, title)
                button(words("oncall.roles.clear"), remove, "act-grave", key="delete")
        options = target_options(names, words)
        with ui.element("section").classes("panel"):
            form = Form(visit, f"role-{role}", stored=_stored(stored), save=save, reread=read)
            form.said, form.after = words("oncall.saved"), HOME
            with form:
                form.choice("holder", words("oncall.roles.holder"), options)
                hint = words("oncall.roles.deputy_hint")
                label = words("oncall.roles.deputy")
                form.choice("deputy", label, options, hint=hint, required=False)
                if visit.may(Action.EDIT, Resource.DUTY):
                    form.submit(words("oncall.save"))


def target_options(names: Names, words: Words) -> dict[str, str]:
    """People, rotas and channels, as `kind:id` and in words."""
    every = [
        *(Target(kind=TargetKind.PERSON, id=name) for name in names.people),
        *(Target(kind=TargetKind.ROTA, id=name) for name in names.rotas),
        *(Target(kind=TargetKind.CHANNEL, id=name) for name in names.channels),
    ]
    return {str(target): names.of(target, words) for target in every}


def target_of(text: str) -> Target:
    """The target of an option of `target_options`."""
    kind, _, name = text.partition(":")
    return Target(kind=TargetKind(kind), id=name)


async def _find(container: Container, role: str) -> Duty | None:
    try:
        return await container.duties.get(role)
    except NotFound:
        return None


def _stored(duty: Duty | None) -> Stored:
    if duty is None:
        return Stored()
    deputy = None if duty.deputy is None else str(duty.deputy)
    return Stored(values={"holder": str(duty.holder), "deputy": deputy}, version=duty.version)


async def _delete(visit: Visit, container: Container, duty: Duty, title: str) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await container.duties.delete(principal, duty.id, version=duty.version)

    question = Question(
        title=words("oncall.roles.clear_title", role=title),
        hint=words("oncall.roles.clear_hint"),
        confirm=words("oncall.roles.clear"),
        grave=True,
    )
    await settle(visit, deed, question=question, leads_to=HOME, said=words("oncall.saved"))
