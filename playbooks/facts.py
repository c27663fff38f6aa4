"""The only things that a rule may read, and a frozen set of their values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum

from playbooks.errors import UnknownFact

FactValue = float | bool | None
"""A number, a truth, or None where it is not known."""


class FactKind(StrEnum):
    NUMBER = "number"
    BOOLEAN = "bool"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """What a fact means, what it is made from, and its largest value if it has one."""

    name: str
    unit: str
    kind: FactKind
    description: str
    source: str
    high: float | None = None


_HIGHEST = {"0–1": 1.0, "0–5": 5.0}

# names · unit · meaning · made from; the table of docs/playbook-format.md, row by row
_ROWS: tuple[tuple[str, str, str, str], ...] = (
    ("posts_10m posts_1h posts_24h", "posts", "volume", "posts"),
    ("distinct_1h distinct_24h", "texts", "copy groups", "copies"),
    ("expected_1h", "posts", "what this hour usually brings (None without history)", "baseline"),
    (
        "burst_score_1h",
        "0–1",
        "how improbable the hour's volume is against its baseline",
        "baseline",
    ),
    ("negative_10m negative_1h negative_24h", "posts", "negative sentiment", "sentiment"),
    (
        "negative_share_1h negative_share_24h",
        "0–1",
        "negative / all (None without posts)",
        "sentiment",
    ),
    ("negative_expected_1h", "posts", "baseline of negative volume", "baseline"),
    ("negative_burst_score_1h", "0–1", "the same for negative volume", "baseline"),
    ("angry_1h", "posts", "emotion of anger", "emotion"),
    ("angry_share_1h", "0–1", "angry / all (None without posts)", "emotion"),
    ("angry_expected_1h", "posts", "baseline of angry volume", "baseline"),
    ("angry_burst_score_1h", "0–1", "the same for angry volume", "baseline"),
    ("severity_max_1h severity_max_24h", "0–5", "worst lexicon severity", "lexicon"),
    ("severity_weighted_1h", "points", "sum of the posts' lexicon severities", "lexicon"),
    ("severe_posts_1h severe_posts_24h", "posts", "severity ≥ 4", "lexicon"),
    (
        "injury_posts_24h contamination_posts_24h recall_posts_24h regulator_posts_24h "
        "media_exposure_posts_24h boycott_posts_24h collective_action_posts_24h "
        "legal_action_posts_24h rumour_posts_24h",
        "posts",
        "posts with a hit of that lexicon category",
        "lexicon",
    ),
    ("authors_1h authors_24h", "authors", "distinct (None when the source names none)", "authors"),
    (
        "new_authors_1h",
        "authors",
        "without a post under the monitor in the 30 days before (None in calm, above 500 authors, "
        "and when the source names none)",
        "authors",
    ),
    ("verified_posts_1h verified_posts_24h", "posts", "by verified authors", "authors"),
    ("news_posts_24h", "posts", "channel news", "posts"),
    ("media_posts_1h", "posts", "channel news or by verified authors, each once", "posts"),
    ("sources_24h", "sources", "distinct", "posts"),
    (
        "sources_dark",
        "sources",
        "that cannot be seen now and bring a tenth of the monitor's posts (None where not watched)",
        "coverage",
    ),
    ("reach_1h reach_24h", "followers", "sum over authors' followers", "authors"),
    (
        "engagement_1h engagement_24h",
        "acts",
        "reposts + comments + likes, as last counted",
        "engagement",
    ),
    ("velocity", "ratio", "posts_10m × 6 / max(1, posts_1h)", "posts"),
    ("copies_share_1h", "0–1", "1 − distinct / posts", "copies"),
    ("largest_group_1h", "posts", "of the copy group with most posts", "copies"),
    ("largest_group_share_1h", "0–1", "the same / all (None without posts)", "copies"),
    (
        "coordination_1h",
        "0–1",
        "how far that group's posts look like the work of one hand (None below 10 posts)",
        "spread",
    ),
    (
        "predicted_size",
        "posts",
        "what that group is expected to come to in the end (None below 10 posts, in its first "
        "half hour, and where it is larger than what was learned from)",
        "spread",
    ),
    (
        "first_post_age_m",
        "minutes",
        "since the first post of the segment within 24 h (None without)",
        "posts",
    ),
    (
        "minutes_since_onset",
        "minutes",
        "since the run of unusual 10-minute buckets began, within 24 h: of all posts, or of the "
        "negative ones where only these are unusual (None in calm)",
        "baseline",
    ),
    (
        "contained",
        "bool",
        "negative volume and share of the hour are back to what is usual",
        "baseline",
    ),
    ("history_h", "hours", "length of the monitor's history", "monitor"),
    ("has_brand", "bool", "the monitor belongs to a brand", "monitor"),
)


def _catalogue() -> Iterator[FactSpec]:
    for names, unit, description, source in _ROWS:
        kind = FactKind.BOOLEAN if unit == "bool" else FactKind.NUMBER
        for name in names.split():
            yield FactSpec(
                name=name,
                unit=unit,
                kind=kind,
                description=description,
                source=source,
                high=_HIGHEST.get(unit),
            )


FACTS: Mapping[str, FactSpec] = {spec.name: spec for spec in _catalogue()}


def fact_spec(name: str) -> FactSpec:
    """The catalogue's entry; raises UnknownFact for any other name."""
    spec = FACTS.get(name)
    if spec is None:
        near = get_close_matches(name, FACTS, n=1)
        meant = f", did you mean {near[0]}?" if near else ";"
        raise UnknownFact(f"there is no fact {name!r}{meant} docs/playbook-format.md lists them")
    return spec


def check_fact(name: str, value: FactValue) -> None:
    """Refuse a name outside the catalogue and a value of the wrong kind, with UnknownFact."""
    spec = fact_spec(name)
    if value is None:
        return
    if (spec.kind is FactKind.BOOLEAN) is not isinstance(value, bool):
        raise UnknownFact(f"fact {name} takes a {spec.kind.value}, not {value!r}")
    if not math.isfinite(value):
        raise UnknownFact(f"fact {name} is {value!r}: give a finite number, or None for unknown")


@dataclass(frozen=True, slots=True)
class Facts:
    """Values of one segment at one instant; a fact that is not given is unknown."""

    values: Mapping[str, FactValue] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.values.items():
            check_fact(name, value)

    def get(self, name: str) -> FactValue:
        """The value, or None when unknown; raises UnknownFact for a name outside the catalogue."""
        fact_spec(name)
        return self.values.get(name)
