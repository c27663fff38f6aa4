"""Archives of chat groups as a source: WeCom's message archive and plain logs, from a file.

The operator exports them and answers for the right to: WeCom archives with its members' consent.
Names of authors go the way of every author's: encrypted in the service, and never shown.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from crawlers.archives import (
    Layout,
    LogMessage,
    Numbering,
    decoded,
    encoding_of_lines,
    layout_of,
    messages_of,
    wire_of_archive,
    wire_of_message,
    withdrawn_of_archive,
)
from crawlers.errors import BadPost
from crawlers.json_page import decode_json
from crawlers.jsonl import MAX_LINE, Line, RejectedLine, lines_of, unpacked
from crawlers.kind import Basis, SourceKind
from crawlers.post import Channel, Post, PostKey
from crawlers.setting import TimeZone
from crawlers.source import (
    Cursor,
    Failed,
    Fetcher,
    FetchResult,
    Ok,
    OkEmpty,
    SchemaDrift,
    is_misread,
)
from crawlers.sources.jsonl import JsonlSettings, JsonlSource, head_of, position_of
from crawlers.wire import parse_post

_SAMPLE = 500


class ArchiveForm(StrEnum):
    """What the file is; `auto` is told by its first character."""

    AUTO = "auto"
    WECOM = "wecom"
    PLAIN = "plain"


class ChatArchiveSettings(BaseModel):
    """`room` names the group of a plain log and is part of its messages' ids: keep it when the
    file is moved. `timezone` is that of a plain log's clock. `direct` takes one-to-one messages of
    WeCom too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    form: ArchiveForm = ArchiveForm.AUTO
    source: str | None = Field(default=None, min_length=1, max_length=200)
    room: str | None = Field(default=None, min_length=1, max_length=200)
    timezone: TimeZone = "Asia/Shanghai"
    direct: bool = False
    batch: int = Field(default=500, ge=1, le=10_000)


class ChatArchiveSource:
    """Follows an archive that may still be written to."""

    def __init__(self, name: str, settings: ChatArchiveSettings) -> None:
        self._name = name
        self._settings = settings
        self._wecom = JsonlSource(
            name,
            JsonlSettings(path=settings.path, batch=settings.batch),
            read=partial(_read_archived, source=settings.source or "wecom", direct=settings.direct),
        )
        self._plain = PlainLog(settings)

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Take the next messages; a last one that may go on is taken again when it has grown."""
        try:
            form = self._settings.form
            if form is ArchiveForm.AUTO:
                form = await asyncio.to_thread(_told, self._settings.path)
            if form is ArchiveForm.WECOM:
                return await self._wecom.pull(cursor, fetcher)
            return await asyncio.to_thread(self._plain.pull, cursor or {})
        except FileNotFoundError:
            return Failed(reason=f"{self._settings.path}: no such file")
        except (OSError, EOFError, zlib.error) as error:
            return Failed(reason=f"{self._settings.path}: {type(error).__name__} {error}"[:300])


class PlainLog:
    """Reads a plain log from where a cursor stands.

    A cursor is the byte at which the message begins that is read next, its line, a digest of the
    head of the file, and how many messages of that moment each author has written before. The last
    message stays behind the cursor, with a mark of what it said: more of it may come.
    """

    def __init__(self, settings: ChatArchiveSettings) -> None:
        self._settings = settings
        self._room = settings.room or Path(settings.path).name.partition(".")[0] or "room"
        self._zone = ZoneInfo(settings.timezone)

    def pull(self, cursor: Cursor) -> FetchResult:
        """The next messages. Raises OSError, EOFError and zlib.error for what cannot be read."""
        with Path(self._settings.path).open("rb") as raw:
            file = unpacked(raw)
            layout, encoding = _understood(file)
            if layout is None:
                file.seek(0)
                if not file.read(1):
                    return OkEmpty(cursor={})
                return SchemaDrift(fields=("no line is a time with a name, in any known layout",))
            offset, number = position_of(cursor)
            if head_of(file, offset) != cursor.get("head"):
                cursor, offset, number = {}, 0, 0
            file.seek(offset)
            lines = lines_of(file, offset=offset, number=number)
            found = list(
                islice(
                    messages_of(lines, layout, encoding=encoding, start=offset),
                    self._settings.batch + 1,
                )
            )
            return self._taken(found, file, cursor)

    def _taken(self, found: list[LogMessage], file: IO[bytes], cursor: Cursor) -> FetchResult:
        more = len(found) > self._settings.batch
        taken = found[: self._settings.batch]
        numbering = _numbering(cursor)
        posts: list[Post] = []
        rejected: list[tuple[str, str]] = []
        mark: str | None = None
        for message in taken:
            before = numbering.copy()
            turn = numbering.next(message, zone=self._zone)
            if not message.followed:
                # It may go on: next time it is looked at again, counted as it is now.
                mark, numbering = message.mark, before
                if mark == cursor.get("mark"):
                    continue
            read = self._read(message, turn)
            if isinstance(read, Post):
                posts.append(read)
            elif read is not None:
                rejected.append((read.place, read.reason))
        if not taken:
            return OkEmpty(cursor=dict(cursor))
        last = taken[-1]
        stands, line = (
            (last.end, found[-1].number - 1)
            if last.followed
            else (
                last.start,
                last.number - 1,
            )
        )
        after = {
            "offset": stands,
            "line": line,
            "head": head_of(file, stands),
            "at": numbering.at,
            "turns": numbering.turns,
            "mark": mark,
        }
        hint = timedelta(0) if more else None
        if not posts and not rejected:
            return OkEmpty(cursor=after, hint=hint)
        return Ok(
            posts=tuple(posts),
            cursor=after,
            hint=hint,
            rejected=tuple(rejected),
            misread=is_misread(malformed=len(rejected), read=len(posts)),
        )

    def _read(self, message: LogMessage, turn: int) -> Post | RejectedLine | None:
        try:
            wire = wire_of_message(
                message,
                turn=turn,
                source=self._settings.source or "chat",
                room=self._room,
                zone=self._zone,
            )
            return None if wire is None else parse_post(wire)
        except (BadPost, ValueError) as error:
            place = f"{self._settings.path}:{message.number}"
            return RejectedLine(place=place, reason=str(error)[:300])


def chat_archive_source(
    name: str, settings: ChatArchiveSettings, now: Callable[[], datetime]
) -> ChatArchiveSource:
    """Build the source for the registry."""
    del now  # archives say when each message was sent
    return ChatArchiveSource(name, settings)


CHAT_ARCHIVE = SourceKind(
    settings=ChatArchiveSettings,
    build=chat_archive_source,
    summary="an archive of chat groups: WeCom message archive (JSON lines) or a plain log",
    basis=Basis.OPERATOR_EXPORT,
    channel=Channel.CHAT_GROUP,
    rate_limit=None,
    fields=("title", "url", "author.id", "author.name", "extra"),
)


def _read_archived(
    line: Line, *, name: str, source: str, direct: bool
) -> Post | PostKey | RejectedLine | None:
    place = f"{name}:{line.number}"
    if line.too_long:
        return RejectedLine(place=place, reason=f"longer than {MAX_LINE} bytes")
    data = line.data.strip().removeprefix(b"\xef\xbb\xbf")
    if not data:
        return None
    try:
        message = decode_json(data)
        if not isinstance(message, Mapping):
            raise TypeError("is no object")
        withdrawn = withdrawn_of_archive(message, source=source)
        if withdrawn is not None:
            return withdrawn
        wire = wire_of_archive(message, source=source, direct=direct)
        return None if wire is None else parse_post(wire)
    except KeyError as error:
        return RejectedLine(place=place, reason=f"{error.args[0]} is missing")
    except (BadPost, TypeError, ValueError, RecursionError) as error:
        return RejectedLine(place=place, reason=str(error)[:300])


def _told(path: str) -> ArchiveForm:
    with Path(path).open("rb") as raw:
        head = unpacked(raw).read(1_024)
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return ArchiveForm.WECOM if begin == b"{" else ArchiveForm.PLAIN


def _understood(file: IO[bytes]) -> tuple[Layout | None, str]:
    """The layout and the encoding of a log, by its first lines."""
    file.seek(0)
    sample = [line for line in islice(lines_of(file), _SAMPLE) if not line.too_long]
    encoding = encoding_of_lines(sample)
    return layout_of(decoded(line.data, encoding) for line in sample), encoding


def _numbering(cursor: Cursor) -> Numbering:
    at, turns = cursor.get("at"), cursor.get("turns")
    if not isinstance(at, str) or not isinstance(turns, Mapping):
        return Numbering()
    kept = {
        key: turn for key, turn in turns.items() if isinstance(key, str) and isinstance(turn, int)
    }
    return Numbering(at, kept)
