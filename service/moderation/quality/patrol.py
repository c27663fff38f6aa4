"""What slips through: a random sample of passed texts is audited, and the rest is estimated."""

from __future__ import annotations

import hmac
import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

PER = 10_000
LIMIT = 1.0
"""Violations in 10,000 passed texts from above which the alarm is raised."""
ENOUGH = int(PER / LIMIT)
"""Audited texts from which the bare estimate counts. In fewer, the first violation that is found
lies above the limit by arithmetic alone, and every finding would be an alarm."""
_HALVINGS = 80


class AlarmReason(StrEnum):
    """Why patrol is calm or not."""

    SURE = "even the lower bound of the estimate is above the limit"
    LIKELY = "the estimate is above the limit, over enough audited texts"
    TOO_FEW = "the estimate is above the limit, but too few texts were audited to say so"
    CALM = "the estimate is not above the limit"

    @property
    def is_alarm(self) -> bool:
        return self in (AlarmReason.SURE, AlarmReason.LIKELY)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolEstimate:
    """Violations in 10,000 passed texts, with its interval; `per_10k` is None with none audited."""

    audited: int
    violations: int
    per_10k: float | None
    low: float
    high: float


def is_chosen(key: bytes, text_id: str, *, rate: float) -> bool:
    """Whether a passed text is audited: the same answer each time, and nobody outside can tell.

    HMAC-SHA256 of the id under `key`, read as a fraction of 2^64 and compared with `rate` in
    [0, 1]. `text_id` names the text, not the request, so that sending it twice changes nothing; a
    higher rate keeps all that a lower one has chosen. Raises ValueError for another rate, or for a
    key of less than 16 bytes.
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"the patrol rate is {rate}; give a share between 0 and 1")
    if len(key) < 16:
        raise ValueError(f"a patrol key of {len(key)} bytes can be guessed; give 16 or more")
    digest = hmac.digest(key, text_id.encode("utf-8", "surrogatepass"), "sha256")
    return int.from_bytes(digest[:8], "big") < rate * 2**64


def patrol_estimate(*, audited: int, violations: int, confidence: float = 0.95) -> PatrolEstimate:
    """Violations in 10,000 passed texts, from a uniform sample of them.

    The interval is exact for the binomial: Clopper & Pearson, "The use of confidence or fiducial
    limits illustrated in the case of the binomial", Biometrika 26 (1934). With none audited it is
    all that can be, 0 to 10,000. Raises ValueError for counts that cannot be, or a confidence
    outside (0, 1).
    """
    if not 0 <= violations <= audited:
        raise ValueError(f"{violations} of {audited} cannot be; give 0 <= violations <= audited")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a share between 0 and 1")
    tail = (1 - confidence) / 2
    low, high = 0.0, 1.0
    if violations > 0:
        low = _root(lambda p: 1 - _at_most(violations - 1, audited, p) < tail)
    if violations < audited:
        high = _root(lambda p: _at_most(violations, audited, p) > tail)
    return PatrolEstimate(
        audited=audited,
        violations=violations,
        per_10k=PER * violations / audited if audited else None,
        low=PER * low,
        high=PER * high,
    )


def patrol_alarm(estimate: PatrolEstimate, *, limit: float = LIMIT) -> AlarmReason:
    """Whether too much slips through, and on which grounds.

    Either the lower bound of the interval is above `limit`: then chance is no excuse. Or the
    estimate itself is, over ENOUGH audited texts: at twice the limit the bound alone would speak
    up after twelve findings in 60,000 audited texts only, weeks too late.
    """
    if estimate.low > limit:
        return AlarmReason.SURE
    if estimate.per_10k is None or estimate.per_10k <= limit:
        return AlarmReason.CALM
    return AlarmReason.LIKELY if estimate.audited >= ENOUGH else AlarmReason.TOO_FEW


def _root(is_left: Callable[[float], bool]) -> float:
    """Where a condition that holds on the left side of [0, 1] stops holding, by halving."""
    left, right = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (left + right) / 2
        if is_left(middle):
            left = middle
        else:
            right = middle
    return (left + right) / 2


def _at_most(hits: int, total: int, share: float) -> float:
    """P(X <= hits) for X binomial over `total`, 0 < `share` < 1; summed in logarithms."""
    odds = math.log(share) - math.log1p(-share)
    term = total * math.log1p(-share)
    terms = [term]
    for number in range(1, hits + 1):
        term += math.log(total - number + 1) - math.log(number) + odds
        terms.append(term)
    largest = max(terms)
    return min(1.0, math.exp(largest) * math.fsum(math.exp(item - largest) for item in terms))
