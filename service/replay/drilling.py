"""A drill without a team: a tape and a script of acts, in virtual time, in a throw-away place."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from service.auth import SYSTEM
from service.bootstrap import Container, build
from service.clock import VirtualClock
from service.db import tables
from service.drill import Acting, Doors, Drill, Script, Tape, drill_view
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind
from service.replay.session import configure, replay_settings

_CHANNEL = ChannelDraft(
    id="drill", kind=ChannelKind.RECORDING, name="Recording for drills", drill=True
)


async def drill_virtually(
    tape: Tape,
    script: Script,
    *,
    stream: str,
    config: Path | None,
    tail: timedelta,
) -> Mapping[str, Any]:
    """The drill with its score sheet, as JSON; `refused` are the acts that were not let happen.

    `config` is of `apply`: contacts and duties of the installation may take part. Raises BadConfig.
    """
    with tempfile.TemporaryDirectory(prefix="fengsui-drill-") as folder:
        clock = VirtualClock(tape.begins)
        settings = replay_settings(Path(folder))
        container = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
        try:
            await configure(container, config)
            await container.channels.put(SYSTEM, _CHANNEL)
            await _seat(container, script)
            drill = await container.drills.begin(
                SYSTEM, stream=stream, speed=1.0, tail=tail, tape=tape
            )
            acting = await _play(container, clock, drill, script)
            return {
                **drill_view(await container.drills.get(SYSTEM, drill.id)),
                "virtual": True,
                "refused": [item.to_json() for item in acting.refused],
            }
        finally:
            await container.close()


async def _seat(container: Container, script: Script) -> None:
    """The people of the script as accounts, so that pages and sheet know them; nobody signs in."""
    rows = [
        {
            "id": player.id,
            "name": player.name,
            "password_hash": "",
            "roles": [role.value for role in player.roles],
            "created_at": container.clock.now(),
        }
        for player in script.people
    ]
    async with container.database.write() as connection:
        await connection.execute(insert(tables.user), rows)


async def _play(container: Container, clock: VirtualClock, drill: Drill, script: Script) -> Acting:
    acting = Acting(
        container.database,
        office=container.drills,
        drill_id=drill.id,
        script=script,
        doors=Doors(desk=container.desk, response=container.response_desk, team=container.team),
    )
    await advance(clock, (*container.line, acting), drill.ends_at or clock.now())
    return acting
