"""The bundled stream still says what the table of `test_demo` is worked out from."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.bootstrap import build
from service.bootstrap.drilling import bundled_tape
from service.drill.model import Ends, Opens, Rises
from service.settings import load_settings
from tests.service.handling.demo_work import CONTAINED, FIRST_POST, OPENED, RISEN


@pytest.mark.soak
@pytest.mark.timeout(1200)
async def test_what_detection_does_with_the_stream(tmp_path: Path) -> None:
    settings = load_settings(
        {"FENGSUI_DATA_DIR": str(tmp_path), "FENGSUI_SECRET_KEY": "demo-stream-" * 4}
    )
    tape = await bundled_tape(settings, build=build)
    openings = {
        move.deed.key: (move.deed.opening, move.at)
        for move in tape.moves
        if isinstance(move.deed, Opens)
    }
    names = {key: str(opening.scenario) for key, (opening, _) in openings.items()}

    assert {names[key]: at for key, (_, at) in openings.items()} == OPENED
    assert {names[key]: item.first_post_at for key, (item, _) in openings.items()} == FIRST_POST
    assert {item.tier for item, _ in openings.values()} == {"yellow"}
    assert (
        tuple(
            (names[move.deed.key], move.at, move.deed.tier, move.deed.rank)
            for move in tape.moves
            if isinstance(move.deed, Rises)
        )
        == RISEN
    )
    assert {
        names[move.deed.key]: move.at
        for move in tape.moves
        if isinstance(move.deed, Ends) and move.deed.contained
    } == CONTAINED
