"""A PostQuery as SQL: which table to walk, and the conditions on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.stores.post_store import PostQuery
from service.stores.sqlite_rows import pack, to_micros
from service.stores.storable import storable_text

QueryTokens = Callable[[str], Sequence[str]]
"""Cuts a search into the tokens that must all stand in a post."""

_MOST_TOKENS = 64
_BLANK = str.maketrans('"\x1f\x00', "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """FROM and WHERE of a query; `p` has the filtered columns, `post_alias` those of the whole post."""

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
    query: PostQuery, tokens: Sequence[str] | None, *, whole_post: bool, ranked: bool = False
) -> Selection:
    """Choose the cheapest table for `query`.

    One monitor: its own clustered table, which has every filtered column, joined to `post` only when
    `whole_post` asks for more. `tokens` None means no text filter, empty ones match nothing. `ranked`
    exposes the relevance of the word index as `f.rank`.
    """
    only = query.monitors[0] if len(query.monitors) == 1 and not ranked else None
    if only is None:
        chosen = Selection(tables="post p")
        if query.monitors:
            chosen = _members(chosen, query)
    else:
        tables, alias = "monitor_post p", "p"
        if whole_post:
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
        ("p.author", query.authors),
        ("p.copy_group", query.copy_groups),
    ):
        if values:
            chosen = chosen.where(f"{column} IN ({_marks(values)})", *values)
    if query.categories:
        any_of = " OR ".join("instr(p.categories, ?)" for _ in query.categories)
        chosen = chosen.where(f"({any_of})", *(pack([name]) for name in query.categories))
    return _matching(chosen, tokens, ranked=ranked)


def match_expression(tokens: Sequence[str]) -> str:
    """The FTS5 expression for posts with all the tokens, at most 64 of them."""
    phrases = (token.translate(_BLANK).strip() for token in dict.fromkeys(tokens))
    return " ".join(f'"{phrase}"' for phrase in [p for p in phrases if p][:_MOST_TOKENS])


def _members(chosen: Selection, query: PostQuery) -> Selection:
    inner = Selection(tables="monitor_post m").where(
        f"m.monitor IN ({_marks(query.monitors)})", *query.monitors
    )
    if query.since is not None:
        inner = inner.where("m.published_at >= ?", to_micros(query.since))
    if query.until is not None:
        inner = inner.where("m.published_at < ?", to_micros(query.until))
    return chosen.where(f"p.seq IN ({inner.select('m.seq')})", *inner.parameters)


def _matching(chosen: Selection, tokens: Sequence[str] | None, *, ranked: bool) -> Selection:
    if tokens is None:
        return chosen
    expression = match_expression(tokens)
    if not expression:
        return chosen.where("0")
    if ranked:
        tables = "post_fts f CROSS JOIN post p ON p.seq = f.rowid"
        return replace(chosen, tables=tables).where("f.post_fts MATCH ?", expression)
    return chosen.where(
        "p.seq IN (SELECT rowid FROM post_fts WHERE post_fts MATCH ?)", expression
    )


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
