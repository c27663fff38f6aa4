"""What is done to an entry at a press: into its next stage, retired, taken up again."""

from __future__ import annotations

from service.auth import Principal
from service.console.deeds import Deed, attempt, go
from service.console.dialogs import Question, ask
from service.console.pages.risks import place
from service.console.session import Visit
from service.risks import Risk, RiskDesk


class RiskDeeds:
    """Each asks what is to be said of it, and leads back to the page."""

    def __init__(self, desk: RiskDesk, visit: Visit, risk: Risk) -> None:
        self._desk = desk
        self._visit = visit
        self._risk = risk

    async def move(self) -> None:
        """Into the next stage."""
        words, risk = self._visit.words, self._risk
        to = risk.stage.following
        label = words("risks.move", stage=words.choice("risks.stages", to.value))
        note = await self._said(label, words.choice("risks.move_hints", to.value), label)
        if note is None:
            return

        async def move(principal: Principal) -> None:
            await self._desk.move(principal, risk.id, to, note=note, version=risk.version)

        await self._done(move, words("risks.moved"))

    async def retire(self) -> None:
        """It is no risk any more."""
        words, risk = self._visit.words, self._risk
        reason = await self._said(
            words("risks.retire_ask"), words("risks.retire_hint"), words("risks.retire"), grave=True
        )
        if reason is None:
            return

        async def retire(principal: Principal) -> None:
            await self._desk.retire(principal, risk.id, reason=reason, version=risk.version)

        await self._done(retire, words("risks.retired_now"))

    async def reopen(self) -> None:
        """It is one again."""
        words, risk = self._visit.words, self._risk
        reason = await self._said(
            words("risks.reopen_ask"), words("risks.reopen_hint"), words("risks.reopen")
        )
        if reason is None:
            return

        async def reopen(principal: Principal) -> None:
            await self._desk.reopen(principal, risk.id, reason=reason, version=risk.version)

        await self._done(reopen, words("risks.reopened_now"))

    async def _said(
        self, title: str, hint: str, confirm: str, *, grave: bool = False
    ) -> str | None:
        """What somebody writes of it; None when it was called off."""
        question = Question(
            title=title,
            hint=hint,
            confirm=confirm,
            grave=grave,
            reason=self._visit.words("risks.reason"),
            reason_required=True,
        )
        reply = await ask(self._visit.client, self._visit.words, question)
        return None if reply is None else reply.reason

    async def _done(self, deed: Deed, said: str) -> None:
        if await attempt(self._visit, deed):
            go(self._visit, place.address(self._risk.id), said=said)
