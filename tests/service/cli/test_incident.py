"""`fengsui incident export`: the case as a file."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from service.db import Database
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene
from tests.support.process import Shell


def open_one(data: Path) -> str:
    """The id of an incident in the installation."""

    async def run() -> str:
        database = Database(f"sqlite+aiosqlite:///{data / 'state.db'}")
        try:
            return (await IncidentScene(database, SteppingClock()).open()).id
        finally:
            await database.close()

    return asyncio.run(run())


def test_the_case_is_written(installed: Shell, data: Path, tmp_path: Path) -> None:
    incident = open_one(data)
    file = tmp_path / "case.json"
    done = installed("incident", "export", incident, "-o", str(file))
    assert done.code == 0, done.err
    assert json.loads(file.read_bytes())["incident"]["id"] == incident


def test_an_incident_that_is_not_there_is_named(
    installed: Shell, data: Path, tmp_path: Path
) -> None:
    done = installed("incident", "export", "inc_none", "-o", str(tmp_path / "case.html"))
    assert done.code == 2
    assert "there is no incident 'inc_none'" in done.err
    assert not (tmp_path / "case.html").exists()
