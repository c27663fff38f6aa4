"""Personal information masked so that its shape still shows what it was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from nlp.pii.kind import Pii, PiiKind
from nlp.pii.surnames import COMPOUND

MASK = "*"

# How many letters and digits stay legible at the head and at the tail.
_KEPT = {
    PiiKind.ID_CARD: (3, 2),
    PiiKind.BANK_CARD: (4, 4),
    PiiKind.MOBILE: (3, 4),
    PiiKind.LANDLINE: (3, 2),
    PiiKind.PLATE: (2, 0),
    PiiKind.QQ: (2, 2),
    PiiKind.WECHAT: (2, 0),
}
_HIDDEN_AT_LEAST = 3
_COUNTRY = re.compile(r"(?:00)?(?:852|853|886|86)")
_SHORTEST_LINE = 7
_AT = re.compile(r"@|＠|#|＃|艾特|圈a|[\[({<（【〔《 ]\s*at\s*[\])}>）】〕》 ]", re.IGNORECASE)
_DISTRICT = re.compile(
    r"[\u3400-\u9fff]{2,9}?(?:省|自治區|自治区|特别行政区)?(?:[\u3400-\u9fff]{1,7}?[市州盟])?(?:[\u3400-\u9fff]{1,7}?[市区區县縣旗])"
)


def redacted(text: str, found: Iterable[Pii]) -> str:
    """The text with what was found in it masked, one `*` for one code point: lengths stay.

    Spans are of this text, as from `find_pii`. Masking the same spans again changes nothing; a text
    in which nothing was found comes back as the same object.
    """
    pieces: list[str] = []
    done = 0
    for item in sorted(found, key=lambda pii: pii.start):
        pieces.append(text[done : item.start])
        pieces.append(_masked(text[item.start : item.end], item.kind))
        done = item.end
    if done == 0:
        return text
    pieces.append(text[done:])
    return "".join(pieces)


def _masked(surface: str, kind: PiiKind) -> str:
    if kind is PiiKind.EMAIL:
        return _masked_email(surface)
    if kind is PiiKind.ADDRESS:
        district = _DISTRICT.match(surface)
        return _starred(surface, 0 if district is None else district.end())
    places = [at for at, character in enumerate(surface) if _is_legible(character)]
    if not places:
        return surface
    if kind is PiiKind.NAME:
        head = 2 if surface[:2] in COMPOUND else 1
        return _starred(surface, places[head - 1] + 1)
    code = _country(surface, places) if kind in (PiiKind.MOBILE, PiiKind.LANDLINE) else 0
    head, tail = _KEPT[kind]
    if len(places) - code - head - tail < _HIDDEN_AT_LEAST:
        head, tail = min(head, max(0, len(places) - code - _HIDDEN_AT_LEAST)), 0
    first, last = code + head, len(places) - tail
    return _starred(surface, places[first], places[last - 1] + 1)


def _masked_email(surface: str) -> str:
    """The first character stays, when there are more; the host stays whole."""
    signs = list(_AT.finditer(surface))
    end = signs[-1].start() if signs else len(surface)
    kept = 1 if end > 1 else 0
    return surface[:kept] + MASK * (end - kept) + surface[end:]


def _starred(surface: str, start: int, end: int | None = None) -> str:
    """The surface with its letters and digits from start to end as stars; dots and blanks stay."""
    stop = len(surface) if end is None else end
    stars = (MASK if _is_legible(character) else character for character in surface[start:stop])
    return surface[:start] + "".join(stars) + surface[stop:]


def _country(surface: str, places: list[int]) -> int:
    """How many of the digits are a country code; they stay, so masking twice agrees."""
    head = "".join(str(unicodedata.digit(surface[place], -1)) for place in places[:5])
    match = _COUNTRY.match(head)
    return len(match[0]) if match and len(places) - len(match[0]) >= _SHORTEST_LINE else 0


def _is_legible(character: str) -> bool:
    return character.isalnum() or character == MASK
