"""E-mail addresses, also with the at sign and the dots spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LOCAL = r"(?<![a-z0-9._%+\-*])(?<!\*@)[a-z0-9][a-z0-9._%+-]{0,63}"
_DOT = r"(?:[.。]| ?[\[({<【「] ?(?:dot|点) ?[\])}>】」] ?| dot | ?点 ?)"
_HOSTS = (
    r"(?:qq|vip\.qq|163|vip\.163|126|139|189|yeah|sina|sohu|foxmail|aliyun|gmail|outlook|hotmail|live"
    r"|yahoo|icloud|protonmail|21cn|tom)"
)
_PLAIN = re.compile(
    _LOCAL + r"@(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,8}((?:xn--[a-z0-9-]{1,59})|[a-z]{2,24})"
    r"(?![a-z0-9@]|[.\-][a-z0-9]|:[a-z0-9~/])"
)
_SPELLED = re.compile(
    _LOCAL + r"(?: ?[\[({<【「] ?(?:at|@|艾特|圈a) ?[\])}>】」] ?| ?艾特 ?| at | ?@ ?|#)"
    rf"{_HOSTS}{_DOT}(?:com|net|cn|org|me)(?:{_DOT}cn)?(?![a-z0-9])"
)
# A cheap look first: few posts have a character at both sides of an at sign, or a host's ending.
_AT_SIGN = re.compile(r"[a-z0-9._%+-]@[a-z0-9]")
_ENDING = re.compile(r"(?:com|net|cn|org|me)(?![a-z0-9])")
# Endings that name a file or a version of it, not a domain.
_FILES = frozenset(
    ("png", "jpg", "jpeg", "gif", "webp", "svg", "js", "css", "py", "mp3", "mp4", "pdf", "json")
)


def email_addresses(normal: str) -> Iterator[tuple[int, int]]:
    """Yields the spans of a normal form that are e-mail addresses.

    Spelled out (`[at]`, 艾特, `#`, blanks) only with the host of a known provider of mailboxes.
    """
    if "@" in normal and _AT_SIGN.search(normal):
        for match in _PLAIN.finditer(normal):
            if match[1] not in _FILES:
                yield match.span()
    if _ENDING.search(normal):
        for match in _SPELLED.finditer(normal):
            yield match.span()
