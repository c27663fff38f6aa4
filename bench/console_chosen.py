"""The pictures of the console that the guides show: `docs/img` has these and no others of it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

DESK, PHONE = (1440, 900), (390, 844)
ACKNOWLEDGE = "acknowledge"
"""No place of the console: the page behind the link that a message has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture. `name` is that of a place, `place-1` is the first of its deeper pages."""

    name: str
    language: str
    theme: str = "light"
    phone: bool = False
    height: int | None = None
    """Pixels, where the usual height of the window cuts off what the picture is about."""
    part: str | None = None
    """What it begins with, where that is not the top: the last element of a CSS selector."""
    query: str = ""
    """What stands behind the question mark of the address."""

    @property
    def file(self) -> str:
        """`place[-deeper]-language-theme[-phone].png`."""
        phone = "-phone" if self.phone else ""
        return f"{self.name}-{self.language}-{self.theme}{phone}.png"

    @property
    def window(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = PHONE if self.phone else DESK
        return width, self.height or height


def chosen() -> tuple[Shot, ...]:
    """Fifteen pictures, each in both languages, in the order in which they are taken.

    The audit trail comes first: opening the stream of review is a deed too, and would fill it.
    """
    return tuple(shot for pair in zip(_of("zh"), _of("en"), strict=True) for shot in pair)


def _of(language: str) -> tuple[Shot, ...]:
    return (
        Shot(name="audit", language=language),
        Shot(name=ACKNOWLEDGE, language=language, phone=True, height=520),
        Shot(name="incident", language=language, theme="dark", phone=True, height=1300),
        Shot(name="queue", language=language, theme="dark", phone=True, height=1100),
        Shot(name="queue", language=language, height=700),
        Shot(name="incident", language=language, height=1300),
        Shot(name="statements-1", language=language, height=1200),
        Shot(name="briefings-1", language=language),
        Shot(name="board", language=language, height=1300),
        Shot(name="wall", language=language, theme="dark"),
        Shot(name="reviews-1", language=language),
        Shot(name="playbooks-1", language=language, part="main section"),
        Shot(name="review-1", language=language),
        Shot(name="posts", language=language, query=urlencode({"q": "+澄屿 +(玻璃 | 碎片) -招聘"})),
        Shot(name="rules-1", language=language),
    )
