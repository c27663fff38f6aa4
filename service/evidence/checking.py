"""Whether frozen evidence is still what was frozen: pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.evidence.screenshots import Screenshot
from service.incidents import Evidence
from service.incidents.frozen import digest


class Finding(StrEnum):
    """What became of one item."""

    INTACT = "intact"
    CHANGED = "changed"
    """Somebody has written into the database: what is there is not what was frozen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One item: `computed` is the hash of what is there now. `screenshot`: whether it is one."""

    post_id: str
    kept: str
    computed: str
    screenshot: bool = False

    @property
    def finding(self) -> Finding:
        return Finding.INTACT if self.kept == self.computed else Finding.CHANGED


def check(
    evidence: Iterable[Evidence], pictures: Iterable[tuple[Screenshot, bytes]]
) -> tuple[Checked, ...]:
    """Every hash computed anew, posts first."""
    posts = [
        Checked(post_id=item.post_id, kept=item.sha256, computed=digest(item.snapshot))
        for item in evidence
    ]
    shots = [
        Checked(
            post_id=shot.post_id,
            kept=shot.sha256,
            computed=hashlib.sha256(content).hexdigest(),
            screenshot=True,
        )
        for shot, content in pictures
    ]
    return (*posts, *shots)
