"""The deliverer: sends what is due, each channel in order, no channel waiting for another."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from service.clock import Clock
from service.db import Database
from service.db.horizon import RECHECK, Horizon
from service.delivery.attempt import SEND_LIMIT, attempt
from service.delivery.claim import Claim, due_channels, earliest_claim, release
from service.delivery.model import (
    Announce,
    ChannelTarget,
    DeliveryState,
    Disable,
    LoadChannels,
    Message,
    ObserveDelivery,
    Sender,
    SendOutcome,
    SendResult,
    count,
    left_enabled,
    unannounced,
)
from service.delivery.pacing import Limit
from service.delivery.retry import Ending, Verdict, decide
from service.delivery.routing import deputy_of
from service.delivery.settlement import Settlement
from service.delivery.together import claim_within, digest_of
from service.events import EventType

CONCURRENCY = 16
LEASE = timedelta(seconds=40)
LOOK_AGAIN_S = 1.0
"""Seconds after which a run looks for other channels with work while a slow one is at it."""

log = structlog.get_logger(__name__)


LimitsOf = Callable[[ChannelTarget], Sequence[Limit]]


def unlimited(channel: ChannelTarget) -> Sequence[Limit]:
    """Lets every channel send as fast as it is told to."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """A channel with due deliveries; `channel` is None for one that is gone."""

    channel_id: str
    channel: ChannelTarget | None
    known: Mapping[str, ChannelTarget]

    def deputy(self, claimed: Claim) -> str | None:
        """The channel that may have a message in its stead."""
        if self.channel is None:
            return None
        return deputy_of(self.channel, self.known, claimed.event.message.type)


class Deliverer:
    """A job. At least once: a kill between send and record sends again, under the same webhook-id.

    `run` ends when nothing is due any more; while a receiver hangs, other channels go on inside
    the same run, so the runner must give this job a task of its own.
    """

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        owner: str,
        channels: LoadChannels,
        senders: Mapping[str, Sender],
        random: Callable[[], float],
        announce: Announce = unannounced,
        disable: Disable = left_enabled,
        observe: ObserveDelivery = count,
        limits_of: LimitsOf = unlimited,
        concurrency: int = CONCURRENCY,
        send_limit: timedelta = SEND_LIMIT,
        lease: timedelta = LEASE,
        look_again_s: float = LOOK_AGAIN_S,
        recheck: timedelta | None = RECHECK,
    ) -> None:
        """`senders` by channel kind; `random` answers in [0, 1).

        `owner` is unique among live workers and the same after a restart: a worker frees the
        leases of its former self at its first run. `concurrency` is of channels; with 1 the order
        of everything is the same in every run, as replay wants it. `limits_of` says how fast a
        channel may send.
        """
        self._database = database
        self._clock = clock
        self._owner = owner
        self._channels = channels
        self._senders = dict(senders)
        self._random = random
        self._limits_of = limits_of
        self._concurrency = concurrency
        self._send_limit = send_limit
        self._lease = lease
        self._look_again_s = look_again_s
        self._horizon = Horizon(database, clock=clock, query=earliest_claim, recheck=recheck)
        self._settlement = Settlement(
            database, owner=owner, announce=announce, disable=disable, observe=observe
        )
        self._released = False

    @property
    def name(self) -> str:
        return "deliverer"

    async def next_at(self) -> datetime | None:
        if not self._released:
            # Before anything else: leases of a former self would push the answer back.
            await self._release_former_self()
        return await self._horizon.earliest()

    async def run(self, now: datetime) -> int:
        """Send all that is due; answers how many deliveries were attempted or given up."""
        if not self._released:
            await self._release_former_self()
        count = 0
        barred: set[str] = set()  # had nothing to claim, or trouble: not again in this run
        lanes: dict[asyncio.Task[int], str] = {}
        async with asyncio.TaskGroup() as group:
            while True:
                busy = barred.union(lanes.values())
                for lane in await self._startable(now, busy, len(lanes)):
                    lanes[group.create_task(self._serve(lane, now))] = lane.channel_id
                if not lanes:
                    return count
                done, _ = await asyncio.wait(
                    lanes, timeout=self._look_again_s, return_when=asyncio.FIRST_COMPLETED
                )
                for task in done:
                    channel_id = lanes.pop(task)
                    count += task.result()
                    if task.result() == 0:
                        barred.add(channel_id)

    async def _startable(self, now: datetime, busy: set[str], running: int) -> list[_Lane]:
        """Channels with due deliveries that no lane serves, as many as there is room for."""
        if running >= self._concurrency:
            return []
        async with self._database.read() as connection:
            due = await due_channels(connection, now=self._now(now))
        waiting = [channel_id for channel_id in due if channel_id not in busy]
        if not waiting:
            return []
        known = {channel.id: channel for channel in await self._channels()}
        return [
            _Lane(channel_id=channel_id, channel=known.get(channel_id), known=known)
            for channel_id in waiting[: self._concurrency - running]
        ]

    async def _serve(self, lane: _Lane, now: datetime) -> int:
        """Serve one channel until it has nothing due, asks for a pause or is gone."""
        count = 0
        try:
            while claims := await self._claim(lane, now):
                verdict = await self._deliver(lane, claims)
                count += len(claims)
                if verdict.hold is not None or verdict.ending is Ending.GONE:
                    break
        except Exception:
            # The lease ends by itself, and the delivery is sent again then; others are not held up.
            log.exception("delivery.lane_broke", channel=lane.channel_id)
            return 0
        return count

    async def _claim(self, lane: _Lane, now: datetime) -> tuple[Claim, ...]:
        instant = self._now(now)
        sends = lane.channel is not None and lane.channel.enabled
        limits = self._limits_of(lane.channel) if lane.channel is not None and sends else ()
        async with self._database.write() as connection:
            return await claim_within(
                connection,
                lane.channel_id,
                limits,
                owner=self._owner,
                now=instant,
                until=instant + self._lease,
            )

    async def _deliver(self, lane: _Lane, claims: tuple[Claim, ...]) -> Verdict:
        """Send one message for all the claims, and settle each of them by what came of it."""
        channel, digest = lane.channel, None
        result: SendResult | None = None
        if channel is not None and channel.enabled:
            message = claims[0].event.message
            if len(claims) > 1:
                message = digest_of(claims)
                digest = message.id
            result = await self._send(channel, message)
        for claimed in claims:
            verdict = self._verdict(channel, claimed, result)
            await self._settlement.settle(
                claimed,
                verdict,
                result=result,
                channel=channel,
                at=self._clock.now(),
                deputy=lane.deputy(claimed),
                digest=digest,
            )
        return verdict

    def _verdict(
        self, channel: ChannelTarget | None, claimed: Claim, result: SendResult | None
    ) -> Verdict:
        if result is None:
            ending = Ending.CHANNEL_MISSING if channel is None else Ending.CHANNEL_DISABLED
            return Verdict(state=DeliveryState.DEAD, ending=ending)
        return decide(
            result,
            attempts=claimed.attempts + 1,
            at=self._clock.now(),
            random=self._random,
            perishable=claimed.event.message.type is EventType.SERVICE_HEARTBEAT,
        )

    async def _send(self, channel: ChannelTarget, message: Message) -> SendResult:
        sender = self._senders.get(channel.kind)
        if sender is None:
            known = ", ".join(sorted(self._senders))
            return SendResult(
                outcome=SendOutcome.RETRY,
                reason=f"no sender for channels of kind {channel.kind!r}; there are: {known}",
            )
        return await attempt(sender, channel, message, clock=self._clock, limit=self._send_limit)

    async def _release_former_self(self) -> None:
        async with self._database.write() as connection:
            freed = await release(connection, owner=self._owner)
        self._released = True
        if freed:
            log.warning("delivery.resumed", owner=self._owner, deliveries=freed)

    def _now(self, now: datetime) -> datetime:
        return max(now, self._clock.now())
