"""A query as people write it, over the post store: what the store is asked, and what is left.

The store knows words, sources, channels and languages; it knows neither patterns nor how near words
stand. So it is asked for all posts that can match, and where that may be more than do, each post
that it finds is read once more by the query itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nlp import BadQuery, QueryDocument, normalize, parse_query, whole_text
from nlp.query import Clause, Everything, Filter, Group, Literal, Near, Query, Sequence, Sign, Term
from nlp.text import Reach, reach
from service.posts.errors import BadFilter
from service.stores import AllOf, AnyOf, Begins, Condition, Not, PartedField, Says, StoredPost
from service.stores.condition import EVERY, NONE

_MOST_SPANS = 100
_LONGEST_MARKED = 20_000
_CANNOT_TELL: tuple[Condition, bool] = (EVERY, False)


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    """A query with the condition that the store is asked for.

    `exact` says that the store finds the very posts of the query; where it does not, it finds more.
    """

    text: str
    query: Query
    condition: Condition
    exact: bool

    def takes(self, post: StoredPost) -> bool:
        """Whether the post, as it stands, is one of the query's."""
        return self.query.matches(
            QueryDocument(
                normal=normalize(whole_text(post.text, title=post.title)).text,
                source=post.source,
                channel=post.channel,
                lang=post.lang or "",
            )
        )

    def spans(self, text: str) -> tuple[tuple[int, int], ...]:
        """Where the query's words and patterns stand in a text: half open, in its code points.

        At most 100, in the first 20,000 characters; they may overlap.
        """
        normal = normalize(text[:_LONGEST_MARKED])
        found: list[tuple[int, int]] = []
        for literal in self.query.literals():
            for start, end in literal.spans(normal.text):
                found.append(normal.original_span(start, end))
                if len(found) == _MOST_SPANS:
                    return tuple(found)
        return tuple(found)


def read_written(text: str) -> WrittenQuery:
    """The query in `text`. Raises BadFilter with the 1-based column of what cannot be read."""
    try:
        query = parse_query(text)
    except BadQuery as error:
        raise BadFilter(f"query: {error}", errors=[("query", str(error))]) from error
    condition, exact = _group(query.root)
    return WrittenQuery(text=text, query=query, condition=condition, exact=exact)


def _group(group: Group) -> tuple[Condition, bool]:
    return _any(_sequence(sequence) for sequence in group.alternatives)


def _sequence(sequence: Sequence) -> tuple[Condition, bool]:
    """All `+`, no `-`, one of the others, and one of each filtered field."""
    must: list[Condition] = []
    choices: dict[str, list[tuple[Condition, bool]]] = {}
    exact = True
    for clause in sequence.clauses:
        condition, told = _atom(clause)
        if clause.sign is Sign.ANY:
            field = clause.atom.field.value if isinstance(clause.atom, Filter) else ""
            choices.setdefault(field, []).append((condition, told))
            continue
        exact = exact and told
        if clause.sign is Sign.MUST:
            must.append(condition)
        elif told:
            # What may be found too often must not be excluded: that would lose posts.
            must.append(Not(condition))
    for several in choices.values():
        condition, told = _any(several)
        must.append(condition)
        exact = exact and told
    wanted = tuple(condition for condition in must if condition != EVERY)
    return (wanted[0] if len(wanted) == 1 else AllOf(wanted)), exact


def _any(several: Iterable[tuple[Condition, bool]]) -> tuple[Condition, bool]:
    """One of them; as soon as one holds for every post, so do all together."""
    found = list(several)
    if (EVERY, True) in found:
        return EVERY, True
    conditions = tuple(dict.fromkeys(condition for condition, _ in found))
    exact = all(told for _, told in found)
    if EVERY in conditions:
        return EVERY, exact
    if len(conditions) == 1:
        return conditions[0], exact
    return (AnyOf(conditions) if conditions else NONE), exact


def _atom(clause: Clause) -> tuple[Condition, bool]:
    match clause.atom:
        case Everything():
            return EVERY, True
        case Filter(field, value):
            return Begins(PartedField(field.value), value), True
        case Group():
            return _group(clause.atom)
        case Near(left, right):
            sides = [_any(map(_literal, side))[0] for side in (left, right)]
            return AllOf(tuple(side for side in sides if side != EVERY)), False
        case literal:
            return _literal(literal)


def _literal(literal: Literal) -> tuple[Condition, bool]:
    if not isinstance(literal, Term):
        return _CANNOT_TELL
    reached = reach(literal.text)
    if reached is Reach.UNKNOWN:
        return _CANNOT_TELL
    return Says(literal.text), reached is Reach.SAME
