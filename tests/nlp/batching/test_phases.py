"""How long a queue takes."""

from nlp.batching.phases import Pace


def test_one_second_as_long_as_nothing_is_known() -> None:
    pace = Pace()
    pace.add(1_000, 0.0)
    assert pace.seconds(1_000_000) == 1.0


def test_the_queue_over_the_pace() -> None:
    pace = Pace()
    pace.add(1_000, 0.5)
    assert pace.seconds(20_000) == 10.0


def test_within_a_second_and_a_minute() -> None:
    pace = Pace()
    pace.add(1_000, 1.0)
    assert (pace.seconds(1), pace.seconds(10**9)) == (1.0, 60.0)


def test_the_pace_follows_slowly() -> None:
    pace = Pace()
    pace.add(1_000, 1.0)
    pace.add(2_000, 1.0)
    assert pace.seconds(11_000) == 10.0
