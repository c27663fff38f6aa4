"""What may point to a person in a text, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PiiKind(StrEnum):
    """A kind of personal information, in order of precedence.

    Where two overlap, the earlier kind keeps its span and the later one goes: first what a form or
    a checksum proves, then numbers known by their plan, then what only its context tells.
    """

    EMAIL = "email"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    PLATE = "plate"
    QQ = "qq"
    WECHAT = "wechat"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Pii:
    """A piece of personal information; the span is half open, in code points of the original."""

    kind: PiiKind
    start: int
    end: int
