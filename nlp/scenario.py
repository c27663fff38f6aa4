"""Which scenarios a text speaks of: by the counted lexicon hits, by the encoder, by both."""

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
    return _strongest_first(scores)


def merged_scenarios(
    by_words: Iterable[ScenarioScore], by_encoder: Iterable[ScenarioScore]
) -> tuple[ScenarioScore, ...]:
    """The scenarios of either, strongest first, each with the larger of its two scores.

    The lexicon catches the rare grave word that the encoder saw in no training text; the encoder
    catches what is told without any such word. Neither may talk the other out of what it found.
    """
    scores: dict[str, float] = {}
    for item in (*by_words, *by_encoder):
        scores[item.scenario] = max(item.score, scores.get(item.scenario, 0.0))
    return _strongest_first(ScenarioScore(scenario=name, score=scores[name]) for name in scores)


def _strongest_first(scores: Iterable[ScenarioScore]) -> tuple[ScenarioScore, ...]:
    return tuple(sorted(scores, key=lambda item: (-item.score, item.scenario)))
