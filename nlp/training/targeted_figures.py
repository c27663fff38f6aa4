"""Targeted sentiment as (post, entity) pairs, and its figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.targeted.entity import Entity
from nlp.targeted.features import Vector, vectors
from nlp.targeted.mentions import MentionFinder
from nlp.text.normalizer import normalize
from nlp.training.targeted_rows import TEST, NamedPost

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


# Of an entity that the text does not name nothing can be said; it counts, as not blamed.
_NOBODY = Vector(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every (post, entity), one place each in all of the fields."""

    vectors: list[Vector]
    gold: Bools
    post: Ints
    fold: Ints
    importance: Floats
    # Whether the post is negative, and whether it names the entity; only such pairs teach.
    negative: Bools
    named: Bools
    # Whether the entity is the first that the post names.
    first: Bools
    own: Bools

    def where(self, kept: Bools) -> list[Vector]:
        return [self.vectors[place] for place in np.flatnonzero(kept)]


def paired(posts: Sequence[NamedPost], *, fold: Ints, importance: Floats, finance: int) -> Pairs:
    """The pairs of the posts, of which the first `finance` are not our own."""
    held: list[Vector] = []
    gold, post_of, first = [], [], []
    for place, post in enumerate(posts):
        finder = MentionFinder([Entity(name) for name in post.entities])
        normal = normalize(post.text).text
        mentions = finder.find(normal)
        of_named = vectors(normal, mentions, finder.names)
        for entity, name in enumerate(post.entities):
            held.append(of_named.get(entity, _NOBODY))
            gold.append(name in post.blamed)
            post_of.append(place)
            first.append(bool(mentions) and mentions[0].entity == entity)
    of = np.array(post_of)
    negative = np.array([post.negative for post in posts])
    return Pairs(
        vectors=held,
        gold=np.array(gold),
        post=of,
        fold=fold[of],
        importance=importance[of],
        negative=negative[of],
        named=np.array([vector is not _NOBODY for vector in held]),
        first=np.array(first),
        own=of >= finance,
    )


def figured(
    pairs: Pairs, chance: Floats, gate: Floats, *, threshold: float, for_finance: float
) -> dict[str, float]:
    """The figures: of finance held out, and of ours out of fold and held out.

    `gate` is the probability that each finance post is negative, `threshold` the shipped one and
    `for_finance` the best one of finance's training part. F1 is over (post, entity) pairs.
    """
    figures: dict[str, float] = {"threshold": threshold, "threshold for finance": for_finance}
    held = (pairs.fold == TEST) & ~pairs.own
    gated = np.ones(len(pairs.gold), dtype=np.bool_)
    gated[~pairs.own] = gate[pairs.post[~pairs.own]] >= 0.5
    said = pairs.named & (chance >= threshold)
    tuned = pairs.named & (chance >= for_finance)
    everyone = np.ones(len(said), dtype=np.bool_)
    bad = held & pairs.negative
    parts: dict[str, tuple[Bools, Bools]] = {
        "finance test, with the gate": (held, said & gated),
        "finance test, with the gate, all entities": (held, everyone & gated),
        "finance test, with the gate, first entity": (held, pairs.first & gated),
        "finance test, with the gate, threshold for finance": (held, tuned & gated),
        "finance test, negative posts": (bad, said),
        "finance test, negative posts, threshold for finance": (bad, tuned),
        "finance test, negative posts, all entities": (bad, everyone),
        "finance test, negative posts, first entity": (bad, pairs.first),
    }
    for name, chosen in (
        ("own, cross-validated", pairs.own & (pairs.fold != TEST)),
        ("own, held out", pairs.own & (pairs.fold == TEST)),
    ):
        parts[name] = chosen, said
        parts[f"{name}, all entities"] = chosen, everyone
        parts[f"{name}, first entity"] = chosen, pairs.first
    for name, (chosen, decided) in parts.items():
        figures[f"{name}: pairs"] = int(chosen.sum())
        figures[f"{name}: F1"] = round(f1(pairs.gold[chosen], decided[chosen]), 4)
        figures[f"{name}: exact posts"] = round(
            _exact(pairs.post[chosen], pairs.gold[chosen] == decided[chosen]), 4
        )
    for name, chosen in (
        ("finance test", bad & pairs.named),
        ("own, held out", pairs.own & (pairs.fold == TEST)),
    ):
        figures[f"{name}: calibration error"] = round(_error(chance[chosen], pairs.gold[chosen]), 4)
    return figures


def f1(gold: Bools, said: Bools) -> float:
    """F1 of the pairs said to be blamed; 0 when none is and none should be."""
    either = int(gold.sum()) + int(said.sum())
    return 2 * int((gold & said).sum()) / either if either else 0.0


def _exact(post: Ints, right: Bools) -> float:
    wrong = set(post[~right].tolist())
    every = set(post.tolist())
    return 1 - len(wrong) / len(every) if every else 0.0


def _error(chance: Floats, gold: Bools, *, bins: int = 10) -> float:
    """Expected calibration error of a probability, `bins` of equal width (Guo 2017)."""
    place = np.minimum((chance * bins).astype(int), bins - 1)
    return float(
        sum(abs(chance[place == one].sum() - gold[place == one].sum()) for one in np.unique(place))
        / max(1, len(gold))
    )
