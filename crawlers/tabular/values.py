"""What people and programs write into cells, read as what it means: times, counts, stars, ticks."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crawlers.post import Channel
from crawlers.tabular.row import Cell
from crawlers.tally import read_tally

_SERIAL_FROM, _SERIAL_TO = 20_000, 80_000
"""1954 to 2119 as days of a workbook, which count from the last days of 1899."""
_SERIAL_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - the wall clock of whoever wrote the sheet
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_FROM, _SECONDS_TO = 631_152_000, 4_102_444_800
"""1990 to 2100 in seconds since 1970."""

_CLOCK = (
    r"(?:\s*(?P<noon>上午|下午|晚上|凌晨|中午|AM|PM))?"
    r"\s*(?P<hour>\d{1,2})\s*[:：时点]\s*(?P<minute>\d{1,2})?\s*分?"
    r"(?:\s*[:：]?\s*(?P<second>\d{1,2})(?:[.,](?P<part>\d{1,9}))?\s*秒?)?"
    r"(?:\s*(?P<after>AM|PM))?"
)
_WALL = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    rf"(?:[T,\s]*{_CLOCK})?",
    re.IGNORECASE,
)
_LATE = frozenset({"下午", "晚上", "pm"})
_EARLY = frozenset({"上午", "凌晨", "am"})
_DAY_FIRST = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_LONGEST = 60

_COUNT = re.compile(r"\d+(?:\.\d+)?\s*(?:万|亿|千|w|k|m)?\s*\+?", re.IGNORECASE)
_NOTHING = frozenset({"", "-", "--", "—", "/", "n/a", "na", "null", "none", "nan", "无"})
_STARS = re.compile(r"(?P<stars>\d+(?:\.\d+)?)\s*(?:星|stars?|分|/\s*5(?:\.0)?)?", re.IGNORECASE)
_YES = frozenset(
    {"true", "yes", "y", "1", "是", "有", "√", "✓", "已认证", "认证", "v", "蓝v", "黄v"}
)
_NO = frozenset({"false", "no", "n", "0", "否", "无", "×", "未认证", "普通用户"})
_CHANNELS = {
    **{channel.value: channel for channel in Channel},
    "社交": Channel.SOCIAL,
    "社交媒体": Channel.SOCIAL,
    "社媒": Channel.SOCIAL,
    "应用内": Channel.IN_APP,
    "app": Channel.IN_APP,
    "第三方": Channel.THIRD_PARTY,
    "第三方平台": Channel.THIRD_PARTY,
    "新闻": Channel.NEWS,
    "媒体": Channel.NEWS,
    "群聊": Channel.CHAT_GROUP,
    "社群": Channel.CHAT_GROUP,
    "微信群": Channel.CHAT_GROUP,
    "自有": Channel.OWNED,
    "官方": Channel.OWNED,
}


def text_of(cell: Cell) -> str | None:
    """The cell as text, None for an empty one; a whole number has no point in it."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    text = str(cell)
    return text if text.strip() else None


def instant_of(cell: Cell, zone: ZoneInfo) -> datetime | None:
    """The instant in UTC, None for an empty cell; one that names no zone is of `zone`.

    Read are ISO 8601, the forms with 年月日, `/` or `.` (year first), 上午 and PM, a workbook's
    own dates and their serial numbers, and seconds or milliseconds since 1970. Raises ValueError.
    """
    if isinstance(cell, datetime):
        return _placed(cell, zone)
    if isinstance(cell, bool):
        raise ValueError(f"{cell} is no time")
    if isinstance(cell, int | float):
        return _numbered(_float(cell), zone)
    text = (cell or "").strip()
    if text.casefold() in _NOTHING:
        return None
    if len(text) > _LONGEST:
        raise ValueError(f"{text[:40]!r}… is no time")
    if re.fullmatch(r"\d{5}(?:\.\d+)?|\d{10}(?:\.\d+)?|\d{13}", text):
        return _numbered(float(text), zone)
    try:
        return _placed(datetime.fromisoformat(text), zone)
    except ValueError:
        return _placed(_wall(text), zone)


def count_of(cell: Cell) -> int | None:
    """A counter, None for an empty cell: 1,234 and 1.2万 and 3k and 10w+. Raises ValueError."""
    if isinstance(cell, bool | datetime):
        raise ValueError(f"{cell} is no number")
    if isinstance(cell, int | float):
        if not math.isfinite(_float(cell)) or cell < 0:
            raise ValueError(f"{cell} is no count")
        return round(cell)
    text = (cell or "").strip().replace(",", "").replace("，", "")
    if text.casefold() in _NOTHING:
        return None
    count = read_tally(text) if len(text) <= _LONGEST and _COUNT.fullmatch(text) else None
    if count is None:
        raise ValueError(f"{text[:40]!r} is no count, such as 1,234 or 1.2万")
    return count


def rating_of(cell: Cell) -> float | None:
    """Stars from 1 to 5, None for an empty cell: 4, 4.5星, 5/5, ★★★☆☆. Raises ValueError."""
    if isinstance(cell, bool | datetime):
        raise ValueError(f"{cell} is no rating")
    if isinstance(cell, int | float):
        return _float(cell)
    text = (cell or "").strip()
    if text.casefold() in _NOTHING:
        return None
    if set(text) <= {"★", "☆", "⭐", "\ufe0f"}:
        return float(text.count("★") + text.count("⭐"))
    found = _STARS.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise ValueError(f"{text[:40]!r} is no rating, such as 4 or 4.5星")
    return float(found["stars"])


def flag_of(cell: Cell) -> bool | None:
    """Yes or no, None for an empty cell. Raises ValueError."""
    if isinstance(cell, bool):
        return cell
    text = (text_of(cell) or "").strip().casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if text in _NOTHING:
        return None
    raise ValueError(f"{text[:40]!r} is neither yes nor no")


def channel_of(cell: Cell) -> str | None:
    """A channel by its id or its Chinese name, None for an empty cell. Raises ValueError."""
    text = (text_of(cell) or "").strip().casefold()
    if text in _NOTHING:
        return None
    if text not in _CHANNELS:
        known = ", ".join(channel.value for channel in Channel)
        raise ValueError(f"{text[:40]!r} is no channel; there are {known}")
    return _CHANNELS[text].value


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError as error:
        raise ValueError("is too large a number") from error


def _placed(instant: datetime, zone: ZoneInfo) -> datetime:
    try:
        aware = instant if instant.utcoffset() is not None else instant.replace(tzinfo=zone)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{instant.isoformat()} lies outside the calendar") from error


def _numbered(number: float, zone: ZoneInfo) -> datetime:
    if _SERIAL_FROM <= number < _SERIAL_TO:
        # A serial number is cut in its last places: to the second it is what was typed.
        return _placed(_SERIAL_ZERO + timedelta(seconds=round(number * 86_400)), zone)
    if _SECONDS_FROM <= number < _SECONDS_TO:
        return _EPOCH + timedelta(milliseconds=round(number * 1_000))
    if _SECONDS_FROM <= number / 1_000 < _SECONDS_TO:
        return _EPOCH + timedelta(milliseconds=round(number))
    raise ValueError(f"{number:g} is no time: neither a date of a workbook nor seconds since 1970")


def _wall(text: str) -> datetime:
    found = _WALL.fullmatch(text)
    if found is None:
        if _DAY_FIRST.match(text):
            raise ValueError(f"{text[:40]!r}: day or month first? Write the year first")
        raise ValueError(f"{text[:40]!r} is no time, such as 2026-03-01 12:30:05")
    hour = int(found["hour"] or 0)
    half = (found["noon"] or found["after"] or "").lower()
    if half == "晚上" and hour == 12:
        raise ValueError(f"{text[:40]!r}: noon or midnight, and of which day? Write 00:05 or 12:05")
    if (half in _LATE and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in _EARLY and hour == 12:
        hour = 0
    try:
        return datetime(  # noqa: DTZ001 - placed in its zone by the caller
            int(found["year"]),
            int(found["month"]),
            int(found["day"]),
            hour,
            int(found["minute"] or 0),
            int(found["second"] or 0),
            int((found["part"] or "0")[:6].ljust(6, "0")),
        )
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is no time: {error}") from error
