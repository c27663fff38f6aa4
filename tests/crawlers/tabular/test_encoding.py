from __future__ import annotations

import io

import pytest

from crawlers.errors import UnreadableFile
from crawlers.tabular.encoding import as_utf8, encoding_of
from tests.crawlers.tabular.tables import rows_of

TEXT = "正文,时间\n山岚酸奶,2026-03-01\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_text_in_every_encoding(encoding: str) -> None:
    marks = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
    columns, rows = rows_of(marks.get(encoding, b"") + TEXT.encode(encoding))
    assert columns == ("正文", "时间")
    assert rows[0].cells == ["山岚酸奶", "2026-03-01"]


def test_chinese_that_comes_late_is_seen() -> None:
    data = b"a,b\n" + b"x,y\n" * 600_000 + "山,岚\n".encode("gbk")
    assert encoding_of(io.BytesIO(data), name="f") == "gb18030"


@pytest.mark.parametrize("data", [b"\x00\x01" * 4_000, b"a,b\n\xff\xff\x00"])
def test_what_is_no_text(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^f: is n"):
        encoding_of(io.BytesIO(data), name="f")


def test_a_utf16_file_with_a_broken_end_is_read() -> None:
    data = b"\xff\xfe" + TEXT.encode("utf-16-le") + b"\x00"
    turned = as_utf8(io.BytesIO(data), "utf-16-le", name="f").read().decode()
    assert turned.startswith(TEXT)
