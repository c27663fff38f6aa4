"""One replay from a stream to its answer, in a throw-away installation."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from service.auth import SYSTEM
from service.bootstrap import Container, build
from service.clock import VirtualClock
from service.monitors import ChannelDraft, ChannelKind, MonitorDraft
from service.replay.answer import ReplayAnswer, build_answer
from service.replay.runner import Progress, Replay
from service.replay.stream import Stream
from service.settings import Settings, load_settings

RECORDING = ChannelDraft(id="recording", kind=ChannelKind.RECORDING, name="Recording")
"""Where every page of a replay goes: nobody is called."""


async def replay_stream(
    stream: Stream,
    *,
    config: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    elasticsearch: Settings | None = None,
) -> ReplayAnswer:
    """Replay a stream under a configuration (a YAML file or folder, in the schema of `apply`).

    Without one, a single monitor without a brand takes every post. Raises BadConfig.
    `elasticsearch` holds the posts where its settings name nodes, in indices of their own that are
    deleted at the end; else they are in a file.
    """
    async with _settings(elasticsearch) as settings:
        clock = VirtualClock(stream.start)
        container = await build(
            settings,
            clock=clock,
            virtual=True,
            random=lambda: 0.5,
        )
        try:
            await configure(container, config)
            player = Replay(
                clock=clock,
                ingest=container.ingest,
                jobs=container.line,
                watches=(container.coverage_watch,),
            )
            result = await player.run(stream, on_progress=on_progress)
            return await build_answer(
                container.database,
                stream,
                result,
                container.recorder.sent,
                coverage=container.coverage,
            )
        finally:
            await container.close()


@asynccontextmanager
async def _settings(elasticsearch: Settings | None) -> AsyncIterator[Settings]:
    """Those of an installation that is gone afterwards, wherever it keeps its posts."""
    with tempfile.TemporaryDirectory(prefix="fengsui-replay-") as folder:
        settings = replay_settings(Path(folder))
        if elasticsearch is None or not elasticsearch.post_nodes:
            yield settings
            return
        from service.stores.elastic.scratch import discard, scratch_prefix

        there = ("posts_url", "posts_api_key", "posts_ca_file")
        settings = settings.model_copy(
            update={name: getattr(elasticsearch, name) for name in there}
            | {"posts_prefix": scratch_prefix()}
        )
        try:
            yield settings
        finally:
            await discard(settings)


def replay_settings(folder: Path) -> Settings:
    """Settings of a throw-away installation; the same key each time, so that ids are the same."""
    return load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "replay-" * 8,
            "FENGSUI_WORKER_ID": "replay",
        }
    )


async def configure(container: Container, config: Path | None) -> None:
    """Apply the configuration, or the one monitor of a replay without any; add the recorder."""
    if config is not None:
        await container.importer.apply(SYSTEM, config)
    else:
        await container.monitors.put(SYSTEM, MonitorDraft(id="all", name="All posts", query="*"))
    await container.channels.put(SYSTEM, RECORDING)
