"""A PostQuery as SQL: which table to walk, and the conditions on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from service.stores.post_store import PostQuery
from service.stores.sqlite_condition import condition_sql
from service.stores.sqlite_rows import pack, to_micros
from service.stores.storable import storable_text


class Phrase(Protocol):
    """Tokens that must follow one another; with `prefix` the last may be the start of one."""

    @property
    def tokens(self) -> Sequence[str]: ...

    @property
    def prefix(self) -> bool: ...


QueryPhrases = Callable[[str], Sequence[Phrase]]
"""Cuts a search into phrases that must all stand in a post (`nlp.text.search_tokens`)."""

_RANKED = "post_fts f CROSS JOIN post p ON p.seq = f.rowid"
_RANKED_OF_ONE = (
    "post_fts f CROSS JOIN post q ON q.seq = f.rowid "
    "CROSS JOIN monitor_post p ON p.published_at = q.published_at AND p.seq = q.seq"
)
_MOST_PHRASES = 64
_BLANK = str.maketrans('"\x1f\x00', "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """FROM and WHERE of a query; `p` has the filtered columns, `post_alias` the whole post."""

    tables: str
    conditions: tuple[str, ...] = ()
    parameters: tuple[Any, ...] = ()
    post_alias: str = "p"

    def where(self, condition: str, *parameters: object) -> Selection:
        """The selection with one more condition."""
        bound = (storable_text(item) if isinstance(item, str) else item for item in parameters)
        return replace(
            self,
            conditions=(*self.conditions, condition),
            parameters=(*self.parameters, *bound),
        )

    def select(self, columns: str, rest: str = "") -> str:
        """The whole statement."""
        conditions = " AND ".join(self.conditions) or "1"
        return " ".join(("SELECT", columns, "FROM", self.tables, "WHERE", conditions, rest))


def selection(
    query: PostQuery, query_phrases: QueryPhrases, *, whole_post: bool, ranked: bool = False
) -> Selection:
    """Choose the cheapest table for `query`.

    One monitor: its own clustered table, which has every filtered column as the monitor counts it,
    joined to `post` only when `whole_post` asks for more. `ranked` exposes the word index's
    relevance as `f.rank`.
    """
    only = query.monitors[0] if len(query.monitors) == 1 else None
    if only is None:
        chosen = Selection(tables=_RANKED if ranked else "post p")
        if query.monitors:
            chosen = _members(chosen, query)
    else:
        tables, alias = "monitor_post p", "p"
        if ranked:
            tables, alias = _RANKED_OF_ONE, "q"
        elif whole_post:
            tables, alias = "monitor_post p CROSS JOIN post q ON q.seq = p.seq", "q"
        chosen = Selection(tables=tables, post_alias=alias).where("p.monitor = ?", only)
    if query.since is not None:
        chosen = chosen.where("p.published_at >= ?", to_micros(query.since))
    if query.until is not None:
        chosen = chosen.where("p.published_at < ?", to_micros(query.until))
    if query.severity_at_least is not None:
        chosen = chosen.where("p.severity >= ?", query.severity_at_least)
    for column, values in (
        ("p.source", query.sources),
        ("p.channel", query.channels),
        ("p.scenario", query.scenarios),
        ("p.sentiment", query.sentiments),
        ("p.emotion", query.emotions),
        ("p.intent", query.intents),
        ("p.author", query.authors),
        ("p.copy_group", query.copy_groups),
    ):
        if values:
            chosen = chosen.where(f"{column} IN ({_marks(values)})", *values)
    for column, names in (("p.categories", query.categories), ("p.topics", query.topics)):
        if names:
            any_of = " OR ".join(f"instr({column}, ?)" for _ in names)
            chosen = chosen.where(f"({any_of})", *(pack([name]) for name in names))
    if query.condition is not None:
        sql, parameters = condition_sql(
            query.condition, lambda text: match_expression(query_phrases(storable_text(text)))
        )
        chosen = chosen.where(f"({sql})", *parameters)
    return _matching(chosen, query, query_phrases, ranked=ranked)


def has_text(query: PostQuery) -> bool:
    """Whether the query filters by words: a blank text does not."""
    return query.text is not None and bool(query.text.strip())


def match_expression(phrases: Iterable[Phrase]) -> str:
    """The FTS5 expression for posts that hold every phrase; empty when there is none."""
    terms = []
    for phrase in phrases:
        words = " ".join(phrase.tokens).translate(_BLANK).strip()
        if words:
            terms.append(f'"{words}" *' if phrase.prefix else f'"{words}"')
    return " ".join(terms[:_MOST_PHRASES])


def _members(chosen: Selection, query: PostQuery) -> Selection:
    inner = Selection(tables="monitor_post m").where(
        f"m.monitor IN ({_marks(query.monitors)})", *query.monitors
    )
    if query.since is not None:
        inner = inner.where("m.published_at >= ?", to_micros(query.since))
    if query.until is not None:
        inner = inner.where("m.published_at < ?", to_micros(query.until))
    return chosen.where(f"p.seq IN ({inner.select('m.seq')})", *inner.parameters)


def _matching(
    chosen: Selection, query: PostQuery, query_phrases: QueryPhrases, *, ranked: bool
) -> Selection:
    if not has_text(query):
        return chosen
    expression = match_expression(query_phrases(storable_text(query.text or "")))
    if not expression:
        return chosen.where("0")  # a search for punctuation finds nothing rather than everything
    if ranked:
        return chosen.where("f.post_fts MATCH ?", expression)
    return chosen.where("p.seq IN (SELECT rowid FROM post_fts WHERE post_fts MATCH ?)", expression)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
