"""Cuts a query into tokens, each with its 1-based column."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from nlp.errors import BadQuery

MAX_QUERY = 10_000

_STOPS = re.compile(r"[\s\"“”()（）|｜]")
_FIELD = re.compile(r"([A-Za-z_]+)[:：](.*)", re.DOTALL)
_NEAR = re.compile(r"NEAR(?:/(\d{1,4}))?")
_CLOSING = {'"': '"', "“": "”"}


class Kind(StrEnum):
    """Kinds of tokens; the values are how messages call them."""

    SIGN = "sign"
    WORD = "word"
    PHRASE = "phrase"
    REGEX = "pattern"
    FILTER = "filter"
    NEAR = "NEAR"
    STAR = "*"
    OPEN = "("
    CLOSE = ")"
    BAR = "|"


@dataclass(frozen=True, slots=True)
class Token:
    """A token; `text` is the content without quotes or slashes, `field` the name of a filter."""

    kind: Kind
    text: str
    column: int
    field: str = ""


def tokens(query: str) -> Iterator[Token]:
    """Yields the tokens of a query. Raises BadQuery on what can start no token or does not end."""
    if len(query) > MAX_QUERY:
        raise BadQuery(MAX_QUERY + 1, f"the query is longer than {MAX_QUERY} characters; split it")
    position = 0
    while position < len(query):
        character = query[position]
        if character.isspace():
            position += 1
            continue
        token, position = _token(query, position, character)
        yield token


def _token(query: str, start: int, character: str) -> tuple[Token, int]:
    column = start + 1
    match character:
        case "(" | "（":
            return Token(Kind.OPEN, "(", column), column
        case ")" | "）":
            return Token(Kind.CLOSE, ")", column), column
        case "|" | "｜":
            return Token(Kind.BAR, "|", column), column
        case "+" | "＋" | "-" | "－":
            sign = "+" if character in "+＋" else "-"
            return Token(Kind.SIGN, sign, column), column
        case '"' | "“":
            text, end = _phrase(query, start)
            return Token(Kind.PHRASE, text, column), end
        case "”":
            raise BadQuery(column, "a closing quote without an opening one")
        case "/":
            text, end = _regex(query, start)
            return Token(Kind.REGEX, text, column), end
        case _:
            return _word(query, start)


def _phrase(query: str, start: int) -> tuple[str, int]:
    closing = _CLOSING[query[start]]
    text: list[str] = []
    position = start + 1
    while position < len(query):
        character = query[position]
        if character == closing:
            return "".join(text), position + 1
        if character == "\\" and query[position + 1 : position + 2] in ('"', "\\", "”"):
            position += 1
            character = query[position]
        text.append(character)
        position += 1
    raise BadQuery(start + 1, f"the quote is never closed; add {closing}")


def _regex(query: str, start: int) -> tuple[str, int]:
    text: list[str] = []
    position = start + 1
    while position < len(query):
        character = query[position]
        if character == "/":
            end = position + 1
            if end < len(query) and not _STOPS.match(query, end):
                message = "a pattern ends at its second /; write \\/ for a slash, quote a literal"
                raise BadQuery(end + 1, message)
            return "".join(text), end
        if character == "\\" and position + 1 < len(query):
            position += 1
            character = "/" if query[position] == "/" else "\\" + query[position]
        text.append(character)
        position += 1
    raise BadQuery(start + 1, "the pattern is never closed; add / or quote a literal slash")


def _word(query: str, start: int) -> tuple[Token, int]:
    stop = _STOPS.search(query, start)
    end = stop.start() if stop else len(query)
    word, column = query[start:end], start + 1
    if word == "*":
        return Token(Kind.STAR, word, column), end
    if near := _NEAR.fullmatch(word):
        if near[1] is None:
            raise BadQuery(column, "NEAR needs a distance, as in NEAR/8; quote it as a word")
        return Token(Kind.NEAR, near[1], column), end
    if match := _FIELD.fullmatch(word):
        value = match[2]
        if not value and query[end : end + 1] in _CLOSING:
            value, end = _phrase(query, end)
        return Token(Kind.FILTER, value, column, match[1].casefold()), end
    if (star := word.find("*")) >= 0:
        message = "there are no wildcards; write a /pattern/, or quote a literal *"
        raise BadQuery(column + star, message)
    return Token(Kind.WORD, word, column), end
