"""Stories: what posts tell of together, kept, listed and forgotten with their posts."""

from __future__ import annotations

from service.stories.book import StoryBook
from service.stories.errors import StoryNotFound
from service.stories.forgetting import StoryForgetting
from service.stories.inbox import Embedded, StoryInbox
from service.stories.job import StoryClustering
from service.stories.model import (
    Caption,
    GrowthPoint,
    StoryDetail,
    StoryFilter,
    StorySort,
    StorySummary,
)

__all__ = [
    "Caption",
    "Embedded",
    "GrowthPoint",
    "StoryBook",
    "StoryClustering",
    "StoryDetail",
    "StoryFilter",
    "StoryForgetting",
    "StoryInbox",
    "StoryNotFound",
    "StorySort",
    "StorySummary",
]
