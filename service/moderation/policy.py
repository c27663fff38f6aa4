"""What the findings of one text move under a policy, and how far. Pure.

Crisis categories, a complaint or personal data alone never hold a post back; whatever is missing
makes it at least `review`, so that nothing passes because a component was down.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from nlp import Analysis
from service.moderation.policies import Policy, default_policy
from service.moderation.standing import Standing
from service.moderation.suggestion import Suggestion, strictest
from service.moderation.suspicion import suspicious

__all__ = ["Finding", "Reason", "Source", "Suggestion", "Verdict", "decide", "raised"]

_LEVELS = ((4, "high"), (3, "medium"), (1, "low"))
TRACE_SCORE = 0.2
"""Of a label that alone would not be given: the least severity out of five."""
_ABUSE = "abuse"
_SELF_HARM = "self_harm"


class Source(StrEnum):
    """Who says so."""

    LEXICON = "lexicon"
    PATTERN = "pattern"
    MODEL = "model"
    HUMAN = "human"


class Reason(StrEnum):
    """What moved a suggestion beside the findings themselves."""

    HOLD = "hold"
    COPY_OF_HOLD = "copy_of_hold"
    REPOST_OF_HOLD = "repost_of_hold"
    LIFTED = "lifted"
    CONFIRMED = "confirmed"
    PARENT = "parent"
    SESSION = "session"
    ACCOUNT = "account"
    ADVERTISEMENT = "advertisement"
    LEGAL_VERDICT = "legal_verdict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found: what it asks for, how bad it is (0 to 5), how sure it is (0 to 1)."""

    label: str
    source: Source
    score: float
    severity: int
    suggestion: Suggestion
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What to do, how bad it is, and why.

    `labels` are (label, score, source). `floor` is the least that comes out whatever is found.
    `traces` are what was found and is too little to count alone. `reasons` are (reason, what it
    names or ""). `degraded` names what was missing while judging, `policy` is `name@hash`.
    """

    suggestion: Suggestion
    risk_level: str
    labels: tuple[tuple[str, float, str], ...]
    held: bool = False
    floor: Suggestion = Suggestion.PASS
    findings: tuple[Finding, ...] = ()
    traces: tuple[Finding, ...] = ()
    at_risk: bool = False
    account: Standing | None = None
    reasons: tuple[tuple[Reason, str], ...] = ()
    degraded: tuple[str, ...] = ()
    policy: str = ""

    @property
    def held_labels(self) -> frozenset[str]:
        """Labels of the held findings."""
        return frozenset(finding.label for finding in self.findings if finding.held)

    @property
    def hold(self) -> str | None:
        """The id of the hold that speaks for the text: its own before one that it is a copy of."""
        named = {reason: ref for reason, ref in self.reasons if ref}
        return named.get(Reason.HOLD) or next(iter(named.values()), None)


def decide(
    analysis: Analysis,
    *,
    policy: Policy | None = None,
    degraded: Sequence[str] = (),
    kind: str = "post",
    waived: frozenset[str] = frozenset(),
    cleared: bool = False,
) -> Verdict:
    """The verdict on one text, looked at alone; `policy` None is the default one.

    `degraded` names what was asked for and is missing: the text was not fully looked at. `waived`
    are labels that a person has let pass in this very text: they and what goes along with them
    move nothing. `cleared` says that an advertisement has its legal verdict.
    """
    chosen = policy or default_policy()
    findings = [
        *_hits(analysis, chosen),
        *_patterns(analysis, chosen),
        *_suspicions(analysis, chosen),
        *_abuse(analysis, chosen),
        *_model(analysis, chosen),
    ]
    if waived:
        spared = waived.union(*(chosen.holds.along.get(label, frozenset()) for label in waived))
        findings = [finding for finding in findings if finding.label not in spared]
    reasons: list[tuple[Reason, str]] = []
    floor = Suggestion.PASS
    if degraded:
        floor = chosen.degraded
    if kind == "advertisement" and not cleared:
        # No advertisement passes without a legal verdict.
        floor = strictest(floor, Suggestion.REVIEW)
        reasons.append((Reason.ADVERTISEMENT, ""))
    found = tuple(findings)
    suggestion, held, level = _conclusion(found, floor, chosen)
    return Verdict(
        suggestion=suggestion,
        risk_level=level,
        labels=_labels(found),
        held=held,
        floor=floor,
        findings=found,
        traces=_traces(analysis, chosen),
        at_risk=_at_risk(analysis, chosen),
        reasons=tuple(reasons),
        degraded=tuple(degraded),
        policy=chosen.version,
    )


def raised(
    verdict: Verdict,
    *,
    policy: Policy,
    findings: Iterable[Finding] = (),
    floor: Suggestion = Suggestion.PASS,
    reason: tuple[Reason, str] | None = None,
    degraded: Iterable[str] = (),
) -> Verdict:
    """The verdict with more findings, or a higher floor. Never more lenient than it was."""
    found = (*verdict.findings, *findings)
    least = strictest(verdict.floor, floor)
    missing = tuple(sorted({*verdict.degraded, *degraded}))
    if missing != verdict.degraded:
        least = strictest(least, policy.degraded)
    suggestion, held, level = _conclusion(found, least, policy)
    return replace(
        verdict,
        suggestion=suggestion,
        risk_level=level,
        labels=_labels(found),
        held=held,
        floor=least,
        findings=found,
        reasons=verdict.reasons if reason is None else (*verdict.reasons, reason),
        degraded=missing,
    )


def _conclusion(
    findings: Sequence[Finding], floor: Suggestion, policy: Policy
) -> tuple[Suggestion, bool, str]:
    """(suggestion, held, risk level): blocked outright is more than held, held more than review."""
    if not findings:
        return floor, False, "none"
    held = [finding.label for finding in findings if finding.held]
    outright = strictest(floor, *_outright(findings, held, policy))
    worst = max(finding.severity for finding in findings)
    level = next((name for least, name in _LEVELS if worst >= least), "none")
    if held and outright is not Suggestion.BLOCK:
        return Suggestion.BLOCK, True, level
    return outright, False, level


def _labels(findings: Iterable[Finding]) -> tuple[tuple[str, float, str], ...]:
    """(label, best score, source), once each: lexicon, pattern, model, human, then by name."""
    best: dict[tuple[str, str], float] = {}
    for finding in findings:
        key = (finding.source.value, finding.label)
        best[key] = max(best.get(key, 0.0), finding.score)
    order = [source.value for source in Source]
    return tuple(
        (label, best[source, label], source)
        for source, label in sorted(best, key=lambda key: (order.index(key[0]), key[1]))
    )


def _outright(
    findings: Iterable[Finding], held: Sequence[str], policy: Policy
) -> Iterable[Suggestion]:
    """What is asked for by all that is not part of a held claim."""
    along = {category for label in held for category in policy.holds.along.get(label, ())}
    for finding in findings:
        if not finding.held and not (finding.source is Source.LEXICON and finding.label in along):
            yield finding.suggestion


def _hits(analysis: Analysis, policy: Policy) -> Iterable[Finding]:
    worst: dict[str, int] = {}
    for hit in analysis.hits:
        if hit.suppressed_by is None and hit.category in policy.categories:
            worst[hit.category] = max(worst.get(hit.category, 0), hit.severity)
    for category, severity in worst.items():
        suggestion = policy.categories[category].suggestion(severity)
        if suggestion is not Suggestion.PASS:
            yield Finding(
                label=category,
                source=Source.LEXICON,
                score=severity / 5,
                severity=severity,
                suggestion=suggestion,
                held=category in policy.holds.categories,
            )


def _patterns(analysis: Analysis, policy: Policy) -> Iterable[Finding]:
    if not analysis.patterns:
        return
    for pattern in sorted({hit.pattern for hit in analysis.counted_patterns}):
        rule = policy.patterns.get(pattern)
        held = pattern in policy.holds.patterns
        if rule is not None and (held or rule.suggestion is not Suggestion.PASS):
            yield Finding(
                label=pattern,
                source=Source.PATTERN,
                score=rule.severity / 5,
                severity=rule.severity,
                suggestion=rule.suggestion,
                held=held,
            )


def _abuse(analysis: Analysis, policy: Policy) -> Iterable[Finding]:
    rule, score = policy.abuse, analysis.abuse
    if score is None or score < rule.review:
        return
    block = rule.block is not None and score >= rule.block
    yield Finding(
        label=_ABUSE,
        source=Source.MODEL,
        score=score,
        severity=3 if score >= rule.medium else 1,
        suggestion=Suggestion.BLOCK if block else Suggestion.REVIEW,
    )


def _suspicions(analysis: Analysis, policy: Policy) -> Iterable[Finding]:
    for category in sorted(suspicious(analysis, policy)):
        yield Finding(
            label=category,
            source=Source.LEXICON,
            score=TRACE_SCORE,
            severity=1,
            suggestion=Suggestion.REVIEW,
        )


def _model(analysis: Analysis, policy: Policy) -> Iterable[Finding]:
    for item in analysis.moderation:
        words = any(hit.category == item.category for hit in analysis.hits) or any(
            hit.pattern == item.category for hit in analysis.patterns
        )
        suggestion = policy.model.suggestion(item.category, item.score, words=words)
        if suggestion is not Suggestion.PASS:
            yield Finding(
                label=item.category,
                source=Source.MODEL,
                score=item.score,
                severity=4 if suggestion is Suggestion.BLOCK else 3,
                suggestion=suggestion,
                held=item.category in policy.holds.categories,
            )


def _traces(analysis: Analysis, policy: Policy) -> tuple[Finding, ...]:
    """What is there and does not count: suppressed, or below its threshold. Once a label."""
    found: dict[tuple[Source, str], float] = {}
    for hit in analysis.hits:
        thresholds = policy.categories.get(hit.category)
        if thresholds is not None and (
            hit.suppressed_by is not None or hit.severity < thresholds.review
        ):
            found[Source.LEXICON, hit.category] = TRACE_SCORE
    for pattern in analysis.patterns:
        rule = policy.patterns.get(pattern.pattern)
        if rule is not None and (
            pattern.suppressed_by is not None or rule.suggestion is Suggestion.PASS
        ):
            found[Source.PATTERN, pattern.pattern] = TRACE_SCORE
    if analysis.abuse is not None and policy.abuse.weak <= analysis.abuse < policy.abuse.review:
        found[Source.MODEL, _ABUSE] = analysis.abuse
    for item in analysis.moderation:
        if policy.model.weak <= item.score < policy.model.review_from(item.category):
            found[Source.MODEL, item.category] = max(
                item.score, found.get((Source.MODEL, item.category), 0.0)
            )
    return tuple(
        Finding(label=label, source=source, score=score, severity=1, suggestion=Suggestion.PASS)
        for (source, label), score in found.items()
    )


def _at_risk(analysis: Analysis, policy: Policy) -> bool:
    rules = policy.at_risk
    if rules.model is not None and any(
        item.category == _SELF_HARM and item.score >= rules.model for item in analysis.moderation
    ):
        return True
    return any(hit.pattern in rules.patterns for hit in analysis.counted_patterns) or any(
        hit.severity >= rules.categories.get(hit.category, 9) for hit in analysis.counted_hits
    )
