"""What people write beside a deed: trimmed, or nothing."""

from __future__ import annotations

from unicodedata import category

from service.errors import InvalidInput


def said(text: str | None, *, most: int, path: str = "note") -> str | None:
    """The words without the blanks around them, None where there are none.

    Raises InvalidInput, naming `path`, for more than `most` characters.
    """
    if text is None or is_blank(text):
        return None
    if len(text) > most:
        raise InvalidInput(f"at most {most} characters", errors=[(path, f"{len(text)}")])
    return text.strip()


def is_blank(text: str) -> bool:
    """Whether nothing of it is seen: blanks, and characters of no width."""
    return not any(char.isprintable() and not char.isspace() for char in text)


def is_line(text: str) -> bool:
    """Whether it is one line, and all of it is seen: no controls, nothing of no width."""
    # Python calls an ideographic space not printable.
    return not is_blank(text) and all(c.isprintable() or category(c) == "Zs" for c in text)
