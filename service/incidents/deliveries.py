"""What people do with deliveries: look what was sent to whom and what came back, send again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.page import Page
from service.delivery import Attempt, Deliveries, Delivery, DeliveryState
from service.errors import NotFound
from service.incidents.privacy import hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFile:
    """One delivery with every attempt, oldest first."""

    delivery: Delivery
    attempts: tuple[Attempt, ...]


class DeliveryDesk:
    """The one door for people. What tells of an incident that is private to others is not there."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._deliveries = Deliveries()

    async def page(
        self,
        principal: Principal,
        *,
        incident_id: str | None = None,
        channel_id: str | None = None,
        states: Collection[DeliveryState] | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> Page[Delivery]:
        """Deliveries, newest first; a page may be shorter by those that are not theirs to see.

        Raises Forbidden, NotFound for an `after` that is no delivery.
        """
        principal.require(Action.READ, Resource.DELIVERY)
        async with self._database.read() as connection:
            found = await self._deliveries.page(
                connection,
                incident_id=incident_id,
                channel_id=channel_id,
                states=states,
                after=after,
                limit=limit,
            )
            private = await hidden(connection, principal, (i.incident_id for i in found.items))
        shown = tuple(item for item in found.items if item.incident_id not in private)
        return replace(found, items=shown)

    async def file(self, principal: Principal, delivery_id: str) -> DeliveryFile:
        """One delivery with what every attempt was answered. Raises Forbidden, NotFound."""
        principal.require(Action.READ, Resource.DELIVERY)
        async with self._database.read() as connection:
            found = await self._deliveries.get(connection, delivery_id)
            if await hidden(connection, principal, [found.incident_id]):
                raise NotFound(f"there is no delivery {delivery_id!r}")
            attempts = await self._deliveries.attempts(connection, delivery_id)
        return DeliveryFile(delivery=found, attempts=attempts)

    async def replay(self, principal: Principal, delivery_id: str) -> Delivery:
        """Send it again at once, from the start of the schedule. Raises Forbidden, NotFound."""
        principal.require(Action.RUN, Resource.DELIVERY)
        now = self._clock.now()
        async with self._database.write() as connection:
            found = await self._deliveries.get(connection, delivery_id)
            if await hidden(connection, principal, [found.incident_id]):
                raise NotFound(f"there is no delivery {delivery_id!r}")
            item = await self._deliveries.replay(connection, delivery_id, now=now)
            await record(
                connection,
                at=now,
                actor=principal.id,
                action="delivery.replayed",
                subject_type="delivery",
                subject_id=delivery_id,
                data={"channel": item.channel_id, "message": item.message_id},
            )
        return item
