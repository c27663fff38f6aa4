"""Which of many monitors take a post: one pass over the text, then only the likely queries."""

from __future__ import annotations

from collections.abc import Mapping

from nlp.lexicon.automaton import Automaton
from nlp.query.document import QueryDocument
from nlp.query.tree import Query


class MonitorMatcher:
    """Matches a post against every monitor's query.

    A query is tried when one of its anchors stands in the text, or when it has none to look for.
    """

    def __init__(self, queries: Mapping[str, Query]) -> None:
        self._queries = tuple(queries.items())
        waiting: dict[str, list[int]] = {}
        always: set[int] = set()
        for index, (_, query) in enumerate(self._queries):
            anchors = query.anchors()
            if anchors is None:
                always.add(index)
                continue
            for anchor in anchors:
                waiting.setdefault(anchor, []).append(index)
        self._always = frozenset(always)
        self._waiting = tuple(waiting.values())
        self._automaton = Automaton(waiting)

    def match(self, document: QueryDocument) -> tuple[str, ...]:
        """The ids of the monitors that take the post, in the order they were given."""
        likely = set(self._always)
        for anchor in {found[0] for found in self._automaton.find(document.normal)}:
            likely.update(self._waiting[anchor])
        return tuple(
            monitor
            for monitor, query in (self._queries[index] for index in sorted(likely))
            if query.matches(document)
        )
