"""Who took the training set is written down."""

from __future__ import annotations

import pytest

from service.audit import AuditFilter, entries
from service.errors import Forbidden
from service.learning.row import instant_of
from tests.support.learning_scene import ANA, VIEWER, LearningScene


async def test_an_export_is_audited_with_its_fingerprint(scene: LearningScene) -> None:
    await scene.corrected(1, "漏水")
    found = await scene.export.start(ANA)
    async with scene.database.read() as connection:
        (row,) = (await entries(connection, where=AuditFilter(action="correction.exported"))).items
    assert row.data == {"sha256": found.sha256, "rows": 1, "until": None}


async def test_what_was_said_up_to_an_instant(local: LearningScene) -> None:
    await local.corrected(1, "漏水")
    await local.corrected(2, "漏油")
    first, _ = (await local.export.start(ANA)).rows
    found = await local.export.start(ANA, until=instant_of(first))
    assert found.rows == (first,)


async def test_who_may_take_it(local: LearningScene) -> None:
    with pytest.raises(Forbidden):
        await local.export.start(VIEWER)
