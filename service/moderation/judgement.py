"""From what was found in texts to what the caller is told: policy, context, holds, account.

Nothing passes in silence: whatever could not be looked at is named in `degraded`, and the policy
says what that means. What people have to hear of is in `aftermath`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from nlp import Analysis, CopyKey
from service.clock import Clock
from service.ids import stable_id
from service.metrics import holds_met, judgement_failures
from service.moderation.accounts import Accounts, Counts
from service.moderation.aftermath import Aftermath
from service.moderation.behaviour import Behaviour, Unwritten
from service.moderation.context import with_parent, with_session
from service.moderation.covering import ADVERTISEMENT, cover_of, with_cover, with_held_parent
from service.moderation.hold_index import Hold, HoldIndex, HoldLabel, HoldState, Match
from service.moderation.holds import Holds, hold_key
from service.moderation.item import ClassifyItem
from service.moderation.judge import alone
from service.moderation.judged import Judged
from service.moderation.patience import patience
from service.moderation.policies import Indicator, Policies, Policy
from service.moderation.policy import Reason, Suggestion, Verdict, decide, raised
from service.moderation.reader import TextReader
from service.moderation.standing import Standing, standing
from service.moderation.surroundings import ALONE, Surrounding, surroundings

log = structlog.get_logger(__name__)

Pseudonym = Callable[[str, str], str]
"""(source, author id) to the keyed pseudonym."""


class Judgement:
    """Judges texts with all that is known of them, and sees to what follows from it."""

    def __init__(
        self,
        *,
        policies: Policies,
        holds: Holds,
        accounts: Accounts,
        reader: TextReader,
        clock: Clock,
        pseudonym: Pseudonym,
        aftermath: Aftermath,
    ) -> None:
        """`pseudonym` hides an author; `aftermath` writes, files and reports."""
        self.policies = policies
        self._holds = holds
        self._accounts = accounts
        self._behaviour = Behaviour()
        self._reader = reader
        self._clock = clock
        self._pseudonym = pseudonym
        self._aftermath = aftermath

    async def judge(
        self, items: Sequence[ClassifyItem], analyses: Sequence[Analysis], *, caller: str
    ) -> list[Verdict]:
        """One verdict a text. A text that passes costs no write.

        Raises InvalidInput for an unknown policy, and Overloaded when the texts around them cannot
        be read now; nothing has happened then.
        """
        policies = [self.policies.named(item.policy) for item in items]
        around = await surroundings(items, policies, self._reader)
        trusted = await self._holds.refresh()
        if not trusted:
            judgement_failures.labels(part="holds").inc()
        now = self._clock.now()
        authors = [self._author(item, caller) for item in items]
        counts = await self._counts([author for author in authors if author is not None])
        fresh = HoldIndex()
        judged: list[Judged] = []
        for item, analysis, policy, place, author in zip(
            items, analyses, policies, around, authors, strict=True
        ):
            one = self._one(item, analysis, policy, place, fresh=fresh, trusted=trusted)
            if author is not None:
                self._weigh(one, author, counts, policy, now=now)
            if one.needs_hold and trusted:
                one.placed = _new_hold(one, item, policy, caller=caller, now=now)
                fresh.put((one.placed,))
            judged.append(one)
        await self._aftermath.settle(judged, self._behaviour, caller=caller, now=now)
        return [one.verdict for one in judged]

    async def _counts(self, authors: Sequence[str]) -> dict[str, Counts] | None:
        """None when the state database does not answer."""
        if not authors:
            return {}
        try:
            async with patience():
                return await self._accounts.counts(set(authors))
        except Exception:
            log.exception("judgement.accounts_unreadable")
            judgement_failures.labels(part="accounts").inc()
            return None

    def _author(self, item: ClassifyItem, caller: str) -> str | None:
        if item.author is None:
            return None
        return self._pseudonym(item.author.source or f"classify:{caller}", item.author.id)

    def _one(
        self,
        item: ClassifyItem,
        analysis: Analysis,
        policy: Policy,
        around: Surrounding,
        *,
        fresh: HoldIndex,
        trusted: bool,
    ) -> Judged:
        key = hold_key(analysis)
        cover = cover_of(self._matches(key, fresh), kind=item.kind, policy=policy)
        if cover is None:
            verdict = alone(item, analysis, policy=policy)
        else:
            verdict = alone(
                item, analysis, policy=policy, waived=cover.waived, cleared=cover.cleared
            )
        own = verdict.held_labels
        if cover is not None:
            verdict = with_cover(verdict, cover, policy=policy)
        if around is not ALONE:
            verdict = self._in_context(verdict, analysis, around, policy)
        for reason, hold_id in verdict.reasons:
            if hold_id:
                holds_met.labels(reason=reason.value).inc()
        if not trusted:
            verdict = raised(verdict, policy=policy, degraded=("holds",))
        return Judged(
            item=item,
            analysis=analysis,
            policy=policy,
            key=key,
            verdict=verdict,
            cover=None if cover is None else cover.hold,
            needs_hold=_needs_hold(item, verdict, own, None if cover is None else cover.hold),
        )

    def _in_context(
        self, verdict: Verdict, analysis: Analysis, around: Surrounding, policy: Policy
    ) -> Verdict:
        if around.seam is not None and around.joined is not None:
            verdict = with_session(verdict, around.joined, around.seam, policy=policy)
        if around.parent is not None:
            matches = self._holds.find(hold_key(around.parent))
            verdict = with_held_parent(verdict, matches, policy=policy)
            parent = decide(around.parent, policy=policy)
            verdict = with_parent(verdict, parent, analysis.normal, policy=policy)
        if around.missing:
            verdict = raised(verdict, policy=policy, degraded=("context",))
        return verdict

    def _matches(self, key: CopyKey, fresh: HoldIndex) -> list[Match]:
        known = self._holds.find(key)
        return known + fresh.find(key) if len(fresh) else known

    def _weigh(
        self,
        one: Judged,
        author: str,
        counts: dict[str, Counts] | None,
        policy: Policy,
        *,
        now: datetime,
    ) -> None:
        """Let the author's account speak: for a review where there is a trace, never alone."""
        exact = one.analysis.copy_key.exact
        one.author = author
        one.unwritten = self._behaviour.note(author, exact, at=now, rules=policy.accounts)
        if counts is None:
            one.verdict = raised(one.verdict, policy=policy, degraded=("accounts",))
            return
        known = _with_unwritten(counts.get(author, {}), one.unwritten)
        one.verdict = with_account(
            one.verdict, standing(known, rules=policy.accounts), policy=policy
        )


def with_account(verdict: Verdict, account: Standing, *, policy: Policy) -> Verdict:
    """The verdict with the author's standing, which makes traces count and nothing else. Pure."""
    verdict = replace(verdict, account=account)
    if (
        verdict.suggestion is not Suggestion.PASS
        or not verdict.traces
        or account.score < policy.accounts.review_from
    ):
        return verdict
    return raised(
        verdict,
        policy=policy,
        findings=[replace(trace, suggestion=Suggestion.REVIEW) for trace in verdict.traces],
        reason=(Reason.ACCOUNT, ""),
    )


def _with_unwritten(counts: Counts, unwritten: Unwritten) -> Counts:
    return {
        **counts,
        Indicator.COPY: counts.get(Indicator.COPY, 0.0) + unwritten.copies,
        Indicator.BURST: counts.get(Indicator.BURST, 0.0) + unwritten.bursts,
    }


def _needs_hold(
    item: ClassifyItem, verdict: Verdict, own: frozenset[str], cover: Hold | None
) -> bool:
    """Whether a person has to decide for this text and its copies, and none is asked yet.

    `own` are the held labels found in the text itself.
    """
    covered = frozenset[str]() if cover is None else cover.held_labels
    if verdict.held:
        return bool(own - covered)
    if item.kind != ADVERTISEMENT or verdict.suggestion is not Suggestion.REVIEW:
        return False
    return cover is None


def _new_hold(
    one: Judged, item: ClassifyItem, policy: Policy, *, caller: str, now: datetime
) -> Hold:
    """The hold of a text; its id is that of its words and reasons, on every replica."""
    verdict = one.verdict
    held = verdict.held_labels
    return Hold(
        id=stable_id("hold", item.kind, one.key.exact, *sorted(held)),
        kind=item.kind,
        blocking=verdict.held,
        state=HoldState.PENDING,
        labels=tuple(
            HoldLabel(label=label, score=score, source=source, held=label in held)
            for label, score, source in verdict.labels
        ),
        risk_level=verdict.risk_level,
        key=one.key,
        policy=policy.version,
        caller=caller,
        created_at=now,
        updated_at=now,
    )
