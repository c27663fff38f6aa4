"""Regular expressions of a query: RE2, so that no pattern takes more than linear time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import re2

from nlp.errors import NlpError
from nlp.query.span import Span
from nlp.text.characters import characters
from nlp.text.encodable import encodable

MAX_PATTERN = 500


class BadPattern(NlpError):
    """A pattern that RE2 refuses, or that would match every post."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern over the normal form, without regard to case."""

    text: str
    _compiled: Any = field(compare=False, repr=False)

    def search(self, normal: str) -> bool:
        return self._compiled.search(encodable(normal)) is not None

    def spans(self, normal: str) -> Iterator[Span]:
        for match in self._compiled.finditer(encodable(normal)):
            if match.end() > match.start():
                yield match.span()


def compile_pattern(text: str) -> Pattern:
    """The pattern of `text`, its traditional characters simplified as they are in the normal form.

    Raises BadPattern when it is longer than MAX_PATTERN, broken, or matches the empty text.
    """
    if len(text) > MAX_PATTERN:
        raise BadPattern(f"the pattern has {len(text)} characters; at most {MAX_PATTERN} are taken")
    simple = encodable(text).translate(characters().simplified)
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    try:
        compiled = re2.compile(simple, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "not understood"
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise BadPattern(f"the pattern is broken: {shown}") from error
    if compiled.search("") is not None:
        raise BadPattern("the pattern matches the empty text, so it would take every post")
    return Pattern(simple, compiled)
