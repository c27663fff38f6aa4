"""What holds mean for a copy, and for a text that comes with a held parent. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.moderation.hold_index import Hold, HoldState, Match
from service.moderation.policies import Policy
from service.moderation.policy import Finding, Reason, Source, Suggestion, Verdict, raised

ADVERTISEMENT = "advertisement"
REJECTED = "ad_rejected"
"""The label of an advertisement in which nothing was found, and which legal has refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The hold that speaks for a text. `waived` are labels that a person has let pass in it.

    `cleared` says that an advertisement has its legal verdict.
    """

    hold: Hold
    reason: Reason
    waived: frozenset[str] = frozenset()
    cleared: bool = False


def cover_of(matches: Sequence[Match], *, kind: str, policy: Policy) -> Cover | None:
    """The hold that speaks for a text of a kind, out of those that it is a copy of.

    The nearest counts, and only where the policy holds what was held. A person's pass is for all
    that was found where the text is the same, and for what was held where it is nearly so. A legal
    verdict that lets an advertisement pass is for the very words alone.
    """
    if kind == ADVERTISEMENT:
        return _of_advertisement(matches, policy)
    for match in matches:
        if match.hold.blocking and policy.holds.covers(match.hold.held_labels):
            return _cover(match)
    return None


def _of_advertisement(matches: Sequence[Match], policy: Policy) -> Cover | None:
    legal = [match for match in matches if match.hold.kind == ADVERTISEMENT]
    for match in legal:
        if match.distance == 0 and match.hold.state is HoldState.LIFTED:
            return Cover(
                hold=match.hold,
                reason=Reason.LEGAL_VERDICT,
                waived=_all_labels(match.hold),
                cleared=True,
            )
    for match in matches:
        hold = match.hold
        if hold.state is HoldState.LIFTED:
            continue
        if hold.state is HoldState.CONFIRMED and hold.kind == ADVERTISEMENT:
            return _cover(match)
        if hold.blocking and policy.holds.covers(hold.held_labels):
            return _cover(match)
        if match.distance == 0 and hold.kind == ADVERTISEMENT:
            return Cover(hold=hold, reason=Reason.COPY_OF_HOLD)
    return None


def _cover(match: Match) -> Cover:
    hold = match.hold
    if hold.state is HoldState.PENDING:
        return Cover(hold=hold, reason=Reason.COPY_OF_HOLD)
    if hold.state is HoldState.CONFIRMED:
        return Cover(hold=hold, reason=Reason.CONFIRMED)
    waived = _all_labels(hold) if match.distance == 0 else hold.held_labels
    return Cover(hold=hold, reason=Reason.LIFTED, waived=waived)


def with_cover(verdict: Verdict, cover: Cover, *, policy: Policy) -> Verdict:
    """The verdict with what the covering hold says; what it waives was left out before."""
    return raised(
        verdict,
        policy=policy,
        findings=_findings(cover.hold),
        reason=(cover.reason, cover.hold.id),
    )


def with_held_parent(verdict: Verdict, matches: Sequence[Match], *, policy: Policy) -> Verdict:
    """The verdict on a text whose parent is a copy of `matches`: a repost shows it again."""
    if not policy.holds.reposts:
        return verdict
    cover = cover_of(matches, kind="post", policy=policy)
    if cover is None or cover.hold.state is HoldState.LIFTED:
        return verdict
    return raised(
        verdict,
        policy=policy,
        findings=_findings(cover.hold),
        reason=(Reason.REPOST_OF_HOLD, cover.hold.id),
    )


def _findings(hold: Hold) -> Iterable[Finding]:
    """What the hold adds to a copy: its reasons while it waits, a human verdict when it blocks."""
    if hold.state is HoldState.LIFTED:
        return
    if hold.state is HoldState.PENDING:
        for label in hold.labels:
            if label.held:
                yield Finding(
                    label=label.label,
                    source=Source(label.source),
                    score=label.score,
                    severity=_severity(label.score),
                    suggestion=Suggestion.REVIEW,
                    held=hold.blocking,
                )
        return
    scores = {label.label: label.score for label in hold.labels if label.held or not hold.blocking}
    for name, score in (scores or {REJECTED: 0.6}).items():
        yield Finding(
            label=name,
            source=Source.HUMAN,
            score=1.0,
            severity=_severity(score),
            suggestion=Suggestion.BLOCK,
        )


def _severity(score: float) -> int:
    return max(1, min(5, round(score * 5)))


def _all_labels(hold: Hold) -> frozenset[str]:
    return frozenset(label.label for label in hold.labels)
