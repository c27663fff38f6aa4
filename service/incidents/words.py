"""What people write beside a deed: trimmed, or nothing."""

from __future__ import annotations

from service.errors import InvalidInput


def said(text: str | None, *, most: int, path: str = "note") -> str | None:
    """The words without the blanks around them, None where there are none.

    Raises InvalidInput, naming `path`, for more than `most` characters.
    """
    if text is None or not text.strip():
        return None
    if len(text) > most:
        raise InvalidInput(f"at most {most} characters", errors=[(path, f"{len(text)}")])
    return text.strip()
