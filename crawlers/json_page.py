"""JSON answers of sites: decoded, walked by path, and their rows read into posts one by one.

A source stays one short file with this: its `parse` is pure, takes the body and answers posts, or
raises UnreadableAnswer naming what is not as it used to be; `read_page` makes an outcome of that.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import orjson

from crawlers.errors import BadPost, UnreadableAnswer
from crawlers.post import Post
from crawlers.sign_in import describe_page
from crawlers.source import Blocked, Response, SchemaDrift
from crawlers.wire import parse_post

PageT = TypeVar("PageT")
Step = str | int

_IN_THREAD_FROM = 64 * 1024
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of one answer: posts in the site's order, (place, reason) of what is no post, and
    how many were left out on purpose."""

    posts: tuple[Post, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    left_out: int = 0


def decode_json(body: bytes) -> Any:
    """Decode JSON; raises ValueError or RecursionError for what is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        # orjson refuses lone surrogates, which cut-off emoji leave behind; they can be repaired.
        if b"\\u" not in body:
            raise
        return json.loads(body, parse_constant=_refuse_constant)


def decode_answer(body: bytes) -> Any:
    """Decode the body of an API's answer.

    Raises UnreadableAnswer for anything that is no JSON, with `login` set for a sign-in page.
    """
    try:
        return decode_json(body.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        if body.lstrip().startswith(b"<"):
            what, login = describe_page(body.decode("utf-8", "replace"), wanted="JSON")
            raise UnreadableAnswer(what, login=login) from error
        raise UnreadableAnswer(f"no JSON: {error}"[:200]) from error


async def read_page(
    answer: Response, parse: Callable[[bytes], PageT]
) -> PageT | Blocked | SchemaDrift:
    """What `parse` makes of the body, off the loop where it is long; its errors as outcomes."""
    try:
        if len(answer.body) >= _IN_THREAD_FROM:
            return await asyncio.to_thread(parse, answer.body)
        return parse(answer.body)
    except UnreadableAnswer as error:
        if error.login:
            return Blocked(reason=f"a page that asks to sign in or to prove oneself: {error}"[:300])
        return SchemaDrift(fields=error.fields)


def read_rows(
    rows: Iterable[Any],
    wire: Callable[[Mapping[str, Any]], Mapping[str, Any] | None],
    *,
    name: str = "row",
    expected: Sequence[str] = (),
) -> Rows:
    """Read every row through `wire`, which turns it into the shape that `parse_post` reads.

    `wire` answers None for a row that is left out on purpose, and may raise KeyError, TypeError or
    ValueError for one that is not as it should be; such rows are named as rejected, by `name` and
    place from 1. A key of `expected` that no row has is named too: posts still come, without what
    it used to bring. Raises UnreadableAnswer when no row at all can be read.
    """
    posts: list[Post] = []
    rejected: list[tuple[str, str]] = []
    present: set[str] = set()
    left_out = 0
    for number, row in enumerate(rows, 1):
        try:
            if not isinstance(row, Mapping):
                raise TypeError(f"is no object but {type(row).__name__}")
            present.update(key for key in expected if key in row)
            shaped = wire(row)
            if shaped is None:
                left_out += 1
            else:
                posts.append(parse_post(shaped))
        except KeyError as error:
            rejected.append((f"{name} {number}", f"{error.args[0]} is missing"))
        except (BadPost, TypeError, ValueError) as error:
            rejected.append((f"{name} {number}", str(error)[:300]))
    if rejected and not posts and not left_out:
        reasons = dict.fromkeys(reason for _, reason in rejected)
        raise UnreadableAnswer(*list(reasons)[:_MOST_NAMED])
    if posts:
        missing = [key for key in expected if key not in present]
        rejected += [(f"every {name}", f"{key} is missing") for key in missing]
    return Rows(posts=tuple(posts), rejected=tuple(rejected), left_out=left_out)


def at(data: Any, *path: Step) -> Any:
    """What stands at `path`; None where any step of it leads nowhere."""
    for step in path:
        if isinstance(step, int):
            reachable = isinstance(data, list) and -len(data) <= step < len(data)
        else:
            reachable = isinstance(data, Mapping) and step in data
        if not reachable:
            return None
        data = data[step]
    return data


def text_at(data: Any, *path: Step) -> str | None:
    """The text at `path`, also of a number; None where there is none or it is blank."""
    return text_of(at(data, *path))


def text_of(value: object) -> str | None:
    """A text without blanks around it, also of a number; None for what is none or blank."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    return value.strip() or None if isinstance(value, str) else None


def required_text(data: Any, *path: Step) -> str:
    """The text at `path`; raises KeyError with the dotted path where there is none."""
    value = text_at(data, *path)
    if value is None:
        raise KeyError(".".join(map(str, path)))
    return value


def count_at(data: Any, *path: Step) -> int | None:
    """The whole number at `path`, also where it is written as text; None where it is none."""
    value = at(data, *path)
    if isinstance(value, str):
        value = value.strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value >= 0 else None


def epoch_at(data: Any, *path: Step) -> str:
    """The instant at `path`, seconds since 1970, in ISO 8601; raises KeyError or ValueError."""
    value = at(data, *path)
    if isinstance(value, str):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise KeyError(".".join(map(str, path)))
    try:
        return datetime.fromtimestamp(value, UTC).isoformat()
    except (OverflowError, OSError) as error:
        raise ValueError(f"{value} is no time since 1970") from error


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")
