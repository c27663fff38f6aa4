"""Approval: who answers for a wording, and who sends it back."""

from __future__ import annotations

from service.auth import Action, Principal
from service.statements import lifecycle, promise_rows, repository
from service.statements.access import check_sizes, require_capacity
from service.statements.hand import Hand, blocking, reason_of
from service.statements.ledger import unassigned
from service.statements.lifecycle import Approved, Capacity, State
from service.statements.model import Approval, Statement


class Approvals:
    """The one door for people who approve. `version` is the If-Match; None skips it."""

    def __init__(self, hand: Hand) -> None:
        self._hand = hand

    async def approve(
        self,
        principal: Principal,
        statement_id: str,
        capacity: Capacity,
        *,
        note: str | None = None,
        version: int | None = None,
    ) -> Statement:
        """Answer for the wording as it stands, as a lead or for legal.

        Raises Conflict for a blocking finding, a promise without owner or date, a second approval
        of one person; Forbidden.
        """
        check_sizes(note=note)
        looked = await self._hand.looked(principal, statement_id, Action.APPROVE, version)
        async with self._hand.opened(
            principal, statement_id, Action.APPROVE, looked.version
        ) as opened:
            require_capacity(principal, capacity)
            rows = await promise_rows.of_statement(opened.connection, statement_id)
            after = lifecycle.approve(
                opened.standing,
                Approved(principal.id, capacity),
                need=self._hand.need(opened.going, opened.statement),
                obstacles=[*blocking(looked.linted), *unassigned(rows, now=opened.now)],
            )
            approval = Approval(
                edition=opened.edition.number,
                person=principal.id,
                capacity=capacity,
                note=note,
                at=opened.now,
            )
            await repository.add_approval(opened.connection, statement_id, approval)
            is_enough = after.state is State.APPROVED
            return await self._hand.settled(
                opened,
                after,
                "approved",
                {"capacity": capacity.value, "note": note, "enough": is_enough},
                principal,
                tell=is_enough,
                approved_at=opened.now if is_enough else None,
            )

    async def send_back(
        self, principal: Principal, statement_id: str, *, reason: str, version: int | None = None
    ) -> Statement:
        """Not like this: a draft again, with the reason. Raises Conflict, Forbidden."""
        said = reason_of(reason)
        async with self._hand.opened(principal, statement_id, Action.APPROVE, version) as opened:
            after = lifecycle.send_back(opened.standing)
            await repository.void_approvals(
                opened.connection, statement_id, reason=said, now=opened.now
            )
            return await self._hand.settled(
                opened,
                after,
                "sent_back",
                {"reason": said},
                principal,
                tell=True,
                submitted_at=None,
                approved_at=None,
            )
