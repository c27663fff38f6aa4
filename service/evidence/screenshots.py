"""What a file that is called a screenshot really is: told by its first bytes, never by its name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.errors import InvalidInput, TooLarge

MAX_BYTES = 3_000_000
MOST = 5
"""Screenshots of one post."""

PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC = b"\xff\xd8\xff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screenshot:
    """A picture of a frozen post; `sha256` is over its bytes, and names it. `size` is in bytes."""

    post_id: str
    sha256: str
    media_type: str
    size: int
    by: str
    at: datetime


def media_type_of(content: bytes) -> str:
    """PNG, JPEG or WebP. Raises InvalidInput for anything else, TooLarge."""
    if len(content) > MAX_BYTES:
        raise TooLarge(f"a screenshot has at most {MAX_BYTES:,} bytes, not {len(content):,}")
    if content.startswith(_PNG_MAGIC):
        return PNG
    if content.startswith(_JPEG_MAGIC):
        return JPEG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    problem = "not a picture that is kept here: send a PNG, JPEG or WebP file"
    raise InvalidInput(problem, errors=[("content", problem)])
