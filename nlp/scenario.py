"""Which scenarios the counted lexicon hits speak of."""

from __future__ import annotations

from collections.abc import Iterable

from nlp.analysis import Hit, ScenarioScore

# A severity sum of 4 (one grave word, or a complaint twice) makes one half.
HALF = 4.0


def scenario_scores(hits: Iterable[Hit]) -> tuple[ScenarioScore, ...]:
    """The scenarios of the hits that count, strongest first, equals by name.

    score = S / (S + HALF), S the sum of severities, each entry counted once however often it stands
    in the text: in (0, 1), growing with every further word.
    """
    severities: dict[str, dict[str, int]] = {}
    for hit in hits:
        if hit.suppressed_by is None and hit.scenario is not None:
            severities.setdefault(hit.scenario, {})[hit.entry_id] = hit.severity
    scores = [
        ScenarioScore(scenario=name, score=total / (total + HALF))
        for name, total in ((name, sum(entries.values())) for name, entries in severities.items())
    ]
    return tuple(sorted(scores, key=lambda item: (-item.score, item.scenario)))
