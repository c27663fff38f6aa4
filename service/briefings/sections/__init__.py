"""The sections, one module each: what is asked of which desk, and how it is put."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from service.briefings.content import Section
from service.briefings.gathering import Asked, Desks
from service.briefings.sections.ahead import ahead
from service.briefings.sections.complaints import complaints
from service.briefings.sections.coverage import coverage
from service.briefings.sections.house import house
from service.briefings.sections.incidents import incidents
from service.briefings.sections.moved import moved
from service.briefings.sections.stories import stories
from service.briefings.sections.voices import voices
from service.briefings.sections.volume import volume

SECTIONS: tuple[Callable[[Desks, Asked], Awaitable[Section]], ...] = (
    house,
    volume,
    moved,
    incidents,
    stories,
    voices,
    coverage,
    complaints,
    ahead,
)
"""In the order of `SectionId`."""

HEADLINES = ("house.open", "house.overdue", "volume.posts", "volume.negative_share")
"""What a short message says."""

__all__ = ["HEADLINES", "SECTIONS"]
