"""Where posts are in the console."""

from __future__ import annotations

from urllib.parse import quote

from service.auth import Action, Resource
from service.console.places import Place, Section
from service.console.session import BASE

PLACE = Place(
    name="posts",
    path="/posts",
    section=Section.DUTY,
    may=(Action.READ, Resource.POST),
    deeper=("/posts/{post_id}",),
)


def post_address(post_id: str) -> str:
    """The page of one post."""
    return f"{BASE}/posts/{quote(post_id, safe='')}"
