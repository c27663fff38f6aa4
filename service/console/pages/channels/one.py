"""One channel: its fields by kind, its secrets that go in and never come out, a test, its news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import go
from service.console.dialogs import Question
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle, show_secret
from service.console.pages.channels.every import kind_of, state_of
from service.console.pages.channels.place import NEW, PLACE, address_of
from service.console.pages.channels.trial import draw_recent, draw_trial
from service.console.pages.oncall.place import person_address
from service.console.pages.oncall.windows import window_text
from service.console.pages.schema_fields import (
    Setting,
    draw_settings,
    read_settings,
    settings_of,
    stored_settings,
)
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.delivery.channels import KINDS
from service.events import EventType
from service.monitors import ChannelConfig, ChannelDraft, ChannelKind, Saved
from service.oncall.model import Contact

_OWN_SECRET = frozenset({ChannelKind.WEBHOOK, ChannelKind.JSON, ChannelKind.RECORDING})
"""Kinds whose signing secret is ours to renew."""
_ADDRESSED = frozenset(ChannelKind) - {ChannelKind.RECORDING}


def register_one(board: Board) -> None:
    """The pages of a new channel and of each that is there."""
    _register_new(board)
    _register_one(board)


def _register_new(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, NEW)
    async def new(visit: Visit) -> None:
        words = visit.words
        visit.session.principal.require(Action.EDIT, Resource.CHANNEL)
        asked = visit.query.get("kind", "")
        if asked not in set(ChannelKind):
            heading(visit, words("channels.new"), hint=words("channels.new_hint"))
            _draw_kinds(visit)
            return
        kind = ChannelKind(asked)
        heading(visit, words("channels.new_of", kind=words.choice("channels.kinds", kind.value)))
        saved: list[Saved[ChannelConfig]] = []
        settings = _settings(kind)

        async def save(principal: Principal, values: Values) -> None:
            draft = _draft(values.text("id"), kind, settings, values, words, before={})
            saved.append(await container.channels.put(principal, draft, version=0))

        async def after() -> None:
            if saved[-1].new_secret is not None:
                await show_secret(visit, saved[-1].new_secret)
            go(visit, address_of(saved[-1].item.id), said=words("channels.saved"))

        others = await container.channels.every()
        with ui.element("section").classes("panel"):
            start = Stored(values={"enabled": True, **stored_settings(settings, {})})
            form = Form(visit, f"channel-new-{kind.value}", stored=start, save=save)
            form.after = after
            with form:
                hint = words("channels.id_hint")
                form.text("id", words("channels.id"), hint=hint, required=True, longest=64)
                _draw_fields(visit, board, form, kind, settings, others, item=None)
                form.submit(words("channels.save"))


def _register_one(board: Board) -> None:
    container = board.container

    @console_page(board, PLACE, "/channels/{channel_id}")
    async def one(visit: Visit, channel_id: str) -> None:
        words = visit.words
        item = await container.channels.get(channel_id)
        settings = _settings(item.kind)
        others = tuple(each for each in await container.channels.every() if each.id != channel_id)

        async def read(_principal: Principal) -> Stored:
            return _stored(await container.channels.get(channel_id), settings)

        async def save(principal: Principal, values: Values) -> None:
            before = (await container.channels.get(channel_id)).settings
            draft = _draft(channel_id, item.kind, settings, values, words, before=before)
            await container.channels.put(principal, draft, version=values.version)

        actions = heading(visit, item.name, hint=f"{kind_of(item, words)} · {item.id}")
        with actions:
            plain(state_of(item, words), classes="state" if item.enabled else "state soon")
            if visit.may(Action.EDIT, Resource.CHANNEL) and item.kind in _OWN_SECRET:
                button(words("channels.rotate"), partial(_rotate, visit, board, item), key="rotate")
            if visit.may(Action.DELETE, Resource.CHANNEL):
                remove = partial(_delete, visit, board, item)
                button(words("channels.delete"), remove, "act-grave", key="delete")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel column"):
                name = f"channel-{channel_id}"
                form = Form(visit, name, stored=_stored(item, settings), save=save, reread=read)
                form.said, form.after = words("channels.saved"), address_of(channel_id)
                with form:
                    _draw_fields(visit, board, form, item.kind, settings, others, item=item)
                    if visit.may(Action.EDIT, Resource.CHANNEL):
                        form.submit(words("channels.save"))
            with ui.element("div").classes("stack column"):
                draw_trial(visit, board, item)
                _draw_people(visit, await container.contacts.every(), channel_id)
                await draw_recent(visit, board, item)


def _draw_people(visit: Visit, contacts: Sequence[Contact], channel_id: str) -> None:
    """Whom it reaches, and when they are left in peace there."""
    words = visit.words
    users = [
        (contact, each.quiet)
        for contact in contacts
        for each in contact.channels
        if each.channel == channel_id
    ]
    with ui.element("section").classes("panel stack"):
        plain(words("channels.people"), "h2")
        if not users:
            plain(words("channels.nobody"), "p", "soft")
        for contact, quiet in users:
            windows = [window for window in (contact.quiet, quiet) if window is not None]
            hours = words("list.comma").join(window_text(each, words) for each in windows)
            with ui.element("div").classes("line"):
                link(person_address(contact.id), contact.name)
                if hours:
                    said = words("channels.quiet", hours=hours)
                    plain(f"{said} · {contact.zone}", classes="soft small")


def _draw_kinds(visit: Visit) -> None:
    words = visit.words
    with ui.element("div").classes("choices"):
        for kind in ChannelKind:
            with ui.element("section").classes("panel tight"):
                name = words.choice("channels.kinds", kind.value)
                link(f"{BASE}{NEW}?kind={kind.value}", name, "strong")
                plain(words.choice("channels.about", kind.value), "p", "soft small")


def _settings(kind: ChannelKind) -> tuple[Setting, ...]:
    return settings_of(KINDS[kind.value].settings.model_json_schema())


def _draw_fields(
    visit: Visit,
    board: Board,
    form: Form,
    kind: ChannelKind,
    settings: Sequence[Setting],
    others: Sequence[ChannelConfig],
    *,
    item: ChannelConfig | None,
) -> None:
    words = visit.words
    form.text("name", words("channels.name"), required=True, longest=200)
    if kind in _ADDRESSED:
        known = None if item is None else item.url_host
        kept = words("channels.url_kept", host=known) if known else ""
        hint = f"{words.choice('channels.url_hint', kind.value)} {kept}".strip()
        form.secret("url", words("channels.url"), hint=hint)
        signed = item is not None and item.signed
        said = words("channels.secret_kept" if signed else f"channels.secret_hint.{kind.value}")
        form.secret("secrets", words("channels.secrets"), hint=said)
    choices = {"fallback": {other.id: other.name for other in others}}
    needed = [setting for setting in settings if setting.required]
    draw_settings(form, needed, words, choices=choices)
    tiers = {tier.id: words.of(tier.name) for tier in board.container.library.tiers.tiers}
    hint = words("channels.minimum_tier_hint")
    form.choice("minimum_tier", words("channels.minimum_tier"), tiers, hint=hint, required=False)
    events = {event.value: words.choice("event", event.value) for event in EventType}
    with ui.element("details"):
        taken = len(item.events) if item is not None else 0
        said = words("channels.some_events", count=taken) if taken else words("channels.all_events")
        plain(words("channels.events_now", taken=said), "summary")
        form.many("events", words("channels.events"), events, hint=words("channels.events_hint"))
    more = [setting for setting in settings if not setting.required]
    with ui.element("details").classes("part"):
        plain(words("sources.more", count=len(more)), "summary")
        with ui.element("div").classes("stack"):
            draw_settings(form, more, words, choices=choices)
    form.yes("drill", words("channels.drill"), hint=words("channels.drill_hint"))
    form.yes("enabled", words("channels.enabled"))


def _stored(item: ChannelConfig, settings: Sequence[Setting]) -> Stored:
    values: dict[str, object] = {
        "name": item.name,
        "events": item.events,
        "minimum_tier": item.minimum_tier,
        "drill": item.drill,
        "enabled": item.enabled,
    }
    return Stored(values=values | stored_settings(settings, item.settings), version=item.version)


def _draft(
    channel_id: str,
    kind: ChannelKind,
    settings: Sequence[Setting],
    values: Values,
    words: Words,
    *,
    before: Mapping[str, object],
) -> ChannelDraft:
    typed = values.optional("secrets")
    return ChannelDraft(
        id=channel_id,
        kind=kind,
        name=values.text("name"),
        url=values.optional("url"),
        secrets=None if typed is None else tuple(typed.split()),
        settings=read_settings(settings, values, words, before=before),
        events=values.many("events"),
        minimum_tier=values.optional("minimum_tier"),
        drill=values.yes("drill"),
        enabled=values.yes("enabled"),
    )


async def _rotate(visit: Visit, board: Board, item: ChannelConfig) -> None:
    words = visit.words
    fresh: list[str] = []

    async def deed(principal: Principal) -> None:
        saved = await board.container.channels.rotate_secret(principal, item.id)
        fresh.append(saved.new_secret or "")
        await show_secret(visit, fresh[-1])

    question = Question(
        title=words("channels.rotate_title"),
        hint=words("channels.rotate_hint"),
        confirm=words("channels.rotate"),
    )
    await settle(
        visit,
        deed,
        question=question,
        leads_to=address_of(item.id),
        said=words("channels.rotated"),
    )


async def _delete(visit: Visit, board: Board, item: ChannelConfig) -> None:
    words = visit.words

    async def deed(principal: Principal) -> None:
        await board.container.channels.delete(principal, item.id, version=item.version)

    question = Question(
        title=words("channels.delete_title", name=item.name),
        hint=words("channels.delete_hint"),
        confirm=words("channels.delete"),
        grave=True,
    )
    await settle(
        visit,
        deed,
        question=question,
        leads_to=f"{BASE}/channels",
        said=words("channels.deleted", name=item.name),
    )
