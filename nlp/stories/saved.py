"""A story as it is kept between two runs: plain values, and its mean. No text's own vector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.stories.sample import Text
from nlp.stories.standing import measure, representatives
from nlp.stories.story import CopyGroup, Story
from nlp.stories.tally import Tally

VERSION = 1
_TERMS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedStory:
    """`data` is JSON; `mean` is (width,) float16 in bytes, little endian."""

    id: str
    space: str
    data: Mapping[str, Any]
    mean: bytes = field(repr=False)


def saved(story: Story, mean: NDArray[np.float32]) -> SavedStory:
    """What there is to keep of a story whose texts' signatures have this mean."""
    measure(story, mean)
    loudest = story.loudest
    data = {
        "version": VERSION,
        "founded": story.founded,
        "tally": story.tally.plain(),
        "first_post": story.first_post,
        "weight": story.weight,
        "splits": story.splits,
        "origin": story.origin,
        "shown": story.shown,
        "terms": {word: round(bits, 3) for word, bits in story.leading_terms(_TERMS)},
        "texts": [_plain(text) for text in sorted(story.texts.values(), key=lambda t: t.order)],
        "loudest": None
        if loudest is None
        else [
            loudest.group,
            loudest.post,
            loudest.posts,
            loudest.length,
        ],
        "representatives": list(representatives(story)),
    }
    return SavedStory(id=story.id, space=story.space, data=data, mean=mean.astype("<f2").tobytes())


def restored(kept: SavedStory) -> tuple[Story, NDArray[np.float32]]:
    """The story and its mean, to be taken in again. Raises ValueError for another version."""
    data = kept.data
    if data.get("version") != VERSION:
        raise ValueError(
            f"story {kept.id} was kept as version {data.get('version')}, not {VERSION}"
        )
    story = Story(
        id=kept.id,
        space=kept.space,
        founded=float(data["founded"]),
        tally=Tally.of(data["tally"]),
        first_post=str(data["first_post"]),
        terms={str(word): float(bits) for word, bits in data["terms"].items()},
        weight=float(data["weight"]),
        splits=int(data["splits"]),
        origin=data["origin"],
        shown=bool(data["shown"]),
    )
    for plain in data["texts"]:
        text = Text(
            group=plain["group"],
            post=plain["post"],
            at=float(plain["at"]),
            length=int(plain["length"]),
            tally=Tally.of(plain["tally"]),
            nearness=float(plain["nearness"]),
        )
        story.texts[text.group] = text
    if data["loudest"] is not None:
        group, post, posts, length = data["loudest"]
        story.loudest = CopyGroup(
            home=story.handle, group=group, post=post, posts=int(posts), length=int(length)
        )
    return story, np.frombuffer(kept.mean, "<f2").astype(np.float32)


def _plain(text: Text) -> dict[str, Any]:
    return {
        "group": text.group,
        "post": text.post,
        "at": text.at,
        "length": text.length,
        "nearness": round(text.nearness, 4),
        "tally": text.tally.plain(),
    }
