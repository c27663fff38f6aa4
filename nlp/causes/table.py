"""The tables of causes: which there are, and by what words each is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from nlp.data_files import rows
from nlp.errors import BadQuery, BadTable, TableIssue
from nlp.lexicon.categories import SCENARIOS
from nlp.query import Query, parse_query

CAUSES, TERMS = "causes.tsv", "terms.tsv"

_ID = re.compile(r"[a-z][a-z_]{1,39}")


@dataclass(frozen=True, slots=True)
class Cause:
    """Ids are unique over all scenarios."""

    id: str
    scenario: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Term:
    """One row: `hit` is a text that the query takes, `miss` a like one that it must not take."""

    cause: str
    query: Query
    hit: str
    miss: str
    reason: str


def read_tables(folder: Traversable) -> tuple[tuple[Cause, ...], tuple[Term, ...]]:
    """The causes in the order of their table, and all terms. Raises BadTable with every mistake."""
    issues: list[TableIssue] = []
    causes: dict[str, Cause] = {}
    for line, cells in rows(folder / CAUSES):
        cause = Cause(*cells) if len(cells) == 4 else None
        issues += [TableIssue(CAUSES, line, wrong) for wrong in _wrong(cause, causes)]
        if cause is not None:
            causes.setdefault(cause.id, cause)
    terms: list[Term] = []
    for line, cells in rows(folder / TERMS):
        term = _term(cells, causes)
        if isinstance(term, Term):
            terms.append(term)
        else:
            issues.append(TableIssue(TERMS, line, term))
    wordless = causes.keys() - {term.cause for term in terms}
    issues += [TableIssue(TERMS, 0, f"no row for the cause {name!r}") for name in sorted(wordless)]
    if issues:
        raise BadTable(issues)
    return tuple(causes.values()), tuple(terms)


def _wrong(cause: Cause | None, known: dict[str, Cause]) -> Iterator[str]:
    if cause is None:
        yield "four columns: cause, scenario, zh, en"
        return
    if _ID.fullmatch(cause.id) is None:
        yield f"cause {cause.id!r}: small letters and _"
    if cause.id in known:
        yield f"cause {cause.id!r} is there already; ids are unique over all scenarios"
    if cause.scenario not in SCENARIOS:
        yield f"no scenario {cause.scenario!r}; one of {', '.join(SCENARIOS)}"
    if not cause.zh or not cause.en:
        yield "give a name in Chinese and in English"


def _term(cells: list[str], causes: dict[str, Cause]) -> Term | str:
    if len(cells) != 5 or not all(cells):
        return "five columns, none of them empty: cause, query, hit, miss, reason"
    cause, query, hit, miss, reason = cells
    if cause not in causes:
        return f"no cause {cause!r} in {CAUSES}"
    try:
        return Term(cause, parse_query(query), hit, miss, reason)
    except BadQuery as error:
        return f"query, column {error.column}: {error.message}"
