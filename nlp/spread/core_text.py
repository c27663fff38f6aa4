"""What a post itself says: no links, mentions, quoted chain, or words of the site's own."""

from __future__ import annotations

import re

_QUOTE = re.compile(r"//\s?@[\w\-·]{1,30}\s?:")
_NOISE = re.compile(
    r"https?://[!-~]+|ww\.[!-~]+|@[\w\-·]{1,30}:?|o?网页链接|收起全文d?|展开全文c?|查看图片"
    r"|l[\w\-·]{1,30}的(?:微博|秒拍)视频"
)
_SPEECHLESS = re.compile(r"[\W_]+")
# What a site writes for somebody who shares without a word.
_BARE_SHARES = frozenset(
    ("", "转发微博", "转发", "转", "快转微博", "repost", "轉發微博", "分享图片")
)


def core_text(normal: str) -> str:
    """Letters and digits of what the post adds, or of what it quotes when it adds nothing.

    Empty when there are no words at all, or only a site's stock phrase for sharing.
    """
    for part in _QUOTE.split(normal):
        core = _SPEECHLESS.sub("", _NOISE.sub(" ", part))
        if core not in _BARE_SHARES:
            return core
    return ""
