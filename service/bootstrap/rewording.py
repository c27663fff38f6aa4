"""Posts analysed for a back-test: recorded streams, and stored posts read with other words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from crawlers import Author, Channel, Engagement, Post
from nlp.analysis import Hit
from nlp.lexicon import Entry, Lexicon
from service.backtest import Reread, Scene, Stage
from service.backtest.history import read_history
from service.bootstrap.container import Container
from service.bootstrap.scratch import scratch_folder, scratch_room
from service.bootstrap.watching import scratch_settings, set_up
from service.clock import Clock, VirtualClock
from service.errors import InvalidInput
from service.lexicon import Imported
from service.settings import Settings
from service.stores import StoredPost

_BATCH = 200
_VIA = "replay"
_READERS = ("encoder", "encoder_path", "encoder_models", "encoder_threads")
"""The settings that say what reads a text."""


class Build(Protocol):
    """Puts a service together: the assembly's own."""

    async def __call__(self, settings: Settings, *, clock: Clock, virtual: bool) -> Container: ...


async def record_stream(
    posts: Sequence[Post],
    *,
    settings: Settings,
    build: Build,
    configure: Callable[[Container], Awaitable[None]],
    tell: Callable[[int, int], None],
) -> tuple[Scene, tuple[Entry, ...]]:
    """A stream analysed once, as a scene, and the entries of the lexicon that read it.

    `settings` say which encoder reads; everything else is thrown away. Raises BadConfig.
    """
    async with _scratch(settings, build, VirtualClock(posts[0].published_at)) as (container, clock):
        await configure(container)
        await container.rules.directory.refresh()
        await _ingest(container, clock, posts, tell)
        monitors = await container.monitors.every(enabled_only=True)
        stored = await read_history(
            container.store,
            monitors=tuple(monitor.id for monitor in monitors),
            since=None,
            until=None,
            tell=lambda done, of: None,
        )
        stage = Stage(
            brands=await container.brands.every(),
            monitors=monitors,
            zone=settings.zone,
            since=posts[0].published_at,
        )
        rules = container.rules.directory.in_force
        entries = container.lexicon.live.current.entries
    return Scene(posts=stored, stage=stage, rules=rules, labels=None), entries


def rereader(build: Build, settings: Settings, entries: Callable[[], Iterable[Entry]]) -> Reread:
    """Reads posts with rows over the entries that serve; the posts that they touch, and no others.

    A repost is read again with what it shares: it may have its reading from there.
    """

    async def reread(
        posts: Sequence[StoredPost],
        stage: Stage,
        lexicon: Imported,
        *,
        tell: Callable[[int, int], None],
    ) -> list[StoredPost]:
        now = {entry.id: entry for entry in entries()}
        after = laid_over(now, lexicon)
        current, candidate = await asyncio.to_thread(_lexicons, now.values(), after)
        touched = _touched(posts, current, candidate)
        if not touched:
            return list(posts)
        clock = VirtualClock(min(post.published_at for post in touched))
        async with _scratch(settings, build, clock) as (container, _):
            await set_up(container.database, clock, stage)
            container.lexicon.live.swap(candidate)
            await _ingest(container, clock, [_post(post) for post in touched], tell)
            read = await container.store.get_many([post.id for post in touched])
        return [_reworded(post, read.get(post.id)) for post in posts]

    return reread


async def read_anew(
    posts: Sequence[StoredPost],
    stage: Stage,
    *,
    settings: Settings,
    build: Build,
    entries: Iterable[Entry],
    tell: Callable[[int, int], None],
) -> list[StoredPost]:
    """All posts, in the order of their publishing, read by the encoder of `settings` and the
    lexicon of these entries."""
    clock = VirtualClock(posts[0].published_at)
    async with _scratch(settings, build, clock) as (container, _):
        await set_up(container.database, clock, stage)
        container.lexicon.live.swap(await asyncio.to_thread(Lexicon, tuple(entries)))
        await _ingest(container, clock, [_post(post) for post in posts], tell)
        read: dict[str, StoredPost] = {}
        for start in range(0, len(posts), _BATCH):
            batch = [post.id for post in posts[start : start + _BATCH]]
            read.update(await container.store.get_many(batch))
    return [_reworded(post, read.get(post.id)) for post in posts]


@asynccontextmanager
async def _scratch(
    settings: Settings, build: Build, clock: VirtualClock
) -> AsyncIterator[tuple[Container, VirtualClock]]:
    """A whole installation in a folder that is gone afterwards, with the encoder of `settings`."""
    with scratch_folder(scratch_room(settings.data_dir)) as folder:
        scratch = scratch_settings(folder, zone=settings.timezone).model_copy(
            update={name: getattr(settings, name) for name in _READERS}
        )
        container = await build(scratch, clock=clock, virtual=True)
        try:
            yield container, clock
        finally:
            await container.close()


async def _ingest(
    container: Container,
    clock: VirtualClock,
    posts: Sequence[Post],
    tell: Callable[[int, int], None],
) -> None:
    """Each batch comes in when its last post was published."""
    for start in range(0, len(posts), _BATCH):
        batch = posts[start : start + _BATCH]
        clock.advance_to(batch[-1].published_at)
        await container.ingest.ingest(batch, via=_VIA, arriving=False)
        tell(min(len(posts), start + _BATCH), len(posts))


def laid_over(now: Mapping[str, Entry], lexicon: Imported) -> tuple[Entry, ...]:
    """The entries with those rows over them. Raises InvalidInput naming file and line."""
    if lexicon.issues:
        raise InvalidInput(
            f"{lexicon.file} is refused as a whole; mend these lines",
            errors=[(f"{item.file}:{item.line}", item.message) for item in lexicon.issues],
        )
    return tuple({**now, **{entry.id: entry for entry in lexicon.entries}}.values())


def _lexicons(now: Iterable[Entry], after: Iterable[Entry]) -> tuple[Lexicon, Lexicon]:
    return Lexicon(tuple(now)), Lexicon(tuple(after))


def _touched(posts: Sequence[StoredPost], current: Lexicon, candidate: Lexicon) -> list[StoredPost]:
    """The posts in which the lexicons differ, and the reposts of these."""
    texts = [f"{post.title}\n{post.text}" if post.title else post.text for post in posts]
    differ = {
        (post.source, post.native_id)
        for post, old, new in zip(
            posts, current.match_batch(texts), candidate.match_batch(texts), strict=True
        )
        if _told(old) != _told(new)
    }
    return [
        post
        for post in posts
        if (post.source, post.native_id) in differ or (post.source, post.repost_of) in differ
    ]


def _told(hits: Iterable[Hit]) -> list[tuple[str, str, int, int, bool]]:
    """What an analysis takes from its hits."""
    return [
        (hit.entry_id, hit.category, hit.severity, hit.start, hit.suppressed_by is None)
        for hit in hits
    ]


def _post(stored: StoredPost) -> Post:
    """A stored post as its source would bring it; the author is a pseudonym already."""
    author = None
    if stored.author is not None:
        author = Author(id=stored.author, followers=stored.followers, verified=stored.verified)
    return Post(
        source=stored.source,
        native_id=stored.native_id,
        published_at=stored.published_at,
        text=stored.text,
        title=stored.title,
        author=author,
        engagement=Engagement(
            reposts=stored.reposts,
            comments=stored.comments,
            likes=stored.likes,
            views=stored.views,
        ),
        repost_of=stored.repost_of,
        rating=stored.rating,
        lang=stored.lang,
        channel=Channel(stored.channel),
    )


def _reworded(post: StoredPost, read: StoredPost | None) -> StoredPost:
    """The post with the new reading; who wrote it and whose it is stay as they were."""
    if read is None:
        return post
    return replace(
        post,
        sentiment=read.sentiment,
        severity=read.severity,
        scenario=read.scenario,
        categories=read.categories,
        spared=read.spared,
    )
