"""What was sent of a briefing, and what each provider answered."""

from __future__ import annotations

from dataclasses import dataclass

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.briefings import Briefing
from service.delivery import Delivery
from service.delivery.repository import Attempt
from service.events import EventType
from service.ids import stable_id

_PAGES, _PAGE = 5, 100
"""How far back a channel is looked through: it may have had much else since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A message of the briefing on its way to one channel, with every attempt at it."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


async def read_sendings(
    container: Container, principal: Principal, item: Briefing
) -> tuple[Sending, ...]:
    """The newest first; nothing for whoever may not read deliveries."""
    if not item.delivered_to or not principal.may(Action.READ, Resource.DELIVERY):
        return ()
    # The message of a briefing is named after it and the version that went out.
    ours = {
        stable_id("msg", EventType.BRIEFING_DELIVERED, item.id, str(version))
        for version in range(1, item.version + 1)
    }
    found: list[Delivery] = []
    for channel in item.delivered_to:
        found += await _of_channel(container, principal, item, channel, ours)
    found.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return tuple(
        [
            Sending(
                delivery=one, attempts=(await container.deliveries.file(principal, one.id)).attempts
            )
            for one in found
        ]
    )


async def _of_channel(
    container: Container, principal: Principal, item: Briefing, channel: str, ours: set[str]
) -> list[Delivery]:
    found: list[Delivery] = []
    after = None
    for _ in range(_PAGES):
        page = await container.deliveries.page(
            principal, channel_id=channel, after=after, limit=_PAGE
        )
        found += [one for one in page.items if one.message_id in ours]
        after = page.next
        if after is None or (page.items and page.items[-1].created_at < item.created_at):
            break
    return found
