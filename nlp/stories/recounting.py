"""A kept story after some of its posts are gone: counted anew from those that are left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from nlp.stories.post import StoryPost
from nlp.stories.saved import SavedStory
from nlp.stories.tally import Tally


class Recount:
    """Counts the posts that are left, in any order, however many they are."""

    def __init__(self) -> None:
        self._tally = Tally()
        self._groups: dict[str, Tally] = {}
        self._first: dict[str, tuple[float, str]] = {}

    def add(self, posts: Iterable[StoryPost]) -> None:
        """Posts with id, time, source, sentiment, monitors and copy group."""
        for post in posts:
            at = post.at.timestamp()
            group = post.copy_group or post.id
            self._tally.add(post, at=at, new_text=group not in self._groups)
            text = self._groups.setdefault(group, Tally())
            text.add(post, at=at, new_text=text.posts == 0)
            self._first[group] = min(self._first.get(group, (at, post.id)), (at, post.id))

    def of(self, kept: SavedStory, *, words: Collection[str]) -> SavedStory | None:
        """The story as it is now, None when no post is left. `words` are all that they say.

        Its mean stays: a vector of many texts together, from which none can be had back.
        """
        if not self._tally.posts:
            return None
        data: dict[str, Any] = dict(kept.data)
        first = min(self._first.values())
        texts = [self._text(text) for text in data["texts"] if text["group"] in self._groups]
        posts = {text["post"] for text in texts} | {post for _, post in self._first.values()}
        loudest = data["loudest"]
        if loudest is not None:
            group = loudest[0]
            left = self._groups.get(group)
            length = loudest[3]
            loudest = None if left is None else [group, self._first[group][1], left.posts, length]
        standing = [post for post in data["representatives"] if post in posts]
        data |= {
            "tally": self._tally.plain(),
            "first_post": first[1],
            "terms": {word: bits for word, bits in data["terms"].items() if word in words},
            "texts": texts,
            "loudest": loudest,
            "representatives": standing or [first[1]],
        }
        return SavedStory(id=kept.id, space=kept.space, data=data, mean=kept.mean)

    def _text(self, text: Mapping[str, Any]) -> dict[str, Any]:
        at, post = self._first[text["group"]]
        return {**text, "at": at, "post": post, "tally": self._groups[text["group"]].plain()}
