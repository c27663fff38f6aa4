"""Which language a text is in, from its scripts: cheap, and honest about the rest."""

from __future__ import annotations

import re
from enum import StrEnum

VERSION = "script-shares-1"

_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]")
_LATIN = re.compile(r"[a-zA-Z]+")
_LINK = re.compile(r"https?://[!-~]+")
# Enough to tell; the shares of a longer text do not change much.
_READ = 600


class Language(StrEnum):
    """`other` has letters of another script or language, `und` has none."""

    ZH = "zh"
    EN = "en"
    JA = "ja"
    KO = "ko"
    OTHER = "other"
    UND = "und"


def detect_language(text: str) -> Language:
    """The language of a text in original or normal form.

    Kana make Japanese from a fifth of the letters of East Asia (a Chinese post may hold a の),
    Hangul Korean from half; a Chinese character weighs as much as four Latin letters, about a word.
    """
    head = text[:_READ]
    if "://" in head:
        head = _LINK.sub(" ", head)
    han, latin = len(_HAN.findall(head)), sum(map(len, _LATIN.findall(head)))
    if head.isascii():
        return Language.EN if latin else Language.UND
    kana, hangul = len(_KANA.findall(head)), len(_HANGUL.findall(head))
    east = han + kana + hangul
    foreign = sum(character.isalpha() for character in head) - east - latin
    if east * 4 >= latin + foreign and east:
        if kana * 5 >= east:
            return Language.JA
        return Language.KO if hangul * 2 >= east else Language.ZH
    if foreign * 20 > latin:
        return Language.OTHER
    return Language.EN if latin else Language.UND
