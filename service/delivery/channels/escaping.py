"""Text of others made harmless, one function for each mark-up.

Titles and reasons may hold words of crawled posts. Whatever they hold, the receiver shows letters:
nobody is mentioned, nothing is a link or a picture, no direction is turned, no line is begun. The
chat robots know no escape that all their clients honour, so signs of theirs become the full-width
signs that look alike; Slack and HTML have escapes, which are used.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable

Escape = Callable[[str], str]

_DROPPED = frozenset({"Cf", "Cs", "Co"})
"""Format characters (bidi controls, zero width, tags), lone surrogates, private use."""
_SPACED = frozenset({"Cc", "Zl", "Zp", "Zs"})
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
"""Letters by their category that show nothing."""
_RESERVED = re.compile("[\u2065\ufdd0-\ufdef\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""Not assigned and never shown; other unassigned ones may be characters newer than we know."""
_SCHEME = re.compile(r"(?<=[A-Za-z0-9+.-]):(?=//)")
_HOST_DOT = re.compile(r"(?<=\w)[.\u3002\uff61](?=[^\W\d_])")
_CHAT = str.maketrans(
    {
        "@": "＠",
        "<": "＜",
        ">": "＞",
        "[": "［",
        "]": "］",
        "*": "＊",
        "_": "＿",
        "`": "｀",
        "~": "～",
        "#": "＃",
        "|": "｜",
        "\\": "＼",
        "&": "＆",
        '"': "＂",  # JSON doubles it, and limits are of the whole body
    }
)
_SLACK_SIGNS = str.maketrans({"@": "＠", "*": "＊", "_": "＿", "`": "｀", "~": "～"})
_ENDING = frozenset(" \"'()<>[]\\^`{|}")
"""Could end an address early in one mark-up or another."""
_LINE_START = re.compile(r"^(?:[-+=]+|\d+[.)])(?=\s)")


def plain(text: str) -> str:
    """One line of visible characters: no controls, nothing invisible, no runs of spaces."""
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if category in _SPACED:
            kept.append(" ")
        elif category not in _DROPPED and not _shows_nothing(char):
            kept.append(char)
    return " ".join("".join(kept).split())


def _shows_nothing(char: str) -> bool:
    no_character = ord(char) & 0xFFFE == 0xFFFE
    return no_character or char in _FILLERS or _RESERVED.match(char) is not None


def unlinked(text: str) -> str:
    """`plain`, and no address that a client would make a link of by itself."""
    return _HOST_DOT.sub("．", _SCHEME.sub("：", plain(text)))


def quoted(text: str) -> str:
    """For plain text of which clients make links and mentions by themselves."""
    return unlinked(text).replace("@", "＠")


def chat(text: str) -> str:
    """For the markdown of DingTalk, Feishu and WeCom."""
    return _LINE_START.sub(lambda found: found[0] + "\u3000", unlinked(text).translate(_CHAT))


def slack(text: str) -> str:
    """For Slack's mrkdwn: `& < >` by its entities, its other signs full-width."""
    safe = unlinked(text).translate(_SLACK_SIGNS)
    return safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def web(text: str) -> str:
    """For HTML, in text and in attributes between quotes."""
    return html.escape(plain(text), quote=True)


def quoted_web(text: str) -> str:
    """`quoted`, for HTML."""
    return html.escape(quoted(text), quote=True)


def address(url: str) -> str:
    """A URL of our own as it may stand in any mark-up: what could end it early is encoded."""
    return "".join(
        char if char.isascii() and char.isprintable() and char not in _ENDING else _encoded(char)
        for char in url
    )


def _encoded(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
