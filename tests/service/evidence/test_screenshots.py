"""What a file is, is told by its first bytes."""

from __future__ import annotations

import pytest

from service.errors import InvalidInput, TooLarge
from service.evidence.screenshots import MAX_BYTES, media_type_of


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\nrest", "image/png"),
        (b"\xff\xd8\xff\xe0rest", "image/jpeg"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
    ],
)
def test_three_kinds_are_kept(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"<svg xmlns='x'/>", b"%PDF-1.7", b"RIFF\x10\x00\x00\x00WAVE", b"\x89PNG"],
)
def test_nothing_else_is(content: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a picture"):
        media_type_of(content)


def test_a_huge_one_is_refused_whatever_it_is() -> None:
    with pytest.raises(TooLarge, match="3,000,000"):
        media_type_of(b"\x89PNG\r\n\x1a\n" + b"\x00" * MAX_BYTES)
