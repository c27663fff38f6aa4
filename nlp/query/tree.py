"""The tree of a query. Literals are in normal form; `str` gives a query of the same tree.

`anchors` are literals of which a matching text holds at least one, or None when none can be named:
what the prefilter over many monitors looks for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from nlp.query.document import QueryDocument
from nlp.query.pattern import Pattern
from nlp.query.span import Span, literal_spans, within

# A bare word is shown without quotes only when it cannot be read as anything else.
_PLAIN = re.compile(r"[^\s\"“”()（）|｜+\-＋－/*:：][^\s\"“”()（）|｜*:：]*")
_NEAR = re.compile(r"near(/.*)?")

Anchors = frozenset[str] | None


class FilterField(StrEnum):
    """The fields of a document that a filter may ask for."""

    SOURCE = "source"
    CHANNEL = "channel"
    LANG = "lang"


class Sign(StrEnum):
    """What a clause demands: any of its like, must, must not."""

    ANY = ""
    MUST = "+"
    NOT = "-"


@dataclass(frozen=True, slots=True)
class Term:
    """A literal: spaced scripts at word boundaries, other scripts as a substring."""

    text: str

    def __str__(self) -> str:
        plain = _PLAIN.fullmatch(self.text) and not _NEAR.fullmatch(self.text)
        return self.text if plain else quoted(self.text)

    def matches(self, document: QueryDocument) -> bool:
        if self.text not in document.normal:
            return False
        return next(self.spans(document.normal), None) is not None

    def spans(self, normal: str) -> Iterator[Span]:
        return literal_spans(normal, self.text)

    def anchors(self) -> Anchors:
        return frozenset((self.text,))

    def terms(self) -> Iterator[str]:
        yield self.text


@dataclass(frozen=True, slots=True)
class Regex:
    """`/pattern/` over the normal form."""

    pattern: Pattern

    def __str__(self) -> str:
        body = re.sub(r"(\\.)|/", lambda match: match[1] or "\\/", self.pattern.text, flags=re.S)
        return f"/{body}/"

    def matches(self, document: QueryDocument) -> bool:
        return self.pattern.search(document.normal)

    def spans(self, normal: str) -> Iterator[Span]:
        return self.pattern.spans(normal)

    def anchors(self) -> Anchors:
        return None

    def terms(self) -> Iterator[str]:
        return iter(())


Literal = Term | Regex


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right` with at most `distance` characters between, in any order."""

    left: tuple[Literal, ...]
    right: tuple[Literal, ...]
    distance: int

    def __str__(self) -> str:
        return f"{_operand(self.left)} NEAR/{self.distance} {_operand(self.right)}"

    def matches(self, document: QueryDocument) -> bool:
        left, right = (
            [span for literal in side for span in literal.spans(document.normal)]
            for side in (self.left, self.right)
        )
        return within(left, right, distance=self.distance)

    def anchors(self) -> Anchors:
        return _fewest(_union(item.anchors() for item in side) for side in (self.left, self.right))

    def terms(self) -> Iterator[str]:
        for literal in (*self.left, *self.right):
            yield from literal.terms()


@dataclass(frozen=True, slots=True)
class Filter:
    """`field:value`; a source or language also matches by its leading parts (mastodon, zh)."""

    field: FilterField
    value: str

    def __str__(self) -> str:
        plain = re.fullmatch(r"[^\s\"“”()（）|｜]+", self.value)
        return f"{self.field}:{self.value if plain else quoted(self.value)}"

    def matches(self, document: QueryDocument) -> bool:
        match self.field:
            case FilterField.SOURCE:
                return _leads(document.source, self.value, ":")
            case FilterField.CHANNEL:
                return document.channel.casefold() == self.value
            case FilterField.LANG:
                return _leads(document.lang.replace("_", "-"), self.value, "-")

    def anchors(self) -> Anchors:
        return None

    def terms(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Everything:
    """`*`: every post."""

    def __str__(self) -> str:
        return "*"

    def matches(self, _document: QueryDocument) -> bool:
        return True

    def anchors(self) -> Anchors:
        return None

    def terms(self) -> Iterator[str]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Clause:
    """An atom and what it demands."""

    sign: Sign
    atom: Term | Regex | Near | Filter | Everything | Group

    def __str__(self) -> str:
        return f"{self.sign}{self.atom}"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Clauses side by side: all `+`, no `-`, one of the others, and one of each filtered field."""

    clauses: tuple[Clause, ...]

    def __str__(self) -> str:
        return " ".join(map(str, self.clauses))

    def matches(self, document: QueryDocument) -> bool:
        wanted: dict[FilterField | None, bool] = {}
        for clause in self.clauses:
            key = clause.atom.field if isinstance(clause.atom, Filter) else None
            if clause.sign is Sign.ANY:
                if not wanted.get(key):
                    wanted[key] = clause.atom.matches(document)
            elif clause.atom.matches(document) is (clause.sign is Sign.NOT):
                return False
        return all(wanted.values())

    def anchors(self) -> Anchors:
        musts = [clause.atom.anchors() for clause in self.clauses if clause.sign is Sign.MUST]
        anys = [
            clause.atom.anchors()
            for clause in self.clauses
            if clause.sign is Sign.ANY and not isinstance(clause.atom, Filter)
        ]
        return _fewest([*musts, *([_union(anys)] if anys else [])])

    def terms(self) -> Iterator[str]:
        for clause in self.clauses:
            if clause.sign is not Sign.NOT:
                yield from clause.atom.terms()


@dataclass(frozen=True, slots=True)
class Group:
    """Sequences parted by `|`: any of them."""

    alternatives: tuple[Sequence, ...]

    def __str__(self) -> str:
        return f"({self.body()})"

    def body(self) -> str:
        """The group without its parentheses."""
        return " | ".join(map(str, self.alternatives))

    def matches(self, document: QueryDocument) -> bool:
        return any(sequence.matches(document) for sequence in self.alternatives)

    def anchors(self) -> Anchors:
        return _union(sequence.anchors() for sequence in self.alternatives)

    def terms(self) -> Iterator[str]:
        for sequence in self.alternatives:
            yield from sequence.terms()


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query."""

    root: Group

    def __str__(self) -> str:
        return self.root.body()

    def matches(self, document: QueryDocument) -> bool:
        """Whether the query takes the post."""
        return self.root.matches(document)

    def terms(self) -> tuple[str, ...]:
        """The positive literals in normal form, once each, in order: what to highlight."""
        return tuple(dict.fromkeys(self.root.terms()))

    def anchors(self) -> Anchors:
        """Literals of which every matching text holds at least one; None when unknown."""
        return self.root.anchors()

    def literals(self) -> tuple[Literal, ...]:
        """The positive literals, patterns among them, once each, in order."""
        return tuple(dict.fromkeys(_literals(self.root)))


def _literals(group: Group) -> Iterator[Literal]:
    for sequence in group.alternatives:
        for clause in sequence.clauses:
            if clause.sign is Sign.NOT:
                continue
            match clause.atom:
                case Term() | Regex():
                    yield clause.atom
                case Near():
                    yield from (*clause.atom.left, *clause.atom.right)
                case Group():
                    yield from _literals(clause.atom)


def quoted(text: str) -> str:
    """The text as a phrase of the query language."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _operand(literals: tuple[Literal, ...]) -> str:
    shown = " | ".join(map(str, literals))
    return shown if len(literals) == 1 else f"({shown})"


def _leads(whole: str, part: str, separator: str) -> bool:
    folded = whole.casefold()
    return folded == part or folded.startswith(part + separator)


def _union(choices: Iterable[Anchors]) -> Anchors:
    found: set[str] = set()
    for anchors in choices:
        if anchors is None:
            return None
        found |= anchors
    return frozenset(found)


def _fewest(choices: Iterable[Anchors]) -> Anchors:
    """The rarest-looking of several demands that must all be met: the fewest, then the longest."""
    known = [anchors for anchors in choices if anchors is not None]
    return min(known, key=lambda anchors: (len(anchors), -sum(map(len, anchors))), default=None)
