"""A test message now: what the provider really answered; and what was sent of late."""

from __future__ import annotations

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt
from service.console.format import measure, moment
from service.console.session import BASE, Visit
from service.console.states import loading
from service.console.theme import button, link, plain, put
from service.delivery import Delivery
from service.delivery.model import SendOutcome, SendResult
from service.monitors import ChannelConfig
from service.monitors.channel_trial import try_channel

RECENT = 8
_SHAPES = {SendOutcome.SENT: "✓", SendOutcome.NEEDLESS: "✓"}


def draw_trial(visit: Visit, board: Board, item: ChannelConfig) -> None:
    """The panel with the button, and what came back under it."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("channels.trial.title"), "h2")
        if not visit.may(Action.RUN, Resource.CHANNEL):
            plain(words("channels.trial.not_yours"), "p", "soft small")
            return
        plain(words("channels.trial.hint"), "p", "soft small")
        place = put(ui.element("div"), aria_live="polite").classes("stack")

        async def run() -> None:
            container = board.container

            async def deed(principal: Principal) -> None:
                _, result = await try_channel(
                    principal,
                    item.id,
                    channels=container.channels,
                    trials=container.trials,
                    database=container.database,
                )
                place.clear()
                with place:
                    draw_result(visit, result)

            place.clear()
            with place:
                loading(words, 2)
            if not await attempt(visit, deed):
                place.clear()

        button(words("channels.trial.run"), run, key="try-channel")


def draw_result(visit: Visit, result: SendResult) -> None:
    """What a provider answered: in a word, its status, how long it took, its very text."""
    words = visit.words
    good = result.outcome in _SHAPES
    said = words.choice("channels.outcome", result.outcome.value)
    plain(f"{_SHAPES.get(result.outcome, '✗')} {said}", "p", "strong" if good else "strong late")
    with ui.element("table").classes("figures"), ui.element("tbody"):
        _row(words("channels.trial.status"), "–" if result.status is None else str(result.status))
        took = words("channels.trial.took", ms=measure(round(result.duration_ms, 1)))
        _row(words("channels.trial.duration"), took)
        if result.reason:
            _row(words("channels.trial.reason"), result.reason)
    plain(words("channels.trial.answer"), "p", "soft small")
    answer = result.answer[:2_048] or words("channels.trial.no_answer")
    put(plain(answer, "pre", "code foreign answer"), tabindex="0")


async def draw_recent(visit: Visit, board: Board, item: ChannelConfig) -> None:
    """The last messages to it."""
    words = visit.words
    found = await board.container.deliveries.page(
        visit.session.principal, channel_id=item.id, limit=RECENT
    )
    with ui.element("section").classes("panel stack"):
        plain(words("channels.recent.title"), "h2")
        if not found.items:
            plain(words("channels.recent.none"), "p", "soft")
            return
        with ui.element("ul").classes("tight plain-list"):
            for delivery in found.items:
                with ui.element("li").classes("tight"):
                    _draw_delivery(visit, delivery)


def _draw_delivery(visit: Visit, delivery: Delivery) -> None:
    words = visit.words
    with ui.element("div").classes("line small"):
        state = words.choice("delivery", delivery.state.value)
        plain(state, classes="state late" if delivery.state.value == "dead" else "state")
        said = words.choice("event", delivery.type.value)
        if delivery.incident_id is None:
            plain(said)
        else:
            link(f"{BASE}/incidents/{delivery.incident_id}", said)
        moment(visit, delivery.created_at)
        plain(words("channels.recent.attempts", count=delivery.attempts), classes="soft")
    if delivery.reason:
        plain(delivery.reason, "p", "small soft foreign")


def _row(label: str, value: str) -> None:
    with ui.element("tr"):
        plain(label, "th").props('scope="row"')
        plain(value, "td", "wide foreign")
