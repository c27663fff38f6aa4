"""Which encoding a text file has: by its byte order mark, else UTF-8, else GB18030 (with GBK)."""

from __future__ import annotations

import codecs
import io
from typing import IO

from crawlers.errors import UnreadableFile

UTF8 = "utf-8"
GB18030 = "gb18030"
UTF16_LIMIT = 256 * 1024 * 1024

_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BLOCK = 1 << 20
_BINARY_HEAD = 4_096


def encoding_of(file: IO[bytes], *, name: str) -> str:
    """Read a seekable file to its end and name its encoding; the file stands at its start again.

    The whole file, since the first Chinese character may stand in its last row. Raises
    UnreadableFile for what is no text in any of them.
    """
    file.seek(0)
    head = file.read(_BINARY_HEAD)
    file.seek(0)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if head.count(0) > len(head) // 10:
        raise UnreadableFile(f"{name}: is no text; give CSV, JSON lines or XLSX")
    for encoding in (UTF8, GB18030):
        if _decodes(file, encoding):
            return encoding
    raise UnreadableFile(f"{name}: is neither UTF-8, UTF-16 nor GB18030; save it as UTF-8")


def as_utf8(file: IO[bytes], encoding: str, *, name: str) -> IO[bytes]:
    """A file whose lines end in one byte: UTF-16 is turned to UTF-8, all others stay as they are.

    Raises UnreadableFile when that cannot be done, or not in memory.
    """
    if not encoding.startswith("utf-16"):
        return file
    raw = file.read(UTF16_LIMIT + 1)
    if len(raw) > UTF16_LIMIT:
        raise UnreadableFile(f"{name}: more than {UTF16_LIMIT:,} bytes of UTF-16; save it as UTF-8")
    text = raw.decode(encoding, "replace").removeprefix("\ufeff")
    return io.BytesIO(text.encode("utf-8", "replace"))


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while block := file.read(_BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True
