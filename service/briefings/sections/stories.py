"""What was talked about: the biggest stories, and the topics of monitors that have them."""

from __future__ import annotations

from collections.abc import Mapping

from nlp.pii import masked
from service.briefings import links
from service.briefings.content import (
    Cell,
    Measure,
    Measures,
    Named,
    Note,
    Number,
    Piece,
    Quoted,
    Rows,
    Section,
    SectionId,
)
from service.briefings.figure import Unit, counted
from service.briefings.gathering import Asked, Desks
from service.briefings.quoting import cited, is_quotable
from service.indicators import IndicatorId
from service.stores import StoredPost
from service.stories import StoryFilter, StorySort, StorySummary
from service.topics import repository as topics

MOST_STORIES = 8
MOST_TOPICS = 5


async def stories(desks: Desks, asked: Asked) -> Section:
    """Stories with posts in the period, by all the posts that they have."""
    found: dict[str, StorySummary] = {}
    for monitor in asked.monitors:
        wanted = StoryFilter(
            monitor=monitor.id,
            since=asked.window.since,
            until=asked.window.until,
            sort=StorySort.VOLUME,
        )
        page, _ = await desks.stories.page(wanted, limit=MOST_STORIES)
        found |= {item.id: item for item in page}
    chosen = sorted(found.values(), key=lambda item: (-item.posts, item.id))[:MOST_STORIES]
    names = [item.headline.post for item in chosen if item.headline is not None]
    posts = await desks.store.get_many(sorted(set(names)))
    pieces: list[Piece] = []
    if chosen:
        pieces.append(
            Rows(
                title="biggest_stories",
                head=("story", "posts_in_all", "of_it_negative"),
                items=tuple(_row(item, posts) for item in chosen),
            )
        )
    else:
        pieces.append(Note(word="no_stories"))
    measures = await _topics(desks, asked)
    if measures:
        pieces.append(Measures(items=measures))
    return Section(id=SectionId.STORIES, pieces=tuple(pieces))


def _row(story: StorySummary, posts: Mapping[str, StoredPost]) -> tuple[Cell, ...]:
    here = links.story(story.id)
    whole = counted(story.posts, Unit.POSTS, here)
    post = None if story.headline is None else posts.get(story.headline.post)
    said: Cell = Named(word="untold_story", link=here)
    if post is not None and is_quotable(post):
        said = Quoted(cited=cited(post, spread=whole))
    negative = story.sentiments.get("negative", 0)
    return (said, Number(figure=whole), Number(figure=counted(negative, Unit.POSTS, here)))


async def _topics(desks: Desks, asked: Asked) -> tuple[Measure, ...]:
    measures = []
    for monitor in asked.monitors:
        (reading,) = await desks.board.readings(
            asked.reader,
            monitor.id,
            asked.window,
            indicators=[IndicatorId.TOPIC_MIX],
            compared=(),
        )
        if reading.figure.value is None:
            continue
        counts = reading.figure.parts.get("topic", {})
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for name, count in [item for item in ordered if not item[0].endswith(":-")][:MOST_TOPICS]:
            here = links.posts((monitor.id,), asked.window, topic=name)
            measures.append(
                Measure(
                    id=f"topic.{name.replace(':', '.')}.{monitor.id}",
                    label="topic",
                    of=f"{await _label(desks, name)} · {monitor.name}",
                    figure=counted(count, Unit.POSTS, here),
                )
            )
    return tuple(measures)


async def _label(desks: Desks, name: str) -> str:
    """What the version calls its topic `version:topic`."""
    number, _, topic = name.partition(":")
    async with desks.database.read() as connection:
        version = await topics.version(connection, int(number))
    for item in (version.findings or {}).get("topics", ()):
        if str(item["id"]) == topic:
            return masked(str(item["label"]))
    return name
