"""Drills over this installation: how their tapes are made, who plays them, who keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from crawlers import Post, read_jsonl
from service.auth import SYSTEM
from service.backtest import Installation, Scene, read_scene
from service.bootstrap.container import Container
from service.bootstrap.ground import Ground
from service.bootstrap.responding import Responding
from service.bootstrap.rewording import Build, record_stream
from service.bootstrap.scratch import scratch_folder, scratch_room
from service.bootstrap.watching import Nothing, furnished, play, tick_in
from service.demo import config_path, stream_path
from service.drill import DrillOffice, DrillPlayer, DrillPreparation, Endings, Tape, Taping
from service.settings import Settings

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilling:
    """`player` is of the line, `preparation` of the upkeep."""

    office: DrillOffice
    player: DrillPlayer
    preparation: DrillPreparation


def open_drilling(
    ground: Ground, *, responding: Responding, place: Installation, build: Build
) -> Drilling:
    """The office and its jobs; `place` has the stored posts, `build` puts together what reads."""
    endings = Endings(
        incidents=responding.incidents, responses=responding.responses, timers=responding.timers
    )
    office = DrillOffice(ground.database, ground.clock, endings=endings)
    data_dir = ground.settings.data_dir

    async def prepare(asked: Mapping[str, Any]) -> Callable[[], Tape]:
        if not asked:
            return lambda: asyncio.run(bundled_tape(ground.settings, build=build))
        scene = await read_scene(
            place,
            since=_instant(asked["from"]),
            until=_instant(asked["to"]),
            monitor=asked["of"],
            tell=lambda done, of: None,
        )
        return lambda: asyncio.run(tape_of(scene, data_dir=data_dir, tell=_untold))

    return Drilling(
        office=office,
        player=DrillPlayer(
            ground.database,
            clock=ground.clock,
            incidents=responding.incidents,
            endings=endings,
            recheck=ground.recheck,
        ),
        preparation=DrillPreparation(
            ground.database,
            clock=ground.clock,
            office=office,
            worker=ground.settings.worker_id,
            prepare=prepare,
        ),
    )


async def bundled_tape(settings: Settings, *, build: Build, tell: Tell | None = None) -> Tape:
    """The tape of the stream that ships, watched as its own configuration says."""
    posts = [item for item in read_jsonl(stream_path()) if isinstance(item, Post)]
    posts.sort(key=lambda post: post.published_at)

    async def configure(container: Container) -> None:
        await container.importer.apply(SYSTEM, config_path())

    return await stream_tape(
        posts, settings=settings, build=build, configure=configure, tell=tell or _untold
    )


async def stream_tape(
    posts: Sequence[Post],
    *,
    settings: Settings,
    build: Build,
    configure: Callable[[Container], Awaitable[None]],
    tell: Tell,
) -> Tape:
    """The tape of a recorded stream under the configuration that `configure` applies.

    Raises BadConfig, and InvalidInput where nothing opens.
    """
    scene, _ = await record_stream(
        posts,
        settings=settings,
        build=build,
        configure=configure,
        tell=partial(tell, "analysing"),
    )
    return await tape_of(scene, data_dir=settings.data_dir, tell=tell)


async def tape_of(scene: Scene, *, data_dir: Path, tell: Tell) -> Tape:
    """What the rules of a scene do with its posts, move by move. Raises InvalidInput for nothing.

    What opens before the scene's own time began, while habits were learnt, is left out.
    """
    with scratch_folder(scratch_room(data_dir)) as folder:
        async with furnished(folder, scene.posts, scene.stage) as room:
            incidents = Taping(reactions=Nothing(), public_url=room.settings.public_url)
            tick = tick_in(room, scene.rules.library, incidents, explained=True)
            await play(room, scene.posts, tick, tell=partial(tell, "taping"))
            return incidents.tape(posts=len(scene.posts), since=scene.stage.since)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _untold(stage: str, done: int, of: int) -> None:
    """Nobody watches how far it is."""
