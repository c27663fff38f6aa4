"""The simulation sees what it is there to see: each of these faults in the service fails it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from service import audit
from service.oncall.escalating import Escalating
from service.response import repository
from service.response.effects import Effects
from service.timers import Timers
from tests.simulation.story import live


async def _not_done(*_: Any, **__: Any) -> int:
    return 0


# Replaced in place: the service has no seam for being wrong.
@pytest.mark.parametrize(
    ("owner", "name", "seen_by"),
    [
        (Timers, "cancel", "deadlines"),
        (Effects, "_schedule", "deadlines"),
        (repository, "write_next_due", "queues"),
        (Escalating, "_set_lease", "escalations"),
        (audit, "record", "audit"),
    ],
    ids=["timers stay", "no timer is set", "stale queue", "held for ever", "no audit"],
)
async def test_what_is_left_out_is_seen(
    owner: Any, name: str, seen_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, _not_done)
    story = await live(0, tmp_path)
    assert any(words.startswith(seen_by) for words in story.violations), story.report()
