"""Errors of the stories package.

ServiceError
└── NotFound (404)
    └── StoryNotFound (404 story_not_found)
"""

from __future__ import annotations

from service.errors import NotFound


class StoryNotFound(NotFound):
    """No story has this id, or all of its posts have been erased."""

    code = "story_not_found"
