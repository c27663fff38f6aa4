"""Tokens to tree.

    query       = sequence ("|" sequence)*
    sequence    = clause+                       at least one of them not negative
    clause      = ["+" | "-"] (near | atom)     the sign touches what it signs
    near        = operand "NEAR/n" operand      a word, phrase, pattern, or a group of these
    atom        = word | "phrase" | /pattern/ | field:value | "*" | "(" query ")"

Full-width signs, bars, colons, parentheses and curly quotes are read as their plain forms.
"""

from __future__ import annotations

import re

from nlp.errors import BadQuery
from nlp.query.lexer import Kind, Token, tokens
from nlp.query.pattern import BadPattern, compile_pattern
from nlp.query.tree import (
    Clause,
    Everything,
    Filter,
    FilterField,
    Group,
    Literal,
    Near,
    Query,
    Regex,
    Sequence,
    Sign,
    Term,
)
from nlp.text.normalizer import normalize

MAX_DEPTH = 10
MAX_TERM = 200
MAX_DISTANCE = 1000

CHANNELS = frozenset(("social", "in_app", "third_party", "news", "chat_group", "owned"))
_LANGUAGE = re.compile(r"[a-z]{2,8}(-[a-z0-9]{1,8})*")
_END = "the end of the query"


def parse_query(text: str) -> Query:
    """The query written in `text`. Raises BadQuery, with a 1-based column, and nothing else."""
    parser = _Parser(text)
    root = parser.group(depth=0)
    if parser.token is not None:
        raise BadQuery(parser.token.column, "this ) closes nothing; remove it")
    return Query(root)


class _Parser:
    """Recursive descent; `token` is the next one, None at the end."""

    def __init__(self, text: str) -> None:
        self._tokens = tokens(text)
        self._end = len(text) + 1
        self.token = next(self._tokens, None)

    def _next(self) -> None:
        self.token = next(self._tokens, None)

    def _is(self, *kinds: Kind) -> bool:
        return self.token is not None and self.token.kind in kinds

    @property
    def _column(self) -> int:
        return self.token.column if self.token else self._end

    def group(self, *, depth: int) -> Group:
        alternatives = [self._sequence(depth=depth)]
        while self._is(Kind.BAR):
            self._next()
            alternatives.append(self._sequence(depth=depth))
        return Group(tuple(alternatives))

    def _sequence(self, *, depth: int) -> Sequence:
        start = self._column
        clauses: list[Clause] = []
        while self.token is not None and not self._is(Kind.BAR, Kind.CLOSE):
            clauses.append(self._clause(depth=depth))
        if not clauses:
            shown = self.token.text if self.token else _END
            raise BadQuery(start, f"a term is missing before {shown}; write * for every post")
        if all(clause.sign is Sign.NOT for clause in clauses):
            raise BadQuery(start, "nothing but exclusions; add what to look for, or *")
        return Sequence(tuple(clauses))

    def _clause(self, *, depth: int) -> Clause:
        sign = Sign.ANY
        if self.token is not None and self.token.kind is Kind.SIGN:
            sign = Sign(self.token.text)
            touching = self.token.column + 1
            self._next()
            if self._column != touching or not self._starts_atom():
                raise BadQuery(touching - 1, f"{sign} must stand right before what it signs")
        atom = self._atom(depth=depth)
        if self._is(Kind.NEAR):
            return Clause(sign, self._near(atom, depth=depth))
        return Clause(sign, atom)

    def _starts_atom(self) -> bool:
        return self.token is not None and not self._is(Kind.SIGN, Kind.CLOSE, Kind.BAR, Kind.NEAR)

    def _near(self, atom: Term | Regex | Filter | Everything | Group, *, depth: int) -> Near:
        column, distance = self._column, int(self.token.text) if self.token else 0
        if not 0 <= distance <= MAX_DISTANCE:
            raise BadQuery(column, f"the distance of NEAR is at most {MAX_DISTANCE}")
        left = _literals(atom, column)
        self._next()
        right_column = self._column
        if not self._starts_atom():
            raise BadQuery(right_column, "NEAR needs a word, phrase, pattern or group after it")
        right = _literals(self._atom(depth=depth), right_column)
        if self._is(Kind.NEAR):
            raise BadQuery(self._column, "NEAR does not chain; write +a NEAR/8 b +b NEAR/8 c")
        return Near(left, right, distance)

    def _atom(self, *, depth: int) -> Term | Regex | Filter | Everything | Group:
        token = self.token
        if token is None or token.kind is Kind.NEAR:
            raise BadQuery(self._column, "NEAR needs a word, phrase, pattern or group before it")
        self._next()
        match token.kind:
            case Kind.OPEN:
                return self._parenthesis(token, depth=depth + 1)
            case Kind.REGEX:
                return _regex(token)
            case Kind.FILTER:
                return _filter(token)
            case Kind.STAR:
                return Everything()
            case _:
                return _term(token)

    def _parenthesis(self, opening: Token, *, depth: int) -> Group:
        if depth > MAX_DEPTH:
            raise BadQuery(opening.column, f"groups nest at most {MAX_DEPTH} deep")
        group = self.group(depth=depth)
        if not self._is(Kind.CLOSE):
            raise BadQuery(opening.column, "this ( is never closed; add )")
        self._next()
        return group


def _term(token: Token) -> Term:
    normal = normalize(token.text).text.strip()
    if not normal:
        raise BadQuery(token.column, f"the {token.kind} is empty")
    if len(normal) > MAX_TERM:
        raise BadQuery(token.column, f"the {token.kind} is longer than {MAX_TERM} characters")
    return Term(normal)


def _regex(token: Token) -> Regex:
    try:
        return Regex(compile_pattern(token.text))
    except BadPattern as error:
        raise BadQuery(token.column, str(error)) from error


def _filter(token: Token) -> Filter:
    if token.field not in tuple(FilterField):
        known = ", ".join(f"{field}:" for field in FilterField)
        message = f"{token.field}: is no filter ({known}); put a literal in quotes"
        raise BadQuery(token.column, message)
    field, value = FilterField(token.field), normalize(token.text).text.strip()
    if not value:
        raise BadQuery(token.column, f"{field}: needs a value")
    if field is FilterField.CHANNEL and value not in CHANNELS:
        message = f"channel {value!r} is unknown; use one of {', '.join(sorted(CHANNELS))}"
        raise BadQuery(token.column, message)
    if field is FilterField.LANG and not _LANGUAGE.fullmatch(value):
        raise BadQuery(token.column, f"lang {value!r} is no language code, as in zh or en")
    return Filter(field, value)


def _literals(atom: Term | Regex | Filter | Everything | Group, column: int) -> tuple[Literal, ...]:
    """The literals an operand of NEAR stands for."""
    if isinstance(atom, Term | Regex):
        return (atom,)
    if isinstance(atom, Group):
        clauses = [clause for sequence in atom.alternatives for clause in sequence.clauses]
        literals = tuple(
            clause.atom
            for clause in clauses
            if clause.sign is Sign.ANY and isinstance(clause.atom, Term | Regex)
        )
        if len(literals) == len(clauses):
            return literals
    raise BadQuery(column, "NEAR takes words, phrases and patterns, or a (group | of) these")
