"""A PostQuery as a query of Elasticsearch, filtered as the monitor counts posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.stores.elastic.condition import condition_clause
from service.stores.post_store import PostQuery
from service.stores.sqlite_query import Phrase, QueryPhrases, has_text
from service.stores.sqlite_rows import to_micros
from service.stores.storable import SEPARATOR, storable_text

Clause = dict[str, Any]

MATCH_ALL: Clause = {"match_all": {}}
MATCH_NONE: Clause = {"match_none": {}}
NEGATIVE: Clause = {"term": {"sentiment": "negative"}}
ANGRY: Clause = {"term": {"emotion": "angry"}}
_MOST_PHRASES = 64
_MOST_EXPANSIONS = 1_024
"""Tokens that may begin with a character outside the BMP; for others there is an index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two halves of a query with one monitor: posts held against it, and those that spare it.

    Of the latter it counts no bad news. `spared` is None where nobody is asked for.
    """

    held: Clause
    spared: Clause | None


def sides(query: PostQuery) -> Sides:
    """How the posts of the query are counted: see `StoredPost.spared`."""
    if len(query.monitors) != 1:
        return Sides(held=MATCH_ALL, spared=None)
    spared: Clause = {"term": {"spared": storable_text(query.monitors[0])}}
    return Sides(held={"bool": {"must_not": [spared]}}, spared=spared)


def search_query(query: PostQuery, query_phrases: QueryPhrases) -> Clause:
    """Every condition: phrases score, filters do not."""
    must: list[Clause] = []
    if has_text(query):
        must = _phrases(query.text or "", query_phrases)
        if not must:
            return MATCH_NONE  # a search for punctuation finds nothing rather than everything
    if query.condition is not None:
        must.append(condition_clause(query.condition, lambda text: _phrases(text, query_phrases)))
    return {"bool": {"must": must, "filter": _filters(query)}}


def both(query: Clause, *filters: Clause) -> Clause:
    """The query, and what else must hold."""
    return {"bool": {"must": [query], "filter": list(filters)}}


def published(*, since_us: int | None = None, until_us: int | None = None) -> Clause:
    """Posts published in [since, until), in microseconds."""
    bounds = {"gte": since_us, "lt": until_us}
    return {"range": {"published_us": {k: v for k, v in bounds.items() if v is not None}}}


def _filters(query: PostQuery) -> list[Clause]:
    found = [
        _terms(field, values)
        for field, values in (
            ("monitors", query.monitors),
            ("source", query.sources),
            ("channel", query.channels),
            ("author", query.authors),
            ("copy_group", query.copy_groups),
            ("topics", query.topics),
        )
        if values
    ]
    if query.since is not None or query.until is not None:
        since = None if query.since is None else to_micros(query.since)
        until = None if query.until is None else to_micros(query.until)
        found.append(published(since_us=since, until_us=until))
    halves = sides(query)
    for field, values in (
        ("scenario", query.scenarios),
        ("categories", query.categories),
        ("emotion", query.emotions),
        ("intent", query.intents),
    ):
        if values:
            found += [_terms(field, values), halves.held]
    if query.severity_at_least is not None:
        severe: Clause = {"range": {"severity": {"gte": query.severity_at_least}}}
        as_spared = halves.spared if query.severity_at_least <= 0 else None
        found.append(_either(both(severe, halves.held), as_spared))
    if query.sentiments:
        found.append(_sentiments(query.sentiments, halves))
    return found


def _sentiments(wanted: Sequence[str], halves: Sides) -> Clause:
    as_held = both(_terms("sentiment", wanted), halves.held)
    if halves.spared is None:
        return as_held
    # whom a post spares, for them a negative one is neutral
    there = {name for name in wanted if name != "negative"}
    if "neutral" in there:
        there.add("negative")
    as_spared = both(_terms("sentiment", sorted(there)), halves.spared) if there else None
    return _either(as_held, as_spared)


def _either(one: Clause, other: Clause | None) -> Clause:
    if other is None:
        return one
    return {"bool": {"should": [one, other], "minimum_should_match": 1}}


def _terms(field: str, values: Sequence[str]) -> Clause:
    return {"terms": {field: [storable_text(value) for value in values]}}


def _phrases(text: str, query_phrases: QueryPhrases) -> list[Clause]:
    phrases = [_phrase(item) for item in query_phrases(storable_text(text))]
    return [clause for clause in phrases if clause is not None][:_MOST_PHRASES]


def _phrase(phrase: Phrase) -> Clause | None:
    """Tokens that follow one another; the last may be the start of one."""
    tokens = [token.replace(SEPARATOR, "") for token in map(storable_text, phrase.tokens)]
    text = SEPARATOR.join(filter(None, tokens))
    if not text:
        return None
    asked: dict[str, Any] = {"query": text}
    if phrase.prefix:
        return {
            "match_phrase_prefix": {"search_tokens": asked | {"max_expansions": _MOST_EXPANSIONS}}
        }
    return {"match_phrase": {"search_tokens": asked}}
