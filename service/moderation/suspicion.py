"""What is too little to count and too much to let pass: disguised words, words of trade. Pure.

A term that counts only beside other words is suppressed without them, and those may stand there
in a dress that no list knows. Nobody disguises a harmless word.
"""

from __future__ import annotations

from nlp import Analysis
from nlp.analysis import Hit
from service.moderation.policies import Policy

_LACKING = "context:any("
"""How the matcher says that the words are missing which would make a hit count."""


def suspicious(analysis: Analysis, policy: Policy) -> frozenset[str]:
    """Categories of suppressed hits that a person should see, by the policy's `suspicion`.

    Counted are hits that lack the words around them; those in longer words, denied ones and those
    of talk about the matter are not.
    """
    rules = policy.suspicion
    lacking = [hit for hit in analysis.hits if _lacks(hit) and hit.category in policy.categories]
    if not lacking:
        return frozenset()
    found = {hit.category for hit in lacking if hit.evasion in rules.disguised}
    traded = [hit for hit in lacking if rules.family in policy.families_of(hit.category)]
    if rules.several is not None and len({hit.term for hit in traded}) >= rules.several:
        return frozenset((*found, *(hit.category for hit in traded)))
    cues = [cue for cue in rules.cues if cue in analysis.normal]
    # 进群 is no cue for itself.
    found.update(hit.category for hit in traded if any(cue not in hit.term for cue in cues))
    return frozenset(found)


def _lacks(hit: Hit) -> bool:
    return hit.suppressed_by is not None and hit.suppressed_by.startswith(_LACKING)
