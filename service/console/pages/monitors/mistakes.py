"""Mistakes in a query, in the visitor's language: the grammar itself speaks English alone."""

from __future__ import annotations

import re

from nlp.errors import BadQuery
from service.console.i18n import Words

_MISTAKES = (
    ("too_long", r"the query is longer than (?P<most>\d+)"),
    ("quote_opened", r"a closing quote without an opening one"),
    ("quote_closed", r"the quote is never closed"),
    ("pattern_ends", r"a pattern ends at its second /"),
    ("pattern_closed", r"the pattern is never closed"),
    ("near_distance", r"NEAR needs a distance"),
    ("wildcard", r"there are no wildcards"),
    ("closes_nothing", r"this \) closes nothing"),
    ("term_missing", r"a term is missing before"),
    ("only_exclusions", r"nothing but exclusions"),
    ("sign_alone", r"[+-] must stand right before"),
    ("near_most", r"the distance of NEAR is at most (?P<most>\d+)"),
    ("near_after", r"NEAR needs a word, phrase, pattern or group after"),
    ("near_before", r"NEAR needs a word, phrase, pattern or group before"),
    ("near_chain", r"NEAR does not chain"),
    ("near_takes", r"NEAR takes words"),
    ("depth", r"groups nest at most (?P<most>\d+)"),
    ("group_closed", r"this \( is never closed"),
    ("empty", r"the \w+ is empty"),
    ("term_long", r"the \w+ is longer than (?P<most>\d+)"),
    ("filter", r"\S+: is no filter"),
    ("value", r"\w+: needs a value"),
    ("channel", r"channel .* is unknown"),
    ("lang", r"lang .* is no language code"),
)
NAMES = frozenset(name for name, _ in _MISTAKES)


def mistake_said(error: BadQuery, words: Words) -> str:
    """What is wrong and what to do; one that nobody translated is told as the grammar says it."""
    for name, pattern in _MISTAKES:
        found = re.match(pattern, error.message)
        if found is not None:
            return words.raw(f"monitors.mistake.{name}").format(most=found.groupdict().get("most"))
    return error.message
