from __future__ import annotations

import gzip

import pytest

from crawlers.errors import UnreadableFile
from crawlers.tabular import TableLimits
from tests.crawlers.tabular.tables import rows_of


def test_a_packed_file_is_unpacked() -> None:
    assert rows_of(gzip.compress(b"a,b\n1,2\n"))[1][0].cells == ["1", "2"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0" + b"x" * 99, "save it as XLSX"),
        (b'[{"a": 1}]', "one object a line"),
        (gzip.compress(b"a,b\n" * 9_000, mtime=0)[:40], "cannot be unpacked"),
    ],
)
def test_what_is_not_read_here(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        rows_of(data)


def test_a_packed_bomb_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="unpacks to more than 100,000 bytes"):
        rows_of(gzip.compress(b"a" * 1_000_000), limits=TableLimits(unpacked=100_000))


def test_a_text_has_no_sheets() -> None:
    with pytest.raises(UnreadableFile, match="has no sheets"):
        rows_of(b"a,b\n", sheet="S")


def test_rows_are_bounded() -> None:
    with pytest.raises(UnreadableFile, match="f:4: more than 2 rows"):
        rows_of(b"a\n1\n2\n3\n", limits=TableLimits(rows=2))
