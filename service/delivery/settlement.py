"""What follows from an attempt, in one transaction: its record, the news, a channel put off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db import Database
from service.delivery import health
from service.delivery.claim import Claim, hand_over, hold_back, record
from service.delivery.model import (
    Announce,
    ChannelTarget,
    DeliveryNews,
    DeliveryReport,
    DeliveryState,
    Disable,
    ObserveDelivery,
    SendOutcome,
    SendResult,
)
from service.delivery.retry import Ending, Verdict

FAILING_AFTER = 3
"""The attempt whose failure, some five minutes in, is news: three days of silence are too long."""

_NO_SIGN = frozenset({SendOutcome.REFUSED, SendOutcome.NEEDLESS})
"""Say nothing of the channel's health: it answered and may take the next one, or was not asked."""
_QUIET = frozenset({DeliveryState.SENT, DeliveryState.WITHDRAWN})

log = structlog.get_logger(__name__)


class Settlement:
    """Records attempts and tells of them."""

    def __init__(
        self,
        database: Database,
        *,
        owner: str,
        announce: Announce,
        disable: Disable,
        observe: ObserveDelivery,
    ) -> None:
        self._database = database
        self._owner = owner
        self._announce = announce
        self._disable = disable
        self._observe = observe

    async def settle(
        self,
        claimed: Claim,
        verdict: Verdict,
        *,
        result: SendResult | None,
        channel: ChannelTarget | None,
        at: datetime,
        deputy: str | None = None,
        digest: str | None = None,
    ) -> None:
        """Keep what came of a claim; `result` None means that nothing was sent.

        `deputy` is the channel that has the message too once this one has failed for good, or as
        often as it is set to. `digest` is the message that told of it among others.
        If telling of it fails, it is kept without: an attempt that is forgotten would be sent again
        at the end of every lease, for ever.
        """
        report = _report(claimed, verdict, result=result, channel=channel, at=at)
        if digest is not None and verdict.state is DeliveryState.SENT:
            report = replace(report, reason=f"{report.reason}, in digest {digest}")
        heir = None
        try:
            heir = deputy if _is_given_up(verdict, report, channel) else None
            await self._keep(claimed, verdict, result, report, heir, digest, tell=True)
        except Exception:
            log.exception("delivery.announcing_failed", delivery=claimed.delivery_id)
            await self._keep(claimed, verdict, result, report, heir, digest, tell=False)
        self._say(verdict, report, result)

    async def _keep(
        self,
        claimed: Claim,
        verdict: Verdict,
        result: SendResult | None,
        report: DeliveryReport,
        deputy: str | None,
        digest: str | None,
        *,
        tell: bool,
    ) -> None:
        async with self._database.write() as connection:
            changed = await record(
                connection,
                claimed,
                result,
                verdict,
                owner=self._owner,
                at=report.at,
                reason=report.reason,
                digest=digest,
            )
            if not changed and verdict.state is not DeliveryState.SENT:
                return  # another worker has it, and may have sent it
            if verdict.ending is Ending.GONE:
                await self._disable(connection, claimed.channel_id, report.reason, report.at)
            elif result is not None:
                await self._note_health(connection, result, report)
            # After the health, which claims lock before they touch deliveries.
            if verdict.hold is not None:
                await hold_back(connection, claimed.channel_id, until=report.at + verdict.hold)
            if deputy is not None and await hand_over(connection, claimed, deputy, at=report.at):
                report = replace(report, handed_to=deputy)
            if changed and tell and _is_news(verdict, report):
                await self._announce(connection, report)

    async def _note_health(
        self, connection: AsyncConnection, result: SendResult, report: DeliveryReport
    ) -> None:
        if result.outcome is SendOutcome.SENT:
            await health.note_success(connection, report.channel_id)
            return
        if result.outcome in _NO_SIGN:
            return
        since = await health.note_failure(connection, report.channel_id, at=report.at)
        if await health.is_given_up(connection, report.channel_id, since=since, at=report.at):
            hours = int((report.at - since).total_seconds()) // 3600
            reason = f"failed for {hours} h without a success; last: {report.reason}"
            await self._disable(connection, report.channel_id, reason, report.at)

    def _say(self, verdict: Verdict, report: DeliveryReport, result: SendResult | None) -> None:
        outcome = "retry" if verdict.state is DeliveryState.PENDING else verdict.state.value
        asked = result is not None and result.outcome is not SendOutcome.NEEDLESS
        seconds = result.duration_ms / 1000 if result is not None and asked else None
        self._observe(report.channel_kind or "none", outcome, seconds)
        speak = log.info if verdict.state in _QUIET else log.warning
        if verdict.state is DeliveryState.DEAD and verdict.ending is not Ending.PERISHED:
            speak = log.error
        speak(
            f"delivery.{outcome}",
            delivery=report.delivery_id,
            message=report.event.message.id,
            event_type=report.event.message.type.value,
            incident=report.event.incident_id,
            channel=report.channel_id,
            attempts=report.attempts,
            status=None if result is None else result.status,
            reason=report.reason,
            next_at=None if verdict.next_at is None else verdict.next_at.isoformat(),
        )


def _is_news(verdict: Verdict, report: DeliveryReport) -> bool:
    if verdict.ending is Ending.PERISHED or verdict.state is DeliveryState.WITHDRAWN:
        return False
    if report.handed_to is not None:
        return True
    return report.news is not DeliveryNews.FAILING or report.attempts == FAILING_AFTER


def _is_given_up(verdict: Verdict, report: DeliveryReport, channel: ChannelTarget | None) -> bool:
    """Whether another channel is to have the message as well; what perishes has no stand-in."""
    if verdict.ending is Ending.PERISHED or verdict.state in _QUIET:
        return False
    if verdict.state is DeliveryState.DEAD:
        return True
    return channel is not None and report.attempts >= channel.fallback_after


def _report(
    claimed: Claim,
    verdict: Verdict,
    *,
    result: SendResult | None,
    channel: ChannelTarget | None,
    at: datetime,
) -> DeliveryReport:
    why = "" if result is None else result.reason or _status_text(result)
    news = {
        DeliveryState.SENT: DeliveryNews.SENT,
        DeliveryState.PENDING: DeliveryNews.FAILING,
        DeliveryState.DEAD: DeliveryNews.DEAD,
        DeliveryState.WITHDRAWN: DeliveryNews.WITHDRAWN,
    }[verdict.state]
    return DeliveryReport(
        delivery_id=claimed.delivery_id,
        news=news,
        event=claimed.event,
        channel_id=claimed.channel_id,
        channel_kind=None if channel is None else channel.kind,
        attempts=claimed.attempts + (result is not None),
        reason=f"{verdict.ending}: {why}" if why else verdict.ending.value,
        at=at,
    )


def _status_text(result: SendResult) -> str:
    return "" if result.status is None else f"HTTP {result.status}"
