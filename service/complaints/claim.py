"""A post that complains, made into a complaint: whose it is, of what, and what they feel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from nlp.causes import CauseFinder
from nlp.pii import masked
from playbooks.emotion_matrix import intensity_of
from playbooks.schema import EmotionMatrix
from service import audit
from service.complaints.lifecycle import State
from service.complaints.model import Complaint, Origin
from service.complaints.rule import ComplaintRuleDraft
from service.db.storable import storable
from service.ids import stable_id
from service.stores.analysed import label_of
from service.stores.post_store import StoredPost

NO_CAUSE = "other"
"""The cause of a post of which nothing is known but that it complains."""
_TEXT_MAX = 4_000

Feeling = tuple[str | None, str | None]
"""(emotion, intensity) by the matrix; None where nothing read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A post that complains, of which monitor, and who says so. `drill` is practice."""

    post: StoredPost
    monitor: str
    brand: str | None
    origin: Origin
    by: str = audit.SYSTEM
    drill: bool = False
    incident_id: str | None = None
    cause: str | None = None
    note: str | None = None

    @property
    def person(self) -> str:
        """The author, or the post itself where nobody is named: it then stands for its author."""
        return self.post.author or f"post:{self.post.id}"


def cause_of(post: StoredPost, finder: CauseFinder) -> str:
    """What the post complains of: a cause of its scenario, any other, or the scenario."""
    found = finder.find(f"{post.title or ''}\n{post.text}")
    own = {cause.id for cause in finder.of_scenario(post.scenario)} if post.scenario else set()
    fitting = [name for name in found if name in own]
    return next(iter((*fitting, *found)), post.scenario or NO_CAUSE)


def subject_of(claim: Claim, cause: str) -> str:
    """One person, brand and cause under a hash; practice has subjects of its own."""
    about = claim.brand or f"monitor:{claim.monitor}"
    return stable_id("csb", "drill" if claim.drill else "real", claim.person, about, cause)


def feeling(post: StoredPost, matrix: EmotionMatrix | None) -> Feeling:
    """What the author feels: of one person the intensity is how sure the encoder is."""
    emotion = label_of(post, "emotion")
    if emotion is None or matrix is None:
        return None, None
    score = (post.analysis["emotion"].get("scores") or {}).get(emotion, 0.0)
    return emotion, intensity_of(matrix, float(score)).value


def shown(post: StoredPost) -> str:
    """Its words as they may be kept: masked, and not without end."""
    whole = f"{post.title}\n{post.text}" if post.title else post.text
    text: str = storable(masked(whole)[:_TEXT_MAX])
    return text


def begun(
    claim: Claim,
    rule: ComplaintRuleDraft,
    *,
    cause: str,
    subject: str,
    latest: Complaint | None,
    feeling: Feeling,
    due_at: datetime,
    now: datetime,
) -> Complaint:
    """The complaint of a claim; `latest` is the one before of the same subject."""
    post, ordinal = claim.post, 1 if latest is None else latest.ordinal + 1
    emotion, intensity = feeling
    return Complaint(
        # With the instant: of one whose author was erased the subject counts from 1 again.
        id=stable_id("cmp", subject, ordinal, post.id, now),
        subject=subject,
        ordinal=ordinal,
        monitor_id=claim.monitor,
        scenario=post.scenario,
        cause=cause,
        origin=claim.origin,
        rule_id=rule.id if claim.origin is Origin.RULE else None,
        drill=claim.drill,
        author=post.author,
        post_id=post.id,
        source=post.source[:200],
        url=post.url,
        text=shown(post),
        lang=None if post.lang is None else post.lang[:16],
        emotion=emotion,
        intensity=intensity,
        posted_at=post.published_at,
        last_post_at=post.published_at,
        posts=1,
        state=State.OPEN,
        assignee=None,
        incident_id=claim.incident_id,
        previous_id=None if latest is None else latest.id,
        round=1,
        reopened=0,
        disputed=0,
        breaches=0,
        resting=0,
        due_at=due_at,
        csat=None,
        nps=None,
        opened_at=now,
        opened_by=claim.by,
        answered_at=None,
        responded_at=None,
        resolved_at=None,
        told_at=None,
        rated_at=None,
        ended_at=None,
        erased_at=None,
        updated_at=now,
        version=1,
    )
