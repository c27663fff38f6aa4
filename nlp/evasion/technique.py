"""The ways of hiding a term that the matcher undoes."""

from __future__ import annotations

from enum import StrEnum


class Technique(StrEnum):
    """What made a surface differ from its term, beyond what the normal form already undoes."""

    INSERTED = "inserted"
    VERTICAL = "vertical"
    REPEAT = "repeat"
    HOMOPHONE = "homophone"
    PINYIN = "pinyin"
    INITIALS = "initials"
    SPLIT = "split"
    LOOK_ALIKE = "look_alike"
    LEET = "leet"
    EMOJI = "emoji"
    MARTIAN = "martian"
    SLANG = "slang"
    REVERSED = "reversed"
