"""Which of the entities named in a post its bad news is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.targeted.entity import Entity, Mention
from nlp.targeted.features import vectors
from nlp.targeted.mentions import mention_finder
from nlp.targeted.weights import Weights, load_weights
from nlp.text.normalizer import NormalText, normalize


@dataclass(frozen=True, slots=True)
class TargetedSentiment:
    """One entity in one post.

    `probability` is that of the bad news being about it if the post is bad news at all; multiply it
    by the probability of that. It is 0 for an entity that is not named. `blamed` is the decision at
    the shipped threshold. `spans` are half open, in code points of the original text.
    """

    entity: str
    probability: float
    blamed: bool
    spans: tuple[tuple[int, int], ...]


def targets(
    text: str, entities: Sequence[Entity | str], *, weights: Weights | None = None
) -> tuple[TargetedSentiment, ...]:
    """The entities, in the order given, with the probability that the post blames each.

    Any string is taken. A name inside a longer name of another entity is no mention of it.
    `weights` are the shipped ones unless given; raises BadTargetedWeights when those are broken.
    """
    asked = tuple(Entity(one) if isinstance(one, str) else one for one in entities)
    if not asked:
        return ()
    chosen = weights or load_weights()
    finder = mention_finder(asked)
    normal = normalize(text)
    mentions = finder.find(normal.text)
    spans = _spans(normal, mentions, len(asked))
    chances = {
        entity: chosen.probability(vector)
        for entity, vector in vectors(normal.text, mentions, finder.names).items()
    }
    return tuple(
        TargetedSentiment(
            entity=one.name,
            probability=chances.get(place, 0.0),
            blamed=chances.get(place, 0.0) >= chosen.threshold,
            spans=tuple(spans[place]),
        )
        for place, one in enumerate(asked)
    )


def _spans(
    normal: NormalText, mentions: Sequence[Mention], entities: int
) -> list[list[tuple[int, int]]]:
    spans: list[list[tuple[int, int]]] = [[] for _ in range(entities)]
    for mention in mentions:
        spans[mention.entity].append(normal.original_span(mention.start, mention.end))
    return spans
