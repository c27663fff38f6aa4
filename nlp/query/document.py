"""What a query looks at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QueryDocument:
    """A post as a query sees it: `normal` is the normal form of its title and text.

    `source` and `lang` are compared by prefix of whole parts, `channel` as it is.
    """

    normal: str
    source: str = ""
    channel: str = ""
    lang: str = ""
