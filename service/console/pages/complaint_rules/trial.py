"""A rule tried on sample texts, as if an ordinary person had just posted them. Keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crawlers import Channel
from nlp import Analysis
from service.complaints import ComplaintRuleDraft
from service.complaints.rule import Reason, judge
from service.errors import InvalidInput
from service.ingest.analysis_json import analysis_json
from service.moderation import TextReader
from service.stores.analysed import pattern_name
from service.stores.post_store import StoredPost

MOST_TEXTS = 50
LONGEST_TEXT = 5_000
_ANYWHERE = "trial"
"""The monitor of a text where the rule names none; no monitor is asked about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """Whether a text opens a ticket, and what spoke for it. `confidence` is the encoder's, in
    [0, 1], None where nothing read it; `categories` are those of the rule that its words have."""

    text: str
    reason: Reason
    confidence: float | None
    categories: tuple[str, ...]


async def try_rule(
    reader: TextReader, rule: ComplaintRuleDraft, texts: Sequence[str], *, now: datetime
) -> tuple[Tried, ...]:
    """What the rule makes of each text. Raises InvalidInput, Overloaded."""
    if not 1 <= len(texts) <= MOST_TEXTS:
        problem = f"1 to {MOST_TEXTS} texts, one a line; {len(texts)} given"
        raise InvalidInput("there is nothing to try", errors=[("samples", problem)])
    long = next((place for place, text in enumerate(texts, 1) if len(text) > LONGEST_TEXT), None)
    if long is not None:
        problem = f"text {long} has more than {LONGEST_TEXT} characters"
        raise InvalidInput("a text is too long", errors=[("samples", problem)])
    analyses = await reader.analyze(texts)
    monitor = next(iter(rule.monitors), _ANYWHERE)
    found = []
    for text, analysis in zip(texts, analyses, strict=True):
        post = _post(text, analysis, monitor=monitor, now=now)
        scores = None if analysis.intent is None else post.analysis["intent"].get("scores")
        found.append(
            Tried(
                text=text,
                reason=judge(rule, post, monitor=monitor, branded={monitor}, now=now),
                confidence=None if scores is None else float(scores.get("complaint", 0.0)),
                categories=tuple(name for name in rule.categories if name in post.categories),
            )
        )
    return tuple(found)


def _post(text: str, analysis: Analysis, *, monitor: str, now: datetime) -> StoredPost:
    patterns = {pattern_name(hit.pattern) for hit in analysis.counted_patterns}
    return StoredPost(
        id="trial",
        source="trial",
        native_id="trial",
        via="trial",
        channel=Channel.SOCIAL.value,
        published_at=now,
        fetched_at=now,
        stored_at=now,
        text=text,
        content_hash="",
        monitors=(monitor,),
        scenario=analysis.scenario,
        severity=analysis.severity,
        categories=(*analysis.categories, *sorted(patterns)),
        analysis=analysis_json(analysis),
    )
