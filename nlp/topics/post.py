"""A post as topics see it: its words, and what posts are pooled by."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from nlp.data_files import data_file

MOST_WORDS = 400
"""Words of one post that count: a post of a million words is no more about something."""
_LONGEST_WORD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPost:
    """Words of content in order, at most MOST_WORDS; `at` is aware UTC, `story` any stable key."""

    id: str
    words: tuple[str, ...]
    author: str | None = None
    at: datetime | None = None
    story: str | None = None


@cache
def stop_words() -> frozenset[str]:
    """The words of `nlp/data/topics/stop_words.txt`, in normal form."""
    text = data_file("topics", "stop_words.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def content_words(tokens: Iterable[str]) -> tuple[str, ...]:
    """The tokens of a normal form that say what a text is about, in order, repeated ones too.

    Stop words, single characters, numbers and words of over 24 characters are left out.
    """
    stopped = stop_words()
    words: list[str] = []
    for token in tokens:
        if 1 < len(token) <= _LONGEST_WORD and token not in stopped and not _is_number(token):
            # One string for all posts: a fit holds millions of words.
            words.append(sys.intern(token))
            if len(words) == MOST_WORDS:
                break
    return tuple(words)


def distinct(posts: Sequence[TopicPost]) -> tuple[TopicPost, ...]:
    """The first post of each wording, without posts that have no words: copies count once."""
    kept: dict[tuple[str, ...], TopicPost] = {}
    for post in posts:
        if post.words:
            kept.setdefault(post.words, post)
    return tuple(kept.values())


def _is_number(token: str) -> bool:
    return not any(character.isalpha() for character in token)
