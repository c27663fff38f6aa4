"""The handbook: the content of an installation as people read and print it."""

from __future__ import annotations

from service.handbook.book import handbook
from service.handbook.wording import Lang

__all__ = ["Lang", "handbook"]
