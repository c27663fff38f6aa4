"""One fit from its posts to its row: in a thread, with progress, stopped when nobody wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from nlp.topics import (
    Drift,
    Fit,
    FitCancelled,
    FitProgress,
    Pooling,
    TopicError,
    TopicModel,
    TopicPost,
    drift,
    fit_topics,
    update_topics,
)
from service.audit import record
from service.clock import Clock
from service.db import Database
from service.db.changes import announce
from service.stores import PostStore, StoreError
from service.topics import repository
from service.topics.findings import findings_of
from service.topics.model import FILE, MOST_ACTIVE, MOST_POSTS, FitState, TopicVersion, options_of
from service.topics.reading import newest_posts, topic_post

CHANGE = "topics"
"""The kind of change event at which processes look for the active versions again."""
_READING = "reading"
_LOOK_EVERY_S = 1.0

log = structlog.get_logger(__name__)

Homes = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]
"""The stories of posts by their ids; those that are in none are left out."""
_ASKED = 500

_NO_ROOM = (
    f"ready, but not active: {MOST_ACTIVE} versions of other monitors are; "
    "delete one of them, then activate this one"
)

Told = Callable[[str, int, int], None]
"""Hears the stage, and how many of how many steps are done."""


class FitRunner:
    """Does fits. A version that was cancelled meanwhile stays so, and nothing else changes."""

    def __init__(
        self, *, database: Database, store: PostStore, clock: Clock, homes: Homes | None = None
    ) -> None:
        """`homes` None pools posts by story as copies of one text."""
        self._homes = homes
        self._database = database
        self._store = store
        self._clock = clock

    async def run(
        self,
        version: TopicVersion,
        *,
        posts: Sequence[TopicPost] | None = None,
        told: Told = lambda stage, done, of: None,
    ) -> TopicVersion:
        """Fit a version that is open: of the stored posts, or of these.

        It comes back ready, failed or cancelled; a store that fails leaves it open, for the next
        try. Raises StoreError.
        """
        async with self._database.write() as connection:
            await repository.move(
                connection, version.number, among=_OPEN, state=FitState.RUNNING, reason=None
            )
        watch = _Watch(told)
        work = asyncio.create_task(self._fit(version, posts, watch))
        try:
            while not (await asyncio.wait({work}, timeout=_LOOK_EVERY_S))[0]:
                watch.stopped = not await self._note(version.number, watch)
        except BaseException:
            # The thread stops at its next step; until then nobody waits for it.
            watch.stopped = True
            work.cancel()
            raise
        try:
            fit, before, base = work.result()
            moved = None if before is None else await asyncio.to_thread(drift, before, fit.model)
            content = await asyncio.to_thread(repository.packed, fit.model)
        except FitCancelled:
            log.info("topics.cancelled", version=version.number)
        except StoreError:
            raise
        except TopicError as error:
            await self._fail(version.number, str(error))
        except Exception as error:  # whatever a library raises must not stop the fits behind it
            log.exception("topics.fit_raised", version=version.number)
            await self._fail(version.number, f"{type(error).__name__}: see the log")
        else:
            await self._keep(version, fit, content, drift=moved, base=base)
        async with self._database.read() as connection:
            return await repository.version(connection, version.number)

    async def _fit(
        self, version: TopicVersion, posts: Sequence[TopicPost] | None, watch: _Watch
    ) -> tuple[Fit, TopicModel | None, int | None]:
        """The fit, and the model that it is compared with, with its number."""
        options = options_of(version)
        if posts is None and FILE in version.options:
            raise TopicError(
                f"the command that read {version.options[FILE]} ended before the fit: run it again"
            )
        async with self._database.read() as connection:
            active = {item.monitor: item.number for item in await repository.active(connection)}
            before_number = version.based_on or active.get(version.monitor)
            before = None
            if before_number is not None:
                before = await repository.model(connection, before_number)
        if posts is None:
            posts, _ = await newest_posts(
                self._store,
                topic_post,
                monitor=version.monitor,
                since=version.since,
                until=version.until,
                most=MOST_POSTS,
                tell=watch.reading,
            )
            if options.pooling is Pooling.STORY and self._homes is not None:
                posts = await _at_home(posts, self._homes)
        if version.based_on is None:
            fit = await asyncio.to_thread(fit_topics, posts, options, tell=watch.fitting)
        elif before is None:
            raise TopicError(f"the weights of version {version.based_on} are gone: fit anew")
        else:
            fit = await asyncio.to_thread(update_topics, before, posts, options, tell=watch.fitting)
        return fit, before, before_number

    async def _note(self, number: int, watch: _Watch) -> bool:
        """Keep the progress; whether the fit is still wanted."""
        stage, done, of = watch.latest
        at = self._clock.now()
        async with self._database.write(quiet=True) as connection:
            return await repository.move(
                connection,
                number,
                among=_RUNNING,
                progress=repository.progress_of(stage, done=done, of=of, at=at),
            )

    async def _fail(self, number: int, reason: str) -> None:
        async with self._database.write() as connection:
            await repository.move(
                connection,
                number,
                among=_RUNNING,
                state=FitState.FAILED,
                reason=reason,
                finished_at=self._clock.now(),
            )
        log.warning("topics.failed", version=number, reason=reason)

    async def _keep(
        self,
        version: TopicVersion,
        fit: Fit,
        content: str,
        *,
        drift: Drift | None,
        base: int | None,
    ) -> None:
        now = self._clock.now()
        async with self._database.write() as connection:
            await repository.lock(connection)
            activate = version.activate and await repository.has_room(connection, version.monitor)
            done = await repository.move(
                connection,
                version.number,
                among=_RUNNING,
                state=FitState.READY,
                finished_at=now,
                reason=None if activate == version.activate else _NO_ROOM,
                findings=findings_of(fit, drift=drift, before=base),
            )
            if not done:
                return
            await repository.keep_model(connection, version.number, content)
            await record(
                connection,
                at=now,
                actor=version.created_by,
                action="topics.fitted",
                subject_type="topics",
                subject_id=str(version.number),
                data={"topics": fit.model.topics, "posts": fit.posts, "monitor": version.monitor},
            )
            if activate:
                await repository.set_active(connection, version)
                await tell_active(connection, version, actor=version.created_by, clock=self._clock)
        new = () if drift is None else drift.new
        log.info("topics.fitted", version=version.number, topics=fit.model.topics, new=len(new))


async def tell_active(
    connection: AsyncConnection, version: TopicVersion, *, actor: str, clock: Clock
) -> None:
    """Audit an activation, and let the processes that mark posts know of it."""
    now = clock.now()
    await record(
        connection,
        at=now,
        actor=actor,
        action="topics.activated",
        subject_type="topics",
        subject_id=str(version.number),
        data={"monitor": version.monitor},
    )
    await announce(connection, at=now, kind=CHANGE, subject_id=str(version.number))


async def _at_home(posts: Sequence[TopicPost], homes: Homes) -> list[TopicPost]:
    """The posts with the stories that they are in; one in none stays with its copies."""
    placed: list[TopicPost] = []
    for start in range(0, len(posts), _ASKED):
        some = posts[start : start + _ASKED]
        known = await homes([post.id for post in some])
        placed += [replace(post, story=known.get(post.id, post.story)) for post in some]
    return placed


_RUNNING = frozenset({FitState.RUNNING})
_OPEN = frozenset({FitState.WAITING, FitState.RUNNING})


class _Watch:
    """What thread and event loop tell each other: how far the one is, whether it may go on."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.latest: tuple[str, int, int] = (_READING, 0, 0)
        self.stopped = False

    def reading(self, done: int, of: int) -> bool:
        return self._tell(_READING, done, of)

    def fitting(self, progress: FitProgress) -> bool:
        return self._tell(progress.stage.value, progress.done, progress.of)

    def _tell(self, stage: str, done: int, of: int) -> bool:
        self.latest = (stage, done, of)
        self._told(stage, done, of)
        return not self.stopped
