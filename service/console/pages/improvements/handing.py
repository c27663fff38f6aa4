"""An improvement and the trackers: handed over, how its ticket stands, tried once more."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.deeds import Deed, attempt, go
from service.console.dialogs import Question, ask
from service.console.pages.handovers import ticket
from service.console.pages.improvements import place
from service.console.panels import pairs
from service.console.session import Visit
from service.console.theme import button, plain
from service.reviews import Improvement, ItemState
from service.trackers import Handover, HandoverFilter, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What was handed over, the newest first, and where it could go."""

    found: tuple[Handover, ...]
    trackers: tuple[str, ...]


async def read_handing(container: Container, principal: Principal, item: Improvement) -> Handing:
    """The hand-overs of an improvement; trackers without a token take nothing."""
    desk = container.handing_over.desk
    if not principal.may(Action.READ, Resource.HANDOVER, monitor=item.monitor_id):
        return Handing(found=(), trackers=())
    found = await desk.page(principal, HandoverFilter(subject_id=item.id))
    ready = tuple(one.id for one in desk.trackers(principal) if one.token is not None)
    return Handing(found=found, trackers=ready)


class HandingPart:
    """Draws the panel of tickets."""

    def __init__(
        self, container: Container, visit: Visit, item: Improvement, handing: Handing
    ) -> None:
        self._desk = container.handing_over.desk
        self._visit = visit
        self._item = item
        self._handing = handing
        self._may = item.owner == visit.session.user.id or visit.may(
            Action.RUN, Resource.HANDOVER, monitor=item.monitor_id
        )

    def draw(self) -> None:
        """Each ticket with the tracker's own words, and the button that hands over."""
        words, item = self._visit.words, self._item
        with ui.element("section").classes("panel stack"):
            plain(words("improvements.tickets"), "h2")
            for one in self._handing.found:
                self._draw_one(one)
            if self._handing.found:
                return
            if not self._handing.trackers:
                plain(words("improvements.no_trackers"), "p", "soft")
            elif item.state not in (ItemState.ACCEPTED, ItemState.DOING):
                plain(words("improvements.not_yet"), "p", "soft")
            elif self._may:
                button(words("improvements.hand_over"), self._hand_over, key="hand-over")
            else:
                plain(words("improvements.who_hands_over"), "p", "soft")

    def _draw_one(self, one: Handover) -> None:
        words = self._visit.words
        with ui.element("div").classes("line"):
            ticket.draw_ticket(one)
            ticket.draw_state(self._visit, one)
        pairs(ticket.facts_of(self._visit, one))
        if self._may and (one.trouble is not None or one.state is State.FAILED):
            button(words("improvements.again"), partial(self._again, one), "act-small", key="again")

    async def _hand_over(self) -> None:
        words, item = self._visit.words, self._item
        question = Question(
            title=words("improvements.hand_over"),
            hint=words("improvements.hand_over_hint"),
            confirm=words("improvements.hand_over"),
            options={name: name for name in self._handing.trackers},
            options_label=words("improvements.tracker"),
        )
        reply = await ask(self._visit.client, words, question)
        if reply is None or reply.choice is None:
            return
        tracker = reply.choice

        async def hand_over(principal: Principal) -> None:
            await self._desk.improvement(principal, item.id, tracker)

        await self._done(hand_over, words("improvements.handed_over"))

    async def _again(self, one: Handover) -> None:
        async def again(principal: Principal) -> None:
            await self._desk.again(principal, one.id)

        await self._done(again, self._visit.words("improvements.tried_again"))

    async def _done(self, deed: Deed, said: str) -> None:
        if await attempt(self._visit, deed):
            go(self._visit, place.address(self._item.id), said=said)
