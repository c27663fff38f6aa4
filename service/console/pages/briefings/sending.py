"""Sending a briefing through channels, and what each receiver answered."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.briefings.links import briefing as briefing_address
from service.briefings.views import headlines
from service.console.dialogs import Question, ask
from service.console.format import clock_time
from service.console.forms import Form, Stored, Values
from service.console.pages.briefings.outgoing import Sending
from service.console.pages.briefings.place import title_of
from service.console.pages.briefings.sheet import BriefingSheet
from service.console.panels import small_table
from service.console.theme import button, plain
from service.delivery import DeliveryState
from service.errors import InvalidInput
from service.monitors import ChannelConfig

_FINE = frozenset({DeliveryState.SENT, DeliveryState.WITHDRAWN})


def draw_deliver(page: BriefingSheet) -> None:
    """Which channels; what goes there, and that it cannot be called back, is asked before it."""
    words, item = page.words, page.briefing
    open_to = [one for one in page.opened.channels if one.enabled and not one.drill]
    named = {one.id: _receiver(page, one) for one in open_to}
    with ui.element("section").classes("panel stack"):
        plain(words("briefings.deliver"), "h2")
        if not named:
            plain(words("briefings.no_channels"), "p", "soft")
            return
        _draw_message(page)
        version, chosen = item.version, list[str]()

        async def choose(_principal: Principal, values: Values) -> None:
            chosen[:] = values.many("channels")
            if not chosen:
                said = words("briefings.no_channel_chosen")
                raise InvalidInput(said, errors=[("channels", said)])

        async def send() -> None:
            await _deliver(page, chosen, [named[name] for name in chosen], version=version)

        begin = [name for name in item.channels if name not in item.delivered_to]
        form = Form(
            page.visit,
            f"deliver-{item.id}",
            stored=Stored(values={"channels": begin}),
            save=choose,
        )
        form.after = send
        with form:
            hint = words("briefings.deliver_hint")
            form.many("channels", words("briefings.channels"), named, hint=hint)
            form.submit(words("briefings.deliver"))


def _draw_message(page: BriefingSheet) -> None:
    """What the receivers will have, in the words of the briefing's language."""
    item, settings = page.briefing, page.board.container.settings
    with ui.element("div").classes("quote tight"):
        plain(page.words("briefings.message"), "p", "soft small")
        plain(title_of(page.board.container, item), "p", "strong foreign")
        for label, text in headlines(item, zone=settings.zone):
            with ui.element("p").classes("small"):
                plain(f"{label} ", classes="soft foreign")
                plain(text, classes="foreign")
        address = f"{settings.public_url.rstrip('/')}{briefing_address(item.id)}"
        plain(address, "p", "code small foreign")


def _receiver(page: BriefingSheet, channel: ChannelConfig) -> str:
    kind = page.words.choice("channels.kinds", channel.kind.value)
    told = (channel.name, kind, channel.url_host)
    return " · ".join(part for part in told if part)


async def _deliver(
    page: BriefingSheet, channels: Sequence[str], named: Sequence[str], *, version: int
) -> None:
    words = page.words
    receivers = words("list.comma").join(named)
    question = Question(
        title=words("briefings.deliver_ask"),
        hint=words("briefings.deliver_says", receivers=receivers),
        confirm=words("briefings.deliver"),
    )
    if await ask(page.visit.client, words, question) is None:
        return

    async def deed(principal: Principal) -> None:
        desk = page.board.container.briefings.desk
        await desk.deliver(principal, page.briefing.id, channels=channels, version=version)

    await page.act(deed, done=words("briefings.was_delivered"))


def draw_sendings(page: BriefingSheet) -> None:
    """Channel by channel what became of it, with the answers of the receivers."""
    words, item = page.words, page.briefing
    if not item.delivered_to:
        return
    names = {one.id: one.name for one in page.opened.channels}
    sent = {one.delivery.channel_id for one in page.opened.sendings}
    with ui.element("section").classes("panel stack"):
        plain(words("briefings.sent"), "h2")
        for name in item.delivered_to:
            if name not in sent:
                said = words("briefings.on_its_way", channel=names.get(name, name))
                plain(said, "p", "soft foreign")
        if page.opened.sendings:
            small_table(
                [words("pages.channel"), words("pages.state"), words("pages.log")],
                [
                    (
                        names.get(one.delivery.channel_id, one.delivery.channel_id),
                        partial(_draw_state, page, one),
                        partial(_draw_answers, page, one),
                    )
                    for one in page.opened.sendings
                ],
                caption=words("briefings.sent"),
            )


def _draw_state(page: BriefingSheet, one: Sending) -> None:
    words, delivery = page.words, one.delivery
    fine = delivery.state in _FINE
    plain(words.choice("delivery", delivery.state.value), classes="" if fine else "late strong")
    if delivery.reason and not fine:
        plain(delivery.reason, "div", "soft small foreign")
    dead = delivery.state is DeliveryState.DEAD
    if dead and page.visit.may(Action.RUN, Resource.DELIVERY):
        button(
            words("pages.again"),
            partial(_send_again, page, one),
            "act-small",
            key=f"again-{delivery.id}",
        )


def _draw_answers(page: BriefingSheet, one: Sending) -> None:
    words = page.words
    if not one.attempts:
        plain(words("pages.no_attempts"), classes="soft small")
    for tried in one.attempts:
        with ui.element("div").classes("small"):
            plain(clock_time(tried.at, page.visit.zone), classes="soft nowrap")
            plain(f" {words.choice('send_outcome', tried.outcome.value)}")
            if tried.status is not None:
                plain(f" {tried.status}", classes="code")
            if tried.answer:
                plain(tried.answer, "div", "foreign")


async def _send_again(page: BriefingSheet, one: Sending) -> None:
    words, channel = page.words, one.delivery.channel_id
    question = Question(
        title=words("pages.again"),
        hint=words("pages.again_hint", channel=channel),
        confirm=words("pages.again"),
    )
    if await ask(page.visit.client, words, question) is None:
        return

    async def deed(principal: Principal) -> None:
        await page.board.container.deliveries.replay(principal, one.delivery.id)

    await page.act(deed, done=words("pages.sent_again"))
