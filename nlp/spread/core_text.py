"""What a post itself says: no links, mentions, or words of the site's own."""

from __future__ import annotations

import re

_QUOTE = re.compile(r"//\s?@([\w\-·]{1,30})\s?:")
_NOISE = re.compile(
    r"https?://[!-~]+|ww\.[!-~]+|@[\w\-·]{1,30}:?|o?网页链接|收起全文d?|展开全文c?|查看图片"
    r"|l[\w\-·]{1,30}的(?:微博|秒拍)视频"
)
# Closed hashtags, emoticons, and a hashtag at the end that was cut open or never closes.
_ASIDE = re.compile(r"#[^#]{1,60}#|\[[^\[\]\s]{1,5}\]|(?<![a-z\d])#[^#]{1,30}$")
_SPEECHLESS = re.compile(r"[\W_]+")
# What a site writes for somebody who shares without a word.
_BARE_SHARES = frozenset(
    ("", "转发微博", "转发", "转", "快转微博", "repost", "轉發微博", "分享图片")
)


def core_text(normal: str) -> str:
    """Letters and digits of what the post adds, or of what it quotes when it adds nothing.

    Empty when there are no words at all, or only a site's stock phrase for sharing.
    """
    parts = _parts(normal)
    return parts[0][1] if parts else ""


def compared(normal: str) -> str:
    """The part of a text in normal form by which it is compared with others.

    What the post adds to what it quotes (`//@name:`); where it adds less than it quotes, all of
    it, without the names: a few words before somebody's text leave it the same text. Empty where
    `core_text` is.
    """
    parts = _parts(normal)
    if not parts:
        return ""
    if len(parts[0][1]) >= sum(len(core) for _, core in parts[1:]):
        return parts[0][0]
    return " ".join(part for part, _ in parts)


def quoted_names(normal: str) -> tuple[str, ...]:
    """The names in front of what a text in normal form quotes, whom it was seen at first."""
    return tuple(_QUOTE.findall(normal))


def letters(speech: str) -> str:
    """The letters and digits of a text, whatever they stand for."""
    return _SPEECHLESS.sub("", speech)


def without_asides(speech: str) -> str:
    """The text outside of #hashtags# and [emoticons], or all of it when there are no words."""
    rest = _ASIDE.sub(" ", speech)
    return rest if letters(rest) else speech


def _parts(normal: str) -> list[tuple[str, str]]:
    """What the post adds and each part of what it quotes, where there are words: text, letters."""
    parts = [_NOISE.sub(" ", part) for part in _QUOTE.split(normal)[::2]]
    return [(part, core) for part in parts if (core := letters(part)) not in _BARE_SHARES]
