"""Number plates of vehicles in mainland China (GA 36)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.text.normalizer import NormalText

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# These are everyday words too: the letter must be a capital, or a dot or a cue must help.
_WORDS = frozenset("云黑新贵青川吉宁甘藏京蒙")
_DOT = r"[ ·.•・●\-—]{0,2}"
_LETTERS = "a-hj-np-z"
_PLATE = re.compile(
    rf"([{_PROVINCES}])([a-hj-z])({_DOT})"
    rf"([{_LETTERS}0-9]{{4}}[警学挂领港澳试超]|[{_LETTERS}0-9]{{5}}(?:[0-9df]|[a-ehjk])?)"
    r"(?![a-z0-9*])"
)
_MISSION = re.compile(rf"使{_DOT}[0-9]{{3}}{_DOT}[0-9]{{3}}(?![0-9*])")
_CONSULATE = re.compile(rf"领{_DOT}[0-9]{{3}}{_DOT}[0-9]{{3}}(?![0-9*])")
_NEW_ENERGY = re.compile(rf"[a-hjk][{_LETTERS}0-9][0-9]{{4}}|[0-9]{{5}}[a-hjk]")
_CUE = re.compile(r"(?:车牌|牌照|车号|号牌|车主|车辆|尾号|plate).{0,8}$")
_COMPOUND = re.compile(r"(?:[最全更崭创刷翻重]|阿里|百度|腾讯|华为|多|上)$")


def plates(normal: NormalText) -> Iterator[tuple[int, int]]:
    """Yields the spans of the normal form that are plates.

    Five characters with three digits and two letters at most, six for new energy, four before 警
    学挂领港澳; embassies (使) and consulates (领) by six digits where a car is spoken of.
    """
    text = normal.text
    for match in _PLATE.finditer(text):
        if _is_plate(normal, match):
            yield match.span()
    for pattern in (_MISSION, _CONSULATE):
        for match in pattern.finditer(text):
            if _CUE.search(text[max(0, match.start() - 12) : match.start()]):
                yield match.span()


def _is_plate(normal: NormalText, match: re.Match[str]) -> bool:
    number = match[4]
    digits = sum("0" <= character <= "9" for character in number)
    letters = sum("a" <= character <= "z" for character in number)
    if digits < 3 or letters > 2:
        return False
    if len(number) == 6 and _NEW_ENERGY.fullmatch(number) is None:
        return False
    if match[1] not in _WORDS:
        return True
    before = normal.text[max(0, match.start() - 12) : match.start()]
    if _CUE.search(before):
        return True
    if _COMPOUND.search(before):
        return False
    start, end = normal.original_span(match.start(2), match.end(2))
    return bool(match[3].strip()) or normal.original[start:end].isupper()
