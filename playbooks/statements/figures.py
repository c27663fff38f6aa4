"""Numbers, dates and times of day in a text, each with its place and a value to compare by.

Left out is what states no fact: telephone numbers, addresses on the web, opening hours, headings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4} | {
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}
_MEASURES = (
    "人|名|例|件|批次|批|家|起|台|部|辆|瓶|盒|箱|袋|次|倍|元|万|亿|小时|天|日|月|年|分钟|个|位|条"
    "|户|单|笔|款|座|岁|公里|吨"
)

_NO_FACT = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+\.\w+"  # addresses
    r"|(?<!\d)(?:\+?86[- ]?)?1\d{10}(?!\d)|(?<!\d)0\d{2,3}[- ]\d{7,8}(?!\d)"  # telephones
    r"|(?<!\d)(?:400|800)[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)|(?<!\d)(?:955|123|96)\d{2,3}(?!\d)"
    r"|\d{1,2}[:：]\d{2}\s*[-–—~至到]\s*\d{1,2}[:：]\d{2}"  # opening hours
    r"|24\s*小时(?=热线|服务|有人|客服|专线|在线|接听|值守)|7\s*[×x*]\s*24"
    r"|^\s*[（(]?\d{1,2}[.、)）](?!\d)",  # headings
    re.MULTILINE,
)
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_DATE = re.compile(
    r"(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"
    rf"|(?<!\d)(?P<en_day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<en_month>{'|'.join(_MONTHS)})\b(?:\s+(?P<en_year>\d{{4}}))?"
    r"|(?<!\d)(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})(?!\d)"
)
_TIME = re.compile(
    r"(?P<half>上午|下午|晚上|晚|凌晨|中午|傍晚)?\s*(?:(?<!\d)(?P<h>\d{1,2})[:：](?P<m>\d{2})(?!\d)"
    r"|(?<!\d)(?P<hour>\d{1,2})\s*[时点](?!间|半径)(?:\s*(?P<minute>\d{1,2})\s*分|(?P<half_past>半))?)"
)
_NUMBER = re.compile(
    r"(?<![\w.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<large>[万亿千百])?(?P<percent>[%％])?"
    r"|(?P<share>百分之)(?P<share_of>[零〇一二两三四五六七八九十百]+|\d+(?:\.\d+)?)"
    rf"|(?<![第星期周礼拜之上下一二两三四五六七八九十百千万])(?P<han>[零〇一二两三四五六七八九十百千万亿]+)多?余?(?={_MEASURES})",
    re.ASCII,
)
_AFTERNOON = ("下午", "晚上", "晚", "傍晚")

Value = tuple[str, object]
"""What kind of figure, and what it is; equal for every way of writing the same."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number (`number`, `percent`), a `date` (year or None, month, day) or a `time`."""

    start: int
    end: int
    value: Value


def figures(text: str) -> tuple[Figure, ...]:
    """Every figure of the text in order; places in code points, none within another."""
    flat = _same_length(text)
    taken = [match.span() for match in _NO_FACT.finditer(flat)]
    found: list[Figure] = []
    for pattern, read in ((_DATE, _date), (_TIME, _time), (_NUMBER, _number)):
        for match in pattern.finditer(flat):
            start, end = match.span()
            start += len(match[0]) - len(match[0].lstrip())
            end -= len(match[0]) - len(match[0].rstrip())
            if any(start < last and first < end for first, last in taken):
                continue
            value = read(match)
            if value is not None:
                taken.append((start, end))
                found.append(Figure(start, end, value))
    return tuple(sorted(found, key=lambda figure: figure.start))


def known_values(texts: Iterable[str]) -> frozenset[Value]:
    """The values of all figures of texts that are taken as true."""
    return frozenset(figure.value for text in texts for figure in figures(text))


def is_known(value: Value, known: frozenset[Value]) -> bool:
    """Whether a value is among the known ones; a date without its year agrees with any year."""
    if value in known:
        return True
    kind, what = value
    if kind != "date" or not isinstance(what, tuple):
        return False
    year, *day = what
    dates = (other for name, other in known if name == "date" and isinstance(other, tuple))
    return any(day == list(other[1:]) and None in (year, other[0]) for other in dates)


def han_number(text: str) -> int | None:
    """The number that Chinese numerals write, None where they write none."""
    total = section = digit = 0
    for character in text:
        if character in DIGITS:
            if digit:
                return None
            digit = DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        elif character in _LARGE:
            total += (section + digit or 1) * _LARGE[character]
            section = digit = 0
        else:
            return None
    return total + section + digit


def _same_length(text: str) -> str:
    """Full-width digits and signs as plain ones, every character in its place."""
    return "".join(_plain(text))


def _plain(text: str) -> Iterator[str]:
    for character in text:
        if character in "0123456789" or not "\uff01" <= character <= "\uff5e":
            yield character
        else:
            flat = normalize("NFKC", character)
            yield flat if flat.isdigit() else character


def _date(match: re.Match[str]) -> Value | None:
    parts = match.groupdict()
    if parts["en_month"]:
        month = 1 + _MONTHS.index(parts["en_month"])
        year, day = parts["en_year"], int(parts["en_day"])
    else:
        year = parts["year"] or parts["iso_year"]
        month = int(parts["month"] or parts["iso_month"])
        day = int(parts["day"] or parts["iso_day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return "date", (None if year is None else int(year), month, day)


def _time(match: re.Match[str]) -> Value | None:
    parts = match.groupdict()
    hour = int(parts["h"] or parts["hour"])
    minute = 30 if parts["half_past"] else int(parts["m"] or parts["minute"] or 0)
    if (parts["half"] in _AFTERNOON and hour < 12) or (parts["half"] == "中午" and hour < 11):
        hour += 12
    return ("time", (hour, minute)) if hour < 24 and minute < 60 else None


def _number(match: re.Match[str]) -> Value | None:
    parts = match.groupdict()
    if parts["share"]:
        told = parts["share_of"]
        share = Decimal(told) if told[0].isascii() else han_number(told)
        return None if share is None else ("percent", Decimal(share).normalize())
    if parts["han"]:
        number = han_number(parts["han"])
        # One of something is an article, 一万 and 一百 are numbers.
        return None if number is None or number <= 1 else ("number", Decimal(number).normalize())
    value = Decimal(parts["digits"].replace(",", ""))
    large = parts["large"]
    if large:
        value *= _LARGE.get(large) or _UNITS[large]
    return ("percent" if parts["percent"] else "number"), value.normalize()
