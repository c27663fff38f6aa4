"""The course of a burst."""

from __future__ import annotations

from nlp.trends.phase import Course, Phase


def phases(counts: list[float], *alarms: int, mean: float = 10.0) -> list[Phase]:
    course = Course()
    return [
        course.follow(
            counts[max(0, place - 3) : place + 1],
            mean=mean,
            usual=(4.0, 18.0),
            alarm=place in alarms,
            elapsed_s=300.0,
        )
        for place in range(len(counts))
    ]


def test_a_burst_begins_stands_decays_and_ends() -> None:
    counts = [10.0, 60.0, 90.0, 80.0, 85.0, 30.0, 20.0, 15.0, 12.0, 11.0, 9.0]
    assert phases(counts, 1) == [
        Phase.CALM,
        Phase.ONSET,
        Phase.ONSET,
        Phase.PEAK,
        Phase.PEAK,
        Phase.PEAK,
        Phase.PEAK,
        Phase.DECAY,
        Phase.DECAY,
        Phase.CALM,
        Phase.CALM,
    ]


def test_a_second_alarm_is_an_onset_again() -> None:
    assert phases([10.0, 60.0, 30.0, 30.0, 30.0, 200.0], 1, 5)[-1] is Phase.ONSET


def test_a_drop_turns_into_silence_and_ends_when_counts_are_back() -> None:
    assert phases([10.0, 1.0, 0.0, 0.0, 0.0, 2.0, 9.0, 10.0], 1) == [
        Phase.CALM,
        Phase.DROP,
        Phase.SILENCE,
        Phase.SILENCE,
        Phase.SILENCE,
        Phase.DROP,
        Phase.DROP,
        Phase.CALM,
    ]


def test_a_silence_that_alarms_is_one() -> None:
    assert phases([10.0, 0.0], 1)[-1] is Phase.SILENCE
