"""From what a policy file says to what the code reads."""

from __future__ import annotations

from nlp import normalize
from service.moderation.policies.model import (
    NEVER,
    AbuseRule,
    AccountRules,
    AdvertisementRules,
    AtRiskRules,
    ContextRules,
    Family,
    HoldRules,
    ModelRule,
    PatternRule,
    Policy,
    SuspicionRules,
    Thresholds,
    Weight,
)
from service.moderation.policies.schema import HoldSpec, PolicyFile, SuspicionSpec
from service.moderation.suggestion import Suggestion

_WIDE = ("medical_claim", "finance_claim")
"""What the switch adds to what is held."""


def compiled(spec: PolicyFile, *, version: str) -> Policy:
    """The policy of a valid file."""
    accounts = spec.accounts
    return Policy(
        name=spec.name,
        version=version,
        categories={
            category: Thresholds(review=_severity(item.review), block=_severity(item.block))
            for category, item in spec.categories.items()
        },
        patterns={
            pattern: PatternRule(suggestion=Suggestion(item.suggestion), severity=item.severity)
            for pattern, item in spec.patterns.items()
        },
        abuse=AbuseRule(
            weak=spec.abuse.weak,
            review=spec.abuse.review,
            block=_probability(spec.abuse.block),
            medium=spec.abuse.medium,
        ),
        model=ModelRule(
            weak=spec.model.weak,
            review=spec.model.review,
            block=_probability(spec.model.block),
            together=_probability(spec.model.together),
            review_only=frozenset(spec.model.review_only),
            labels=spec.model.labels,
        ),
        degraded=Suggestion(spec.degraded.suggestion),
        holds=_holds(spec.holds),
        at_risk=AtRiskRules(
            patterns=frozenset(spec.at_risk.patterns),
            categories=spec.at_risk.categories,
            model=_probability(spec.at_risk.model),
        ),
        families=tuple(
            Family(
                name=name,
                categories=frozenset(item.categories),
                patterns=frozenset(item.patterns),
                cues=_normal(item.cues),
            )
            for name, item in spec.families.items()
        ),
        suspicion=_suspicion(spec.suspicion),
        context=ContextRules(parent=spec.context.parent, longest_piece=spec.context.longest_piece),
        accounts=AccountRules(
            review_from=accounts.review_from,
            burst=accounts.burst,
            burst_s=accounts.burst_s,
            weights={
                indicator: Weight(weight=item.weight, full=item.full)
                for indicator, item in accounts.indicators.items()
            },
        ),
        advertisement=AdvertisementRules(
            markers=_normal(spec.advertisement.markers),
            inducements={
                name: _normal(words) for name, words in spec.advertisement.inducements.items()
            },
            proof_for=frozenset(spec.advertisement.proof_for),
            efficacy=_normal(spec.advertisement.efficacy),
        ),
        file_reviews=spec.queue.reviews,
        file_blocks=spec.queue.blocks,
    )


def _holds(spec: HoldSpec) -> HoldRules:
    wide = _WIDE if spec.all_medical_and_finance else ()
    return HoldRules(
        patterns=frozenset(spec.patterns),
        categories=frozenset((*spec.categories, *wide)),
        reposts=spec.reposts,
        along={label: frozenset(categories) for label, categories in spec.along.items()},
    )


def _suspicion(spec: SuspicionSpec) -> SuspicionRules:
    return SuspicionRules(
        disguised=frozenset(spec.disguised),
        several=spec.several if isinstance(spec.several, int) else None,
        family=spec.family,
        cues=_normal(spec.cues),
    )


def _severity(value: int | str) -> int:
    return value if isinstance(value, int) else NEVER


def _probability(value: float | str) -> float | None:
    return None if isinstance(value, str) else value


def _normal(words: tuple[str, ...]) -> tuple[str, ...]:
    """As they stand in the normal form of a text, where they are looked for."""
    return tuple(normalize(word).text for word in words)
