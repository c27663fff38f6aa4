"""Small pieces of the look that decide something."""

from __future__ import annotations

import pytest

from service.console.theme import ink_on


@pytest.mark.parametrize(
    ("colour", "ink"),
    [
        ("#d4a017", "#000000"),
        ("#e8710a", "#000000"),
        ("#c5221f", "#ffffff"),
        ("#000000", "#ffffff"),
        ("#ffffff", "#000000"),
    ],
)
def test_a_badge_is_written_in_the_ink_that_reads_better(colour: str, ink: str):
    assert ink_on(colour) == ink
