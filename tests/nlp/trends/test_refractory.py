"""What has been said is not said again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.trends.refractory import FADES_IN_S, HELD, REMEMBERED_FROM, Refractory

STEP = {"elapsed_s": 300.0, "width_s": 300.0}


def test_the_first_passes_and_its_like_is_held_down() -> None:
    memory = Refractory()
    assert memory.passed(12.0, **STEP) == (12.0, False)
    shown, held = memory.passed(12.5, **STEP)
    assert held
    assert shown <= HELD


def test_something_clearly_stronger_passes() -> None:
    memory = Refractory()
    memory.passed(12.0, **STEP)
    assert memory.passed(14.0, **STEP) == (14.0, False)


def test_the_memory_fades() -> None:
    memory = Refractory()
    memory.passed(12.0, **STEP)
    memory.passed(0.0, elapsed_s=FADES_IN_S, width_s=300.0)
    assert memory.passed(12.0, **STEP) == (12.0, False)


def test_it_does_not_fade_while_the_state_persists() -> None:
    memory = Refractory()
    memory.passed(12.0, **STEP)
    assert all(memory.passed(11.0, elapsed_s=FADES_IN_S, width_s=300.0)[1] for _ in range(5))


def test_what_is_common_is_neither_remembered_nor_held() -> None:
    memory = Refractory()
    assert [memory.passed(REMEMBERED_FROM - 1, **STEP) for _ in range(3)] == [
        (REMEMBERED_FROM - 1, False)
    ] * 3
    assert memory.height == 0.0


@given(st.lists(st.floats(0.0, 100.0)))
def test_nothing_is_shown_rarer_than_it_is(rarities: list[float]) -> None:
    memory = Refractory()
    assert all(memory.passed(rarity, **STEP)[0] <= rarity for rarity in rarities)
