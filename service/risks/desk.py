"""What people do with entries of the register: permission, version, one transaction, history."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, PrincipalKind, Resource
from service.clock import Clock
from service.db import Database, tables
from service.delivery.channels.escaping import plain
from service.errors import Conflict, IllegalTransition, InvalidInput, NotFound
from service.ids import stable_id
from service.risks import linking, recording, rows
from service.risks.checking import TEXT_MAX, Known, mistakes
from service.risks.model import (
    ChangeKind,
    Link,
    LinkKind,
    Risk,
    RiskDraft,
    Stage,
    draft_json,
)
from service.risks.rates import RateBook
from service.risks.reviewing import Reviews

ENTRIES_MAX = 2_000
"""The register is read whole: its money is worth what the rates of the day say."""
_ASKED = frozenset({"title", "owner", "review_months"})
"""What of an entry its review is made of."""
_LINK_MAX = 2_000
_SCHEMES = ("https://", "http://")


class RiskDesk:
    """The one door for people. `version` is the If-Match of an edit; None skips the check."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        reviews: Reviews,
        rates: RateBook,
        scenarios: Collection[str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._reviews = reviews
        self._rates = rates
        self._scenarios = scenarios

    async def create(self, principal: Principal, draft: RiskDraft) -> Risk:
        """Enter a risk; its first review is planned. Raises Forbidden, InvalidInput, Conflict."""
        principal.require(Action.EDIT, Resource.RISK, monitor=draft.monitor)
        now = self._clock.now()
        async with self._database.write() as connection:
            if await rows.count(connection) >= ENTRIES_MAX:
                raise Conflict(f"the register holds {ENTRIES_MAX} entries; change one of them")
            draft = await self._checked(connection, draft, now=now)
            risk = Risk(
                id=stable_id("rsk", principal.id, draft.title, now),
                draft=draft,
                stage=Stage.PLAN,
                cycle=1,
                retired=False,
                created_by=principal.id,
                created_at=now,
                updated_at=now,
                version=1,
            )
            await recording.entered(connection, risk, principal)
            await self._reviews.plan(connection, risk, now=now)
        return risk

    async def edit(
        self, principal: Principal, risk_id: str, draft: RiskDraft, *, version: int | None = None
    ) -> Risk:
        """Write an entry anew, a retired one too; the same is no new version.

        Raises Forbidden, NotFound, InvalidInput with every mistake, Conflict.
        """
        async with self._opened(principal, risk_id, Action.EDIT, version, retired=None) as work:
            principal.require(Action.EDIT, Resource.RISK, monitor=draft.monitor)
            draft = await self._checked(work.connection, draft, now=work.now)
            written = draft_json(draft)
            changed = {
                name: {"before": before, "after": written[name]}
                for name, before in draft_json(work.risk.draft).items()
                if before != written[name]
            }
            if not changed:
                return work.risk
            saved = await work.save(ChangeKind.EDITED, {"draft": draft}, changed=changed)
            if not saved.retired and not _ASKED.isdisjoint(changed):
                await self._reviews.plan(work.connection, saved, now=work.now)
            return saved

    async def move(
        self,
        principal: Principal,
        risk_id: str,
        to: Stage,
        *,
        note: str,
        version: int | None = None,
    ) -> Risk:
        """Into the next stage, by the owner or whoever works here. Raises IllegalTransition."""
        note = _said("note", note)
        async with self._opened(principal, risk_id, Action.WORK, version) as work:
            before = work.risk.stage
            if to is not before.following:
                raise IllegalTransition(
                    f"risk {risk_id} is in {before}: {before.following} comes next, not {to}"
                )
            return await work.save(
                ChangeKind.MOVED,
                {"stage": to, "cycle": work.risk.cycle + (to is Stage.PLAN)},
                note=note,
                stage={"before": before.value, "after": to.value},
            )

    async def review(
        self,
        principal: Principal,
        risk_id: str,
        *,
        note: str,
        evidence: str | None,
        version: int | None = None,
    ) -> Risk:
        """Somebody looked at it anew: makes the review good that waits, once its time is near."""
        note = _said("note", note)
        if evidence is not None and not (
            evidence.startswith(_SCHEMES) and len(evidence) <= _LINK_MAX and evidence.isprintable()
        ):
            raise InvalidInput(
                "this is no link", errors=[("evidence", "a link: http:// or https://")]
            )
        async with self._opened(principal, risk_id, Action.WORK, version) as work:
            settled = await self._reviews.settle(
                work.connection,
                work.risk,
                by=principal.id,
                note=note,
                evidence=evidence,
                now=work.now,
            )
            return await work.save(
                ChangeKind.REVIEWED,
                note=note,
                evidence=evidence,
                round=None if settled is None else settled.id,
                late=settled is not None and work.now > settled.due_at,
            )

    async def retire(
        self, principal: Principal, risk_id: str, *, reason: str, version: int | None = None
    ) -> Risk:
        """It is no risk any more: nobody is asked for reviews. It stays to be read."""
        reason = _said("reason", reason)
        async with self._opened(principal, risk_id, Action.EDIT, version) as work:
            await self._reviews.stop(work.connection, risk_id, now=work.now)
            return await work.save(ChangeKind.RETIRED, {"retired": True}, note=reason)

    async def reopen(
        self, principal: Principal, risk_id: str, *, reason: str, version: int | None = None
    ) -> Risk:
        """It is one again: another cycle begins, reviews are planned. Raises IllegalTransition."""
        reason = _said("reason", reason)
        async with self._opened(principal, risk_id, Action.EDIT, version, retired=True) as work:
            await self._checked(work.connection, work.risk.draft, now=work.now)
            after = {"retired": False, "stage": Stage.PLAN, "cycle": work.risk.cycle + 1}
            saved = await work.save(ChangeKind.REOPENED, after, note=reason)
            await self._reviews.plan(work.connection, saved, now=work.now)
            return saved

    async def link(
        self, principal: Principal, risk_id: str, kind: LinkKind, target_id: str
    ) -> Risk:
        """To an incident or an improvement; said twice is said once. Raises NotFound."""
        async with self._opened(principal, risk_id, Action.WORK, None) as work:
            await linking.require_target(work.connection, principal, kind, target_id)
            made = Link(kind=kind, target_id=target_id, by=principal.id, at=work.now)
            if not await rows.add_link(work.connection, risk_id, made):
                return work.risk
            return await work.save(ChangeKind.LINKED, target={kind.value: target_id})

    async def unlink(
        self, principal: Principal, risk_id: str, kind: LinkKind, target_id: str
    ) -> Risk:
        """Raises NotFound for a link that is not there."""
        async with self._opened(principal, risk_id, Action.WORK, None) as work:
            if not await rows.remove_link(work.connection, risk_id, kind, target_id):
                raise NotFound(f"risk {risk_id} is not linked to {kind} {target_id!r}")
            return await work.save(ChangeKind.UNLINKED, target={kind.value: target_id})

    async def _checked(
        self, connection: AsyncConnection, draft: RiskDraft, *, now: datetime
    ) -> RiskDraft:
        draft = replace(draft, title=draft.title.strip(), description=draft.description.strip())
        user, monitor = tables.user, tables.monitor
        owners = await connection.execute(
            select(user.c.id).where(user.c.id == draft.owner, user.c.disabled.is_(False))
        )
        monitors = await connection.execute(
            select(monitor.c.id).where(monitor.c.id == draft.monitor)
        )
        known = Known(
            owners=set(owners.scalars()),
            monitors=set(monitors.scalars()),
            scenarios=self._scenarios,
            rates=await self._rates.held(connection),
            day=self._rates.day_of(now),
        )
        if wrong := list(mistakes(draft, known)):
            raise InvalidInput("the risk cannot be kept like that", errors=wrong)
        return draft

    @asynccontextmanager
    async def _opened(
        self,
        principal: Principal,
        risk_id: str,
        action: Action,
        version: int | None,
        *,
        retired: bool | None = False,
    ) -> AsyncIterator[recording.Work]:
        """The entry, locked, for somebody who may do this to it; `retired` as it must be."""
        async with self._database.write() as connection:
            risk = await rows.find(connection, risk_id, locked=True)
            owns = (
                risk is not None
                and principal.kind is PrincipalKind.USER
                and principal.id == risk.draft.owner
            )
            if not (owns and action is Action.WORK):
                principal.require(action, Resource.RISK)
            if risk is None or not in_sight(principal, risk):
                raise NotFound(f"there is no risk {risk_id!r}")
            if version is not None and version != risk.version:
                raise Conflict(await recording.changed_since(connection, risk, version))
            if retired is not None and risk.retired is not retired:
                state = "retired: reopen it first" if risk.retired else "not retired"
                raise IllegalTransition(f"risk {risk_id} is {state}")
            now = self._clock.now()
            yield recording.Work(connection=connection, risk=risk, principal=principal, now=now)


def in_sight(principal: Principal, risk: Risk) -> bool:
    """Whether they may read it: an entry of a monitor is for those who work on that one."""
    return principal.may(Action.READ, Resource.RISK, monitor=risk.draft.monitor)


def _said(name: str, text: str) -> str:
    text = text.strip()
    if not plain(text) or len(text) > TEXT_MAX:
        problem = f"say it in 1 to {TEXT_MAX} characters"
        raise InvalidInput(f"{name}: {problem}", errors=[(name, problem)])
    return text
