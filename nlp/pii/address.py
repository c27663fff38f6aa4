"""Postal addresses of mainland China, by the suffixes their parts end in."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Particles, pronouns and verbs no place is called by: a name of a place never holds one.
_NOT_IN_NAMES = "的了我你他她它们在到从往去是有与或被把给寄送住位于及距离这那哪每各第个为将至、"
_H = rf"(?:(?![{_NOT_IN_NAMES}])[\u3400-\u9fff])"
_NUMBER = r"(?:[0-9]{1,5}|[〇零一二三四五六七八九十百]{1,5})"
_CODE = (
    r"(?:[a-z]?[0-9]{1,5}[a-z]?|[a-z](?![a-z])|[〇零一二三四五六七八九十百甲乙丙丁东西南北中]{1,5})"
)
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东"
    "|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_ADMIN = (
    rf"(?P<admin>(?>(?:{_PROVINCES})(?:省|市|(?:维吾尔|壮族|回族)?自治区|特别行政区)?[ ,]?)?+"
    rf"(?>{_H}{{2,7}}?(?:自治州|地区|[市州盟])[ ,]?)?+"
    rf"(?>{_H}{{1,7}}?(?:新区|开发区|高新区|自治县|[市县旗]|(?<![小社校园景库专片])区)[ ,]?)?+"
    rf"(?>{_H}{{1,6}}?(?:街道办?|[镇乡])[ ,]?)?+)"
)
_ROAD = (
    rf"(?P<road>(?>{_H}{{1,8}}?(?:大道|大街|胡同|公路|马路|[路街巷道弄])"
    r"(?:[东西南北中]段?|[0-9一二三四五六七八九十]段)?)?+)[ ,]?"
    rf"(?P<house>(?>(?:{_NUMBER}弄 ?)?"
    rf"(?:{_NUMBER}(?:-{_NUMBER})?号(?!线|楼|门|机|店)院?(?:之[一二三四五六七八九十])?)[ ,]?)?+)"
)
_GROUNDS = "小区|花园|家园|公寓|新村|大厦|广场|宿舍|公馆|华庭|名苑|国际|中心|山庄|别墅"
_ESTATE = (
    rf"(?P<village>(?>{_H}{{1,7}}?(?:社区|[村屯庄](?!路|街))(?:{_NUMBER}[组社队])?[ ,]?)?+)"
    rf"(?P<estate>(?>{_H}{{1,9}}?(?:{_GROUNDS}|[苑城府园邸庭湾轩居阁里](?!{_GROUNDS}))"
    rf"(?:{_NUMBER}[期区])?(?:[东西南北][区苑])?[ ,]?)?+)"
)
_DOOR = (
    rf"(?P<number>(?>{_NUMBER}号(?![楼线门机店院])[ ,]?)?+)"
    rf"(?P<building>(?>{_CODE}(?:号楼|[栋幢座]|#楼?|楼(?!层|下|上|盘))[ ,\-]?)?+)"
    rf"(?P<unit>(?>{_CODE}单元[ ,\-]?)?+)"
    rf"(?P<floor>(?>{_NUMBER}[楼层][ ,]?)?+)"
    rf"(?P<room>(?>{_CODE}(?:室|房(?![间子])|户(?!人))"
    rf"|[a-z]?[0-9]{{3,4}}(?![0-9a-z*]|[年元人块%米万个号名家只]))?+)"
)
_ADDRESS = re.compile(_ADMIN + _ROAD + _ESTATE + _DOOR)
_ANCHOR = re.compile(rf"(?:{_NUMBER}|[a-z])(?:号|弄|栋|幢|座|单元|室|#|组|楼)|村")
# A cheap look first: one of these stands in every anchor.
_HINT = re.compile("[号弄栋幢座元室#组楼村]")
_NAME = re.compile(_H)
# Where an address begins when the words before it were taken for a part of its first name.
_BEGINNING = re.compile(_PROVINCES + "|(?<=电话|地址|住址|家居|居住|现住|收货|邮寄)")
_CUE = re.compile(
    r"(?:地址|住址|收货|收件|家住|住在|现住|居住|家居|住|寄到|寄往|送到|送货|邮寄|籍贯|户籍|位置|我家在?|家在|address)"
    r"[ :,;.\-是为在到于(]{0,4}$"
)
_REACH = 44


def addresses(normal: str) -> Iterator[tuple[int, int]]:
    """Yields the spans of a normal form that are addresses fine enough to find a door.

    A district with a street and a house number; a house number, village or estate with a building,
    unit or room; less than that (a street and a number, a village) only where an address is
    announced. A street, a district or a building alone is a place, not somebody's address.
    """
    if _HINT.search(normal) is None:
        return
    done = tried = 0
    for anchor in _ANCHOR.finditer(normal):
        low = max(done, tried, anchor.start() - _REACH)
        for name in _NAME.finditer(normal, low, anchor.start()):
            start = name.start()
            if start < done:
                continue
            match = _ADDRESS.match(normal, start)
            if match is not None and match.end() > start:
                span = _fine(normal, match)
                if span is not None:
                    yield span
                    done = span[1]
        tried = max(tried, anchor.start())


def _fine(normal: str, match: re.Match[str]) -> tuple[int, int] | None:
    """The span of the match, from its province on, when it is fine enough to find a door."""
    better = _BEGINNING.search(normal, match.start() + 1, match.end())
    if better is not None:
        again = _ADDRESS.match(normal, better.start())
        if again is not None and again.end() >= match.end():
            match = again
    cued = _CUE.search(normal[max(0, match.start() - 12) : match.start()]) is not None
    if not _is_fine(match, cued=cued):
        return None
    return match.start(), match.start() + len(match[0].rstrip(" ,-"))


def _is_fine(match: re.Match[str], *, cued: bool) -> bool:
    part = match.groupdict()
    door = bool(part["building"]) + bool(part["unit"]) + bool(part["room"])
    house = bool(part["house"] or part["number"])
    place = bool(part["road"] or part["estate"] or part["village"])
    if place and house and (part["admin"] or door):
        return True
    if place and door >= 2:
        return True
    if cued:
        return place and (house or door > 0 or bool(part["village"] and part["admin"]))
    return bool(part["admin"] and door >= 2)
