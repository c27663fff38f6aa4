"""One text between its verdict and its answer: what people are asked, and how they are shown it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlp import Analysis, CopyKey
from service.moderation.behaviour import NOTHING_UNWRITTEN, Unwritten
from service.moderation.case import Case, CaseLabel
from service.moderation.hold_index import Hold, HoldState
from service.moderation.item import ClassifyItem
from service.moderation.policies import Policy
from service.moderation.policy import Suggestion, Verdict, raised


@dataclass(slots=True, kw_only=True)
class Judged:
    """One text on its way to its answer."""

    item: ClassifyItem
    analysis: Analysis
    policy: Policy
    key: CopyKey
    verdict: Verdict
    cover: Hold | None = None
    """The hold that it is a copy of."""
    needs_hold: bool = False
    placed: Hold | None = None
    """The hold that it is the first of."""
    author: str | None = None
    unwritten: Unwritten = NOTHING_UNWRITTEN

    @property
    def hold(self) -> Hold | None:
        return self.placed or self.cover

    @property
    def waits(self) -> bool:
        """Whether people are to be asked about it: not for each copy of what they have."""
        if self.needs_hold:
            return True
        waiting = self.cover is not None and self.cover.state is HoldState.PENDING
        if waiting and self.cover is not None and not self.cover.filed:
            return True
        suggestion = self.verdict.suggestion
        if suggestion is Suggestion.REVIEW:
            return self.policy.file_reviews and not (waiting and self.item.kind != "post")
        return (
            suggestion is Suggestion.BLOCK and not self.verdict.held and (self.policy.file_blocks)
        )

    def lacks(self, part: str) -> None:
        """Name a part that failed; the policy says what that means."""
        self.verdict = raised(self.verdict, policy=self.policy, degraded=(part,))

    def case(self, *, caller: str, at: datetime) -> Case:
        """The text as people take it."""
        verdict, hold = self.verdict, self.hold
        return Case(
            text=self.item.text,
            item_id=self.item.id,
            kind=self.item.kind,
            caller=caller,
            policy=verdict.policy,
            suggestion=verdict.suggestion.value,
            held=verdict.held,
            hold_id=None if hold is None else hold.id,
            risk_level=verdict.risk_level,
            labels=tuple(
                CaseLabel(label=label, score=score, source=source)
                for label, score, source in verdict.labels
            ),
            copy_key=self.key,
            author=self.author,
            versions={**self.analysis.versions, "policy": verdict.policy},
            at=at,
            parent=self.item.parent,
            session=self.item.session,
        )
