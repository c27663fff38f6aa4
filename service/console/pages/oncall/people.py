"""People who can be paged: at which channels, in which order, and when they are left in peace."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.board import Board
from service.console.deeds import go
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.listing import Column, Containing, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.oncall.parts import at_places, read_parts
from service.console.pages.oncall.place import (
    NEW_PERSON,
    PEOPLE,
    PERSON,
    PLACE,
    person_address,
)
from service.console.pages.oncall.windows import (
    draw_window,
    read_window,
    stored_window,
    window_text,
)
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.errors import InvalidInput
from service.oncall import ContactDraft
from service.oncall.model import Contact, ContactChannel


def register_people(board: Board) -> None:
    """The list of people, the page of a new one, and that of each."""
    _register_every(board)
    _register_new(board)
    _register_one(board)


def _register_every(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, PEOPLE)
    async def every(visit: Visit) -> None:
        words = visit.words
        channels = await _channels(container)

        async def load(_principal: Principal, query: ListQuery) -> Rows[Contact]:
            wanted = query.text("q").casefold()
            found = [
                item
                for item in await container.contacts.every()
                if wanted in f"{item.name}\n{item.id}".casefold()
            ]
            return Rows.cut(found, query)

        actions = heading(visit, words("oncall.people.title"), hint=words("oncall.people.hint"))
        if visit.may(Action.EDIT, Resource.CONTACT):
            with actions:
                link(f"{BASE}{NEW_PERSON}", words("oncall.people.new"), "act act-main")
        listing = Listing(
            visit,
            columns=(
                Column("name", words("oncall.name"), lambda item: item.name),
                Column(
                    "channels",
                    words("oncall.people.channels"),
                    lambda item: " › ".join(
                        channels.get(each.channel, each.channel) for each in item.channels
                    ),
                ),
                Column(
                    "quiet",
                    words("oncall.people.quiet"),
                    lambda item: "–" if item.quiet is None else window_text(item.quiet, words),
                ),
                Column("zone", words("oncall.zone"), lambda item: item.zone),
                Column("user", words("oncall.people.user"), lambda item: item.user or "–"),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: person_address(item.id),
            filters=(Containing("q", words("oncall.people.search")),),
            empty=(words("oncall.people.empty"), words("oncall.people.empty_hint")),
        )
        await listing.draw()


def _register_new(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, NEW_PERSON)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.CONTACT)
        channels = await _channels(container)
        made: list[str] = []

        async def save(principal: Principal, values: Values) -> None:
            made.append(values.text("id"))
            await _save(container, principal, made[-1], values, words, version=0)

        async def after() -> None:
            go(visit, person_address(made[-1]), said=words("oncall.saved"))

        heading(visit, words("oncall.people.new"))
        with ui.element("section").classes("panel"):
            start = {"zone": visit.zone.key, **stored_window("quiet", None)}
            start |= stored_window("channels[0].quiet", None)
            form = Form(visit, "person-new", stored=Stored(values=start), save=save)
            form.after = after
            with form:
                hint = words("oncall.id_hint")
                form.text("id", words("oncall.id"), hint=hint, required=True, longest=64)
                _draw_fields(form, words, channels, None)
                form.submit(words("oncall.save"))


def _register_one(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, PERSON)
    async def one(visit: Visit, contact_id: str) -> None:
        words = visit.words
        item = await container.contacts.get(contact_id)
        channels = await _channels(container)
        places = len(item.channels) + 1

        async def read(_principal: Principal) -> Stored:
            return _stored(await container.contacts.get(contact_id), places)

        async def save(principal: Principal, values: Values) -> None:
            version = values.version
            await _save(container, principal, contact_id, values, words, version=version)

        actions = heading(visit, item.name, hint=item.id)
        if visit.may(Action.DELETE, Resource.CONTACT):
            with actions:
                remove = partial(_delete, visit, container, item)
                button(words("oncall.delete"), remove, "act-grave", key="delete")
        with ui.element("section").classes("panel"):
            name = f"person-{contact_id}"
            form = Form(visit, name, stored=_stored(item, places), save=save, reread=read)
            form.said, form.after = words("oncall.saved"), person_address(contact_id)
            with form:
                _draw_fields(form, words, channels, item)
                if visit.may(Action.EDIT, Resource.CONTACT):
                    form.submit(words("oncall.save"))


async def _channels(container: Container) -> dict[str, str]:
    return {item.id: item.name for item in await container.channels.every()}


def _draw_fields(
    form: Form, words: Words, channels: Mapping[str, str], item: Contact | None
) -> None:
    stored = () if item is None else item.channels
    places = len(stored)
    form.text("name", words("oncall.name"), required=True, longest=200)
    form.text("user", words("oncall.people.user"), hint=words("oncall.people.user_hint"))
    form.text("zone", words("oncall.zone"), hint=words("oncall.zone_hint"), required=True)
    for place in range(places + 1):
        path = f"channels[{place}]"
        with ui.element("fieldset").classes("part stack"):
            more = place and place == places
            key = "oncall.people.one_more" if more else "oncall.people.channel_number"
            plain(words(key, number=place + 1), "legend", "strong")
            form.choice(path, words("oncall.people.channel"), channels, required=False)
            draw_window(
                form,
                f"{path}.quiet",
                words,
                legend=words("oncall.people.channel_quiet"),
                hint=words("oncall.people.channel_quiet_hint"),
                current=stored[place].quiet if place < places else None,
            )
    draw_window(
        form,
        "quiet",
        words,
        legend=words("oncall.people.quiet"),
        hint=words("oncall.people.quiet_hint"),
        current=None if item is None else item.quiet,
    )


async def _save(
    container: Container,
    principal: Principal,
    contact_id: str,
    values: Values,
    words: Words,
    *,
    version: int | None,
) -> None:
    def read(place: int) -> ContactChannel | None:
        path = f"channels[{place}]"
        channel = values.optional(path)
        if channel is None:
            return None
        return ContactChannel(channel=channel, quiet=read_window(values, f"{path}.quiet", words))

    count = sum(path.startswith("channels[") and path.endswith("]") for path in values.raw)
    channels, places = read_parts(count, read)
    draft = ContactDraft(
        id=contact_id,
        name=values.text("name"),
        channels=channels,
        zone=values.text("zone"),
        quiet=read_window(values, "quiet", words),
        user=values.optional("user"),
    )
    try:
        await container.contacts.put(principal, draft, version=version)
    except InvalidInput as error:
        raise at_places(error, "channels", places) from error


def _stored(item: Contact, places: int) -> Stored:
    values: dict[str, object] = {"name": item.name, "zone": item.zone, "user": item.user}
    values |= stored_window("quiet", item.quiet)
    for place in range(places):
        path = f"channels[{place}]"
        each = item.channels[place] if place < len(item.channels) else None
        values[path] = None if each is None else each.channel
        values |= stored_window(f"{path}.quiet", None if each is None else each.quiet)
    return Stored(values=values, version=item.version)


async def _delete(visit: Visit, container: Container, item: Contact) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await container.contacts.delete(principal, item.id, version=item.version)

    question = Question(
        title=words("oncall.delete_title", name=item.name),
        hint=words("oncall.people.delete_hint"),
        confirm=words("oncall.delete"),
        grave=True,
    )
    said = words("oncall.deleted", name=item.name)
    await settle(visit, deed, question=question, leads_to=f"{BASE}{PEOPLE}", said=said)
