"""Which causes a text names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from nlp.causes.table import Cause, Term, read_tables
from nlp.data_files import data_file
from nlp.lexicon.automaton import Automaton
from nlp.lexicon.negation import Negation, load_negation
from nlp.query import MonitorMatcher, Query, QueryDocument
from nlp.query.tree import Group, Near, Sign
from nlp.query.tree import Term as Literal
from nlp.text.normalizer import normalize

_STRUCK = "\N{NO-BREAK SPACE}"
"""In place of what is denied: the normal form never holds it, so no word stands there."""


class CauseFinder:
    """Immutable; safe to call from any thread."""

    def __init__(
        self,
        causes: Sequence[Cause],
        terms: Sequence[Term],
        *,
        negation: Negation | None = None,
    ) -> None:
        self.causes = {cause.id: cause for cause in causes}
        self._terms = tuple(terms)
        self._matcher = MonitorMatcher({str(at): term.query for at, term in enumerate(terms)})
        self._faults = Automaton(sorted({word for term in terms for word in _faults(term.query)}))
        self._negation = negation or load_negation()
        said = repr([(cause.id, cause.scenario) for cause in causes])
        said += repr([(term.cause, str(term.query)) for term in terms])
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass"))
        self.version = f"causes-{digest.hexdigest()[:12]}"

    def find(self, text: str) -> tuple[str, ...]:
        """The causes that the text names, each once, in the order of the table."""
        normal = self._without_denied(normalize(text).text)
        matched = self._matcher.match(QueryDocument(normal))
        found = {self._terms[int(place)].cause for place in matched}
        return tuple(name for name in self.causes if name in found) if found else ()

    def of_scenario(self, scenario: str | None) -> tuple[Cause, ...]:
        """The closed set of a scenario; None is all of them."""
        return tuple(cause for cause in self.causes.values() if scenario in (None, cause.scenario))

    def _without_denied(self, normal: str) -> str:
        """The normal form with every fault word struck out that a negation denies."""
        for _, start, end in self._faults.find(normal):
            if self._negation.before(normal, start) is not None:
                normal = normal[:start] + _STRUCK * (end - start) + normal[end:]
        return normal


@cache
def load_causes() -> CauseFinder:
    """The causes that ship in nlp/data/causes. Raises BadTable."""
    return CauseFinder(*read_tables(data_file("causes")))


def _faults(query: Query) -> Iterator[str]:
    """The words that say what is wrong: of a pair the second, as the first is whom it befell."""
    yield from _of_group(query.root)


def _of_group(group: Group) -> Iterator[str]:
    for sequence in group.alternatives:
        for clause in sequence.clauses:
            if clause.sign is Sign.NOT:
                continue
            atom = clause.atom
            if isinstance(atom, Literal):
                yield atom.text
            elif isinstance(atom, Near):
                yield from _literals(atom.right)
            elif isinstance(atom, Group):
                yield from _of_group(atom)


def _literals(items: Iterable[object]) -> Iterator[str]:
    for item in items:
        if isinstance(item, Literal):
            yield item.text
