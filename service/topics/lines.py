"""Posts of a file for a fit: JSON lines of which no more than a text is asked."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from crawlers.jsonl import MAX_LINE, Line, lines_of, unpacked
from nlp import normalize, whole_text
from nlp.text.tokenizer import Tokenizer
from nlp.topics import TopicPost, content_words
from service.errors import InvalidInput

_NAMED = 5
_TELL_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class FilePosts:
    """The posts of a file, and (file:line, reason) of the lines that are none."""

    posts: tuple[TopicPost, ...]
    rejected: tuple[tuple[str, str], ...]


def read_posts(
    path: Path, tokenizer: Tokenizer, *, most: int, told: Callable[[int], None] = lambda _: None
) -> FilePosts:
    """At most that many posts of a JSON lines file, plain or gzip; their words cut by `tokenizer`.

    A line has `text`, and may have `title`, `published_at` with a zone, `author` (a string, or an
    object with `id`) and `native_id`. Raises InvalidInput when no line is a post, OSError.
    """
    posts: list[TopicPost] = []
    rejected: list[tuple[str, str]] = []
    for line in _lines(path):
        read = _post(line, tokenizer)
        if isinstance(read, str):
            rejected.append((f"{path}:{line.number}", read))
            continue
        posts.append(read)
        if len(posts) % _TELL_EVERY == 0:
            told(len(posts))
        if len(posts) == most:
            break
    if not posts:
        raise InvalidInput(
            f"{path}: no post in it; each line is a JSON object with at least `text`",
            errors=rejected[:_NAMED],
        )
    return FilePosts(tuple(posts), tuple(rejected))


def _lines(path: Path) -> Iterator[Line]:
    """The lines that are not blank."""
    number = 0
    try:
        with path.open("rb") as file:
            for line in lines_of(unpacked(file)):
                number = line.number
                if line.too_long or line.data.strip():
                    yield line
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput(f"{path}:{number + 1}: the gzip file is cut off or damaged") from error


def _post(line: Line, tokenizer: Tokenizer) -> TopicPost | str:
    """The post of a line, or what is wrong with it."""
    if line.too_long:
        return f"longer than {MAX_LINE} bytes"
    try:
        data = orjson.loads(line.data)
    except orjson.JSONDecodeError as error:
        return f"is no JSON: {error}"
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        return "an object with `text`, a string"
    title = data.get("title")
    text = whole_text(data["text"], title=title if isinstance(title, str) else None)
    return TopicPost(
        id=str(data.get("native_id") or f"line {line.number}"),
        words=content_words(tokenizer.tokens(normalize(text).text)),
        author=_author(data.get("author")),
        at=_instant(data.get("published_at")),
    )


def _author(author: Any) -> str | None:
    if isinstance(author, dict):
        author = author.get("id")
    return author if isinstance(author, str) and author else None


def _instant(said: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(said) if isinstance(said, str) else None
        return None if instant is None or instant.utcoffset() is None else instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
