"""Emoticon tags like `[泪]`: what is left without them."""

from __future__ import annotations

import re

_TAG = re.compile(r"\[[^\[\]]{1,8}\]")
_SILENT = re.compile(r"[\W_]+")


def without_tags(text: str) -> str:
    """The text without `[..]` tags of up to eight characters, white space closed up."""
    return " ".join(_TAG.sub(" ", text).split())


def words_only(text: str) -> str:
    """The letters and digits outside tags: alike for two copies of one post dressed differently."""
    return _SILENT.sub("", _TAG.sub("", text))
