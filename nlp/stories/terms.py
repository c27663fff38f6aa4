"""The words that a post can be told by: its names, and its terms without numbers and marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_TERMS = 60
"""Of a long text the first: what it is about is said early."""
_LONGEST = 24
_NAMES = re.compile(r"#([^#\n]{2,30})#|【([^】\n]{2,30})】|《([^》\n]{2,30})》|「([^」\n]{2,30})」")
_LETTER = re.compile(r"[^\W\d_]")
_REFERENCE = re.compile(r"https?://[!-~]+|@[\w\-·]{1,30}|//")
_SITE_WORDS = frozenset(
    ("转发", "微博", "网页", "链接", "视频", "全文", "展开", "收起", "图片", "查看", "用户", "http")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Each once, in the order of the text."""

    terms: tuple[str, ...]
    entities: tuple[str, ...]


def words_of(normal: str, tokens: Sequence[str], *, names: Iterable[str] = ()) -> Words:
    """Terms and entities of a text in normal form.

    Terms are tokens of two characters and more with a letter in them. Entities are hashtags,
    headings and titles in brackets, and those of `names` (brands, in normal form) that it holds.
    """
    terms = (
        token[:_LONGEST]
        for token in tokens
        if len(token) > 1 and token not in _SITE_WORDS and _LETTER.search(token)
    )
    bracketed = (
        next(group for group in found.groups() if group) for found in _NAMES.finditer(normal)
    )
    said = _REFERENCE.sub(" ", normal)
    named = (name for name in names if name and name in said)
    return Words(
        terms=tuple(dict.fromkeys(terms))[:MOST_TERMS],
        entities=tuple(dict.fromkeys((*bracketed, *named)))[:MOST_TERMS],
    )
