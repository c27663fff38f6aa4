"""What stands around a text: the parent it answers, the messages before it. Pure.

Neither blocks. A reply says little by itself, and a word cut over three messages nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nlp import Analysis
from service.moderation.policies import Policy
from service.moderation.policy import (
    TRACE_SCORE,
    Finding,
    Reason,
    Source,
    Suggestion,
    Verdict,
    raised,
)

_WINDOW = 400
"""Code points on either side of the seam that are read together."""


@dataclass(frozen=True, slots=True)
class Seam:
    """Messages joined as one text; the last one begins at `at`, in code points."""

    text: str
    at: int


def seam_of(session: Sequence[str], text: str, *, policy: Policy) -> Seam | None:
    """The end of the session and the beginning of the text; None where neither is a piece."""
    earlier = [message.strip() for message in session if message.strip()]
    last = text.strip()
    longest = policy.context.longest_piece
    if not earlier or not last or min(len(earlier[-1]), len(last)) > longest:
        return None
    before = "".join(earlier)[-_WINDOW:]
    return Seam(before + last[:_WINDOW], len(before))


def with_session(verdict: Verdict, joined: Analysis, seam: Seam, *, policy: Policy) -> Verdict:
    """The verdict with what spans the seam, for review; `joined` is the analysis of its text."""
    found = [
        Finding(
            label=hit.category,
            source=Source.LEXICON,
            score=hit.severity / 5,
            severity=hit.severity,
            suggestion=Suggestion.REVIEW,
        )
        for hit in joined.counted_hits
        if hit.start < seam.at < hit.end
        and hit.category in policy.categories
        and policy.categories[hit.category].suggestion(hit.severity) is not Suggestion.PASS
    ]
    found += [
        Finding(
            label=hit.pattern,
            source=Source.PATTERN,
            score=rule.severity / 5,
            severity=rule.severity,
            suggestion=Suggestion.REVIEW,
        )
        for hit in joined.counted_patterns
        if hit.start < seam.at < hit.end
        and (rule := policy.patterns.get(hit.pattern)) is not None
        and rule.suggestion is not Suggestion.PASS
    ]
    if not found:
        return verdict
    return raised(verdict, policy=policy, findings=found, reason=(Reason.SESSION, ""))


def with_parent(verdict: Verdict, parent: Verdict, normal: str, *, policy: Policy) -> Verdict:
    """The verdict with traces that the parent makes count: both are of one family.

    `normal` is the normal form of the reply, where the families' cues are looked for.
    """
    if verdict.suggestion is not Suggestion.PASS or not parent.findings:
        return verdict
    counted = [
        replace(trace, suggestion=Suggestion.REVIEW)
        for trace in (*verdict.traces, *_cued(parent, normal, policy))
        if _related(trace, parent, policy)
    ]
    if not counted:
        return verdict
    return raised(verdict, policy=policy, findings=counted, reason=(Reason.PARENT, ""))


def _related(trace: Finding, parent: Verdict, policy: Policy) -> bool:
    mine = policy.families_of(trace.label)
    return any(mine & policy.families_of(finding.label) for finding in parent.findings)


def _cued(parent: Verdict, normal: str, policy: Policy) -> Iterable[Finding]:
    """A trace of what the parent is about, where the reply has a cue of its family."""
    for finding in parent.findings:
        names = policy.families_of(finding.label)
        if any(
            cue in normal
            for family in policy.families
            if family.name in names
            for cue in family.cues
        ):
            yield replace(finding, score=TRACE_SCORE, severity=1, held=False)
