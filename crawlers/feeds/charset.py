"""Bytes to text when the declared encoding cannot be trusted.

Order: byte order mark; the pattern of NULs of UTF-16 and UTF-32; valid UTF-8, whatever is declared,
since other encodings do not happen to be valid UTF-8; the declared encodings where they decode
without error; then the best guess for a Chinese site. A tail that was cut within a character is
not held against an encoding.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)

# What people declare, and the superset that they use.
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
}
_TEXTUAL = ("gb", "big5", "hz", "iso2022", "cp", "iso8859", "koi8", "euc", "shift", "mac", "johab")
_ASCII_BYTES = ("hz", "iso2022")
_WESTERN = frozenset({"cp1252", "iso8859-15"})
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_SAMPLE = 65_536


def decode(body: bytes, *, content_type: str = "") -> str:
    """Decode a document; never raises, unreadable bytes become U+FFFD."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    wide = _wide(body)
    if wide is not None:
        return body.decode(wide, "replace")
    declared = _declared(body, content_type)
    for encoding in declared:
        if encoding.startswith(_ASCII_BYTES):
            return body.decode(encoding, "replace")
    for encoding in ("utf-8", *_plausible(declared, body)):
        text = _exact(body, encoding)
        if text is not None:
            return text
    return _least_broken(body, ["utf-8", "gb18030", *declared])


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the NULs of its ASCII stand."""
    head = body[:64]
    if len(head) < 8 or head.count(0) < len(head) // 4:
        return None
    if head[:3] == b"\0\0\0":
        return "utf-32-be"
    if head[1:4] == b"\0\0\0":
        return "utf-32-le"
    return "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le"


def _declared(body: bytes, content_type: str) -> list[str]:
    """The encodings named by the document and by the header, as Python knows them."""
    names = [match.group(1).decode() for match in [_XML_ENCODING.search(body[:1_024])] if match]
    names += _CHARSET.findall(content_type)
    known: list[str] = []
    for name in names:
        try:
            info = codecs.lookup(name)
        except (LookupError, ValueError):
            continue
        # Python also knows codecs such as hex and unicode_escape; UTF-16 has been told by its NULs.
        if info.name.startswith(_TEXTUAL) or info.name == "ascii":
            known.append(_SUPERSETS.get(info.name, info.name))
    return list(dict.fromkeys(known))


def _plausible(declared: list[str], body: bytes) -> list[str]:
    """The encodings to try in order.

    A one-byte encoding fits any bytes. So where a western one is declared and the high bytes come
    in runs, as no western language has them, Chinese goes first.
    """
    chinese = ["gb18030", "big5hkscs"]
    if declared and declared[0] in _WESTERN:
        runs = [len(run) for run in _HIGH_RUN.findall(body[:_SAMPLE])]
        if 2 * sum(run for run in runs if run >= 4) > sum(runs):
            return [*chinese, *declared]
    return [*declared, *chinese]


def _exact(body: bytes, encoding: str) -> str | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        return decoder.decode(body, final=False)
    except UnicodeError:
        return None


def _least_broken(body: bytes, encodings: list[str]) -> str:
    texts = [body.decode(encoding, "replace") for encoding in dict.fromkeys(encodings)]
    return min(texts, key=lambda text: text.count("\ufffd"))
