"""Names the way in which a surface hides the term behind it."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from nlp.text.characters import characters
from nlp.text.contextual import contextual_variants

_RUN = re.compile(r"([^\d\s])\1\1")


class Evasion(StrEnum):
    """What the normal form undid."""

    ZERO_WIDTH = "zero_width"
    WIDTH = "width"
    TRADITIONAL = "traditional"
    REPEAT = "repeat"
    CASE = "case"


def evasion(surface: str, *, term: str) -> Evasion | None:
    """Which evasion made `surface` differ from `term`; of several, the most deliberate one.

    None when they are equal or differ in white space only.
    """
    if surface == term:
        return None
    tables = characters()
    if tables.removed.search(surface):
        return Evasion.ZERO_WIDTH
    if unicodedata.normalize("NFKC", surface) != surface:
        return Evasion.WIDTH
    if contextual_variants().apply(surface.translate(tables.simplified)) != surface:
        return Evasion.TRADITIONAL
    if _RUN.search(surface):
        return Evasion.REPEAT
    return Evasion.CASE if surface.casefold() != surface else None
