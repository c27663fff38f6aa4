"""Messages of WeCom's message archive (企业微信会话内容存档), decrypted, one JSON object a line.

The shape is that of the official documentation, path 91774. Only what people wrote in groups is
taken: no one-to-one talk unless wanted, no files or calls, and never who was there. A withdrawal is
the end of the message that it names.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crawlers.json_page import at, epoch_at, required_text, text_at
from crawlers.post import PostKey
from crawlers.wire import MAX_TITLE, present

_SENT = "send"
_WITHDRAWN = "recall"
_MILLISECONDS = 1_000
_MOST_ITEMS = 200
_SPOKEN = frozenset({"text", "markdown"})


def wire_of_archive(
    message: Mapping[str, Any], *, source: str, direct: bool = False
) -> dict[str, Any] | None:
    """A message in the shape that `parse_post` reads; None for one that is left out on purpose.

    `direct` takes one-to-one messages too. Raises KeyError, TypeError or ValueError for what is no
    message of the archive.
    """
    message = _inner(message)
    action, room = required_text(message, "action"), text_at(message, "roomid")
    if action != _SENT or (room is None and not direct):
        return None
    kind = required_text(message, "msgtype")
    text, title, url = _words(message, kind)
    if text is None:
        return None
    return {
        "source": source,
        "native_id": required_text(message, "msgid"),
        "published_at": epoch_at({"s": _milliseconds(message)}, "s"),
        "text": text,
        "title": title,
        "url": url,
        "author": {"id": required_text(message, "from")},
        "channel": "chat_group",
        "extra": present({"room": room, "kind": None if kind in _SPOKEN else kind}),
    }


def withdrawn_of_archive(message: Mapping[str, Any], *, source: str) -> PostKey | None:
    """The message that this one withdraws; None where it is no withdrawal.

    The archive keeps what was withdrawn: it was said, and is there no more. Raises KeyError for a
    withdrawal that names no message.
    """
    message = _inner(message)
    if message.get("action") != _WITHDRAWN and message.get("msgtype") != "revoke":
        return None
    return PostKey(source, required_text(message, "revoke", "pre_msgid"))


def _inner(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message itself: some programs keep it beside its number in the archive."""
    inner = message.get("msg")
    return inner if "msgtype" not in message and isinstance(inner, Mapping) else message


def _milliseconds(message: Mapping[str, Any]) -> float:
    value = message.get("msgtime")
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 17:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise KeyError("msgtime")
    return value / _MILLISECONDS


def _words(message: Mapping[str, Any], kind: str) -> tuple[str | None, str | None, str | None]:
    """Text, title and link of a message; no text where it has no words."""
    if kind == "text":
        return text_at(message, "text", "content"), None, None
    if kind == "markdown":
        text = text_at(message, "info", "content") or text_at(message, "markdown", "content")
        return text, None, None
    if kind == "link":
        title, told = text_at(message, "link", "title"), text_at(message, "link", "description")
        return told or title, _short(title), _web(text_at(message, "link", "link_url"))
    if kind == "weapp":
        title = text_at(message, "weapp", "title")
        return text_at(message, "weapp", "description") or title, _short(title), None
    if kind == "news":
        return _joined(message, ("info", "item"), ("title", "description")), None, None
    if kind == "docmsg":
        return text_at(message, "doc", "title"), None, None
    if kind == "vote":
        return text_at(message, "votetitle"), None, None
    if kind == "mixed":
        return _items(at(message, "mixed", "item"), kind="type"), None, None
    if kind == "chatrecord":
        title = text_at(message, "chatrecord", "title")
        return _items(at(message, "chatrecord", "item"), kind="type"), _short(title), None
    return None, None, None


def _items(items: Any, *, kind: str) -> str | None:
    """The texts among the parts of a message; what a part says is JSON inside a string."""
    lines = []
    for item in items[:_MOST_ITEMS] if isinstance(items, list) else ():
        if (text_at(item, kind) or "").lower() not in ("text", "chatrecordtext"):
            continue
        content = at(item, "content")
        if isinstance(content, str) and content.lstrip().startswith("{"):
            try:
                content = json.loads(content)
            except (ValueError, RecursionError):
                continue
        said = text_at(content, "content") if isinstance(content, Mapping) else content
        if isinstance(said, str) and said.strip():
            lines.append(said.strip())
    return "\n".join(lines) or None


def _joined(message: Mapping[str, Any], path: tuple[str, ...], keys: tuple[str, ...]) -> str | None:
    items = at(message, *path)
    lines = [
        said
        for item in (items[:_MOST_ITEMS] if isinstance(items, list) else ())
        for key in keys
        if (said := text_at(item, key)) is not None
    ]
    return "\n".join(lines) or None


def _short(title: str | None) -> str | None:
    return None if title is None else title[:MAX_TITLE]


def _web(url: str | None) -> str | None:
    """A link that can be kept: archives also hold addresses inside WeCom."""
    if url is None or not url.lower().startswith(("http://", "https://")) or not url.isprintable():
        return None
    return url[:4_096]
