"""Stories: posts that tell of one thing. No words of a post stand here, only their ids."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text

from service.db.columns import AutoId, Json, instant
from service.db.tables.base import metadata

# Stored posts that wait to be put into a story; a row goes as soon as its post is.
story_inbox = Table(
    "story_inbox",
    metadata,
    Column("seq", AutoId, primary_key=True, autoincrement=True),
    Column("post_id", String(40), nullable=False, unique=True),
    Column("space", String(128), nullable=False),  # version of what made the vector
    Column("vector", Text),  # base64 of int8; null: made of the text when its turn comes
    instant("seen_at", nullable=False),
)

story = Table(
    "story",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("phase", String(8), nullable=False),  # seed | open | quiet | merged
    Column("space", String(128), nullable=False),
    Column("posts", Integer, nullable=False),
    Column("heat", Float(53), nullable=False),  # log2 of the decayed number of posts
    instant("first_at", nullable=False),
    instant("last_at", nullable=False),
    Column("data", Json, nullable=False),  # nlp.stories.SavedStory.data
    Column("mean", Text, nullable=False),  # base64 of SavedStory.mean
    Column("origin", String(24), index=True),  # the story that it was split from
    Column("merged_into", String(24), index=True),
    instant("updated_at", nullable=False),
    Index("ix_story_last", "phase", "last_at"),
    Index("ix_story_heat", "phase", "heat"),
    Index("ix_story_posts", "phase", "posts"),
)

# How many posts of a story a monitor, or a source, has.
story_facet = Table(
    "story_facet",
    metadata,
    Column("story_id", String(24), primary_key=True),
    Column("kind", String(8), primary_key=True),  # monitor | source
    Column("name", String(512), primary_key=True),
    Column("posts", Integer, nullable=False),
    Index("ix_story_facet_name", "kind", "name"),
)

story_post = Table(
    "story_post",
    metadata,
    Column("post_id", String(40), primary_key=True),
    Column("story_id", String(24), nullable=False),
    instant("at", nullable=False, index=True),
    Column("author", String(32), index=True),
    Column("source", Text, nullable=False),
    Column("sentiment", String(16)),
    Column("monitors", Json, nullable=False),
    Column("copy_group", String(64), nullable=False),
    Column("leads", Boolean, nullable=False),  # whether copies belong to the story too
    Index("ix_story_post_story", "story_id", "at", "post_id"),
)

# What was learnt of words and spaces: base64 of nlp.stories.Knowledge.
story_knowledge = Table(
    "story_knowledge",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("seen", Float(53), nullable=False),
    Column("content", Text, nullable=False),
)
