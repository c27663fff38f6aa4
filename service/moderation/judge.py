"""Judging a text by its policy alone, and what every judge can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from nlp import Analysis
from service.moderation.advertisement import with_checks
from service.moderation.covering import ADVERTISEMENT
from service.moderation.item import ClassifyItem
from service.moderation.policies import Policies, Policy, load_policies
from service.moderation.policy import Verdict, decide


class Judge(Protocol):
    """Says what is to be done with texts, in order."""

    @property
    def policies(self) -> Policies: ...

    async def judge(
        self, items: Sequence[ClassifyItem], analyses: Sequence[Analysis], *, caller: str
    ) -> list[Verdict]: ...


class Forgetful:
    """Judges each text by its policy alone: no holds, no authors, no context, nobody is told."""

    def __init__(self, policies: Policies | None = None) -> None:
        self.policies = policies or load_policies()

    async def judge(
        self, items: Sequence[ClassifyItem], analyses: Sequence[Analysis], *, caller: str
    ) -> list[Verdict]:
        del caller
        return [
            alone(item, analysis, policy=self.policies.named(item.policy))
            for item, analysis in zip(items, analyses, strict=True)
        ]


def alone(
    item: ClassifyItem,
    analysis: Analysis,
    *,
    policy: Policy,
    waived: frozenset[str] = frozenset(),
    cleared: bool = False,
) -> Verdict:
    """The verdict on one text by itself. Pure. `waived` and `cleared` as in `decide`."""
    verdict = decide(
        analysis,
        policy=policy,
        degraded=sorted(item.asked.intersection(analysis.degraded)),
        kind=item.kind,
        waived=waived,
        cleared=cleared,
    )
    if item.kind == ADVERTISEMENT and not cleared:
        return with_checks(verdict, analysis, policy=policy)
    return verdict
