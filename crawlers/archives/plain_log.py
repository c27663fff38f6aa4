"""Plain chat logs, as programs export and people copy them: a heading a message, then its lines.

    2026-03-01 12:30:05 小满            the time and who, the words below (QQ, WeCom, many tools)
    小满 2026-03-01 12:30               who and the time, the words below (copied from WeChat)
    [2026-03-01 12:30:05] 小满: 好       all in one line, the time in brackets
    2026/3/1 12:30 - 小满: 好            all in one line

One log keeps to one layout, which is told by its first lines; a line that has no heading belongs
to the message before it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from crawlers.jsonl import Line
from crawlers.tabular.values import instant_of
from crawlers.wire import MAX_TEXT

_STAMP = (
    r"(?P<at>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T,，]{1,3}"
    r"(?:(?:上午|下午|晚上|凌晨|中午|AM|PM) ?)?\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?: ?[AP]M)?)"
)
_LONGEST_NAME = 64
_HEADING_WITHIN = 250
_SAMPLE_LINES = 500
_MOST_TURNS = 1_000


class Layout(StrEnum):
    """Where the time, the name and the words stand."""

    TIME_NAME = "time_name"
    NAME_TIME = "name_time"
    BRACKETS = "brackets"
    ONE_LINE = "one_line"


_SAID = r"(?P<name>[^:：\s][^:：]{0,63}?)\s{0,3}[:：]\s?(?P<text>.*)"
_HEADINGS = {
    Layout.BRACKETS: re.compile(rf"[\[【]{_STAMP}[\]】]\s{{0,3}}{_SAID}", re.DOTALL),
    Layout.ONE_LINE: re.compile(rf"{_STAMP}\s{{0,3}}[-–,，]?\s{{0,3}}{_SAID}", re.DOTALL),
    Layout.TIME_NAME: re.compile(
        rf"{_STAMP}\s{{1,4}}(?P<name>[^\s:：][^:：\r\n]{{0,80}}?)\s{{0,4}}[:：]?\s{{0,4}}"
    ),
    Layout.NAME_TIME: re.compile(rf"(?P<name>\S[^\r\n]{{0,80}}?)\s{{1,4}}{_STAMP}\s{{0,4}}"),
}
"""The more particular ones first: a line counts for the first that it fits."""

_ACCOUNT = re.compile(r"(?P<name>.*?)\s*[(<（](?P<id>[^()<>（）\s]{3,64})[)>）]")
_SYSTEM = frozenset({"系统消息", "系统通知", "system", "10000", "1000000"})
_NOTICE = re.compile(
    r".{0,60}(?:撤回了一条(?:成员)?消息|加入了?(?:本)?群聊?|(?:退出|移出)了?群聊|修改群名为.{0,60}"
    r"|拍了拍.{0,40}|(?:开启|关闭)了.{0,20}(?:验证|确认)|recalled a message"
    r"|joined (?:the|this) group|left the group|changed the group name.{0,60})[。.！!”\"」]?",
    re.IGNORECASE,
)
_MEDIA = re.compile(
    r"(?:\s*(?:[\[<【](?:图片|媒体|语音|视频|动画表情|表情包|文件|链接|位置|名片|红包|转账|聊天记录|小程序"
    r"|照片|语音通话|视频通话|photo|image|video|voice|audio|sticker|file|location|media omitted"
    r"|(?:image|video|audio|sticker) omitted)[^\]>】]{0,80}[\]>】]))+\s*",
    re.IGNORECASE,
)


@dataclass(slots=True)
class LogMessage:
    """One message: the line and the byte that it begins at, and the byte behind it."""

    number: int
    start: int
    at: str
    name: str
    lines: list[str] = field(default_factory=list)
    end: int = 0
    size: int = 0
    followed: bool = False
    """Whether another message begins behind it, so that nothing can be added to it."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip()

    def add(self, line: str, *, end: int) -> None:
        """Take a line; what is beyond the longest text is not kept, only noticed."""
        self.end = end
        if self.size <= MAX_TEXT:
            self.lines.append(line[: MAX_TEXT + 1])
            self.size += len(line) + 1

    @property
    def mark(self) -> str:
        """A digest of what is known of it so far."""
        raw = f"{self.at}\x1f{self.name}\x1f{self.text}".encode("utf-8", "surrogatepass")
        return hashlib.sha256(raw).hexdigest()[:16]


@dataclass(slots=True)
class Numbering:
    """Counts an author's messages of one moment, which are told apart by nothing else."""

    at: str = ""
    turns: dict[str, int] = field(default_factory=dict)

    def next(self, message: LogMessage, *, zone: ZoneInfo) -> int:
        """The turn of the message among its author's at that moment, from 0."""
        try:
            moment = sent_at(message, zone).isoformat()
        except ValueError:
            moment = message.at
        if moment != self.at:
            self.at, self.turns = moment, {}
        account = who(message.name)[1]
        key = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        turn = self.turns.get(key, 0)
        if turn or len(self.turns) < _MOST_TURNS:
            self.turns[key] = turn + 1
        return turn

    def copy(self) -> Numbering:
        return Numbering(self.at, dict(self.turns))


def layout_of(lines: Iterable[str]) -> Layout | None:
    """The layout that most of the first lines are headings of; None where none is."""
    counts: dict[Layout, int] = {}
    for number, line in enumerate(lines):
        if number >= _SAMPLE_LINES:
            break
        found = next((item for item in _HEADINGS if _heading(line, item)), None)
        if found is not None:
            counts[found] = counts.get(found, 0) + 1
    return max(counts, key=lambda item: counts[item], default=None)


def messages_of(
    lines: Iterable[Line], layout: Layout, *, encoding: str, start: int
) -> Iterator[LogMessage]:
    """The messages in the lines, the first of which begins at byte `start`; what stands before the
    first heading is passed over. The last one may still be written to: it is not `followed`.
    """
    current: LogMessage | None = None
    begin = start
    for line in lines:
        text = "" if line.too_long else decoded(line.data, encoding)
        heading = _heading(text, layout)
        if heading is not None:
            if current is not None:
                current.followed = True
                yield current
            said = heading.groupdict().get("text")
            current = LogMessage(
                number=line.number,
                start=begin,
                at=heading["at"],
                name=heading["name"].strip(),
                end=line.end,
            )
            if said is not None:
                current.add(said, end=line.end)
        elif current is not None:
            current.add(text, end=line.end)
        begin = line.end
    if current is not None:
        yield current


def wire_of_message(
    message: LogMessage, *, turn: int, source: str, room: str, zone: ZoneInfo
) -> dict[str, Any] | None:
    """A message in the shape that `parse_post` reads; None for notices and bare pictures.

    Raises ValueError for a time that is none.
    """
    name, account = who(message.name)
    text = message.text
    if (
        not text
        or {name.casefold(), account.casefold()} & _SYSTEM
        or (len(text) < 200 and (_NOTICE.fullmatch(text) or _MEDIA.fullmatch(text)))
    ):
        return None
    published_at = sent_at(message, zone)
    raw = "\x1f".join((room, published_at.isoformat(), account))
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return {
        "source": source,
        "native_id": f"{digest}-{turn}",
        "published_at": published_at.isoformat(),
        "text": text,
        "author": {"id": account, "name": name},
        "channel": "chat_group",
        "extra": {"room": room},
    }


def sent_at(message: LogMessage, zone: ZoneInfo) -> datetime:
    """When the message was sent, in UTC. Raises ValueError."""
    found = instant_of(message.at, zone)
    if found is None:
        raise ValueError("has no time")
    return found


def who(name: str) -> tuple[str, str]:
    """Name and account of `小满(10001)` or `小满<xm@a.example>`; a bare name is both."""
    found = _ACCOUNT.fullmatch(name)
    if found is None:
        return name, name
    return found["name"] or found["id"], found["id"]


def encoding_of_lines(lines: Iterable[Line]) -> str:
    """UTF-8 where the first lines are, else GB18030, as older programs on Windows write.

    All of them at once: two Chinese characters of the one may be letters of the other.
    """
    try:
        for line in lines:
            line.data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def decoded(data: bytes, encoding: str) -> str:
    """A line as text, without its break; a broken byte costs a character."""
    data = data.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
    return data.decode(encoding, "replace")


def _heading(text: str, layout: Layout) -> re.Match[str] | None:
    """The heading that a line is, or begins with. Bounded, whatever the line holds."""
    pattern = _HEADINGS[layout]
    if layout in (Layout.BRACKETS, Layout.ONE_LINE):
        found = pattern.match(text)
    else:
        found = pattern.fullmatch(text) if len(text) <= _HEADING_WITHIN else None
    if found is None or len(who(found["name"].strip())[0]) > _LONGEST_NAME:
        return None
    return found
