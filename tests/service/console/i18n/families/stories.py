"""Words of the stories' pages that code makes up."""

from __future__ import annotations

from nlp.stories import Phase
from service.stories import StorySort

FAMILIES = {"stories.orders": set(StorySort), "stories.phases": set(Phase)}
FORMED = {"stories": {"posts", "texts", "pace", "negative", "first", "last"}}
