"""Errors of the posts package.

ServiceError
├── InvalidInput (422)
│   └── BadFilter (422 bad_filter)   every mistake of a search, each with its parameter
└── NotFound (404)
    └── PostNotFound (404 post_not_found)
"""

from __future__ import annotations

from service.errors import InvalidInput, NotFound


class BadFilter(InvalidInput):
    """Search parameters that cannot be meant."""

    code = "bad_filter"


class PostNotFound(NotFound):
    """No post with this id is stored, or it has been erased."""

    code = "post_not_found"
