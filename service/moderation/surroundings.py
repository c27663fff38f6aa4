"""What stands around the texts of a request, read in one go: parents, and seams of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from nlp import Analysis
from service.errors import Overloaded
from service.metrics import judgement_failures
from service.moderation.context import Seam, seam_of
from service.moderation.item import ClassifyItem
from service.moderation.policies import Policy
from service.moderation.reader import TextReader

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrounding:
    """The analyses of what was given beside a text; `missing` when they could not be made."""

    parent: Analysis | None = None
    seam: Seam | None = None
    joined: Analysis | None = None
    missing: bool = False


ALONE = Surrounding()
"""Of a text that came with nothing, or whose policy does not look at it."""


async def surroundings(
    items: Sequence[ClassifyItem], policies: Sequence[Policy], reader: TextReader
) -> list[Surrounding]:
    """One a text, in order. Raises Overloaded when they cannot be read now."""
    wanted: list[tuple[str | None, Seam | None]] = [
        (
            item.parent if policy.context.parent and item.parent else None,
            seam_of(item.session, item.text, policy=policy) if item.session else None,
        )
        for item, policy in zip(items, policies, strict=True)
    ]
    texts = dict.fromkeys(
        text
        for parent, seam in wanted
        for text in (parent, None if seam is None else seam.text)
        if text is not None
    )
    if not texts:
        return [ALONE] * len(items)
    read = await _read(list(texts), reader)
    return [_surrounding(parent, seam, read) for parent, seam in wanted]


def _surrounding(parent: str | None, seam: Seam | None, read: dict[str, Analysis]) -> Surrounding:
    if parent is None and seam is None:
        return ALONE
    above = None if parent is None else read.get(parent)
    joined = None if seam is None else read.get(seam.text)
    missing = (parent is not None and above is None) or (seam is not None and joined is None)
    return Surrounding(parent=above, seam=seam, joined=joined, missing=missing)


async def _read(texts: list[str], reader: TextReader) -> dict[str, Analysis]:
    """Analyses by text; one that cannot be read is missing and harms no other."""
    try:
        return dict(zip(texts, await reader.analyze(texts), strict=True))
    except Overloaded:
        raise
    except Exception:
        if len(texts) == 1:
            log.exception("judgement.context_failed", length=len(texts[0]))
            judgement_failures.labels(part="context").inc()
            return {}
    found: dict[str, Analysis] = {}
    for text in texts:
        found |= await _read([text], reader)
    return found
