"""Who is prepared next and whose parts make the next batch."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.batching.lane import Lane
from nlp.batching.packing import cost
from tests.support.lane_text import Text


def opened(*texts: Text, budget: int = 320) -> Lane[Text]:
    lane: Lane[Text] = Lane(budget=budget)
    for text in texts:
        lane.opened(text)
    return lane


def taken(lane: Lane[Text]) -> list[str]:
    return [f"{text.name}{place}" for text, place in lane.take()]


def test_each_text_in_turn_has_one_part_before_any_has_two() -> None:
    lane = opened(Text("a", [160] * 3), Text("b", [160] * 3), Text("c", [160]))
    assert [taken(lane) for _ in range(4)] == [["a0", "b0"], ["c0", "a1"], ["b1", "a2"], ["b2"]]


def test_a_text_alone_fills_a_quarter_of_the_batch() -> None:
    assert taken(opened(Text("a", [160] * 9), budget=1_280)) == ["a0", "a1"]


def test_who_waited_longest_is_in_the_batch_and_others_of_like_length() -> None:
    lane = opened(Text("a", [160]), Text("b", [20]), Text("c", [150]), Text("d", [30]))
    assert [taken(lane), taken(lane)] == [["c0", "a0"], ["b0", "d0"]]


def test_shortest_first_inside_a_batch() -> None:
    assert taken(opened(Text("a", [30]), Text("b", [20]), Text("c", [25]))) == ["b0", "c0", "a0"]


def test_a_short_text_behind_a_giant_is_in_the_second_batch() -> None:
    lane = opened(Text("giant", [160] * 700), Text("short", [20]))
    taken(lane)
    assert taken(lane) == ["short0"]


def test_those_who_left_are_forgotten() -> None:
    ring, waiting = Text("a", [20], gone=True), Text("b", [20], gone=True)
    lane = opened(ring, Text("c", [20]))
    lane.add(waiting)
    lane.prune()
    assert not lane.wants
    assert taken(lane) == ["c0"]


def test_a_job_is_bounded_in_items_and_weight() -> None:
    lane: Lane[Text] = Lane(budget=10_000)
    for _ in range(40):
        lane.add(Text("a", [20]))
    assert len(lane.to_prepare()) == 32
    heavy: Lane[Text] = Lane(budget=100)
    for _ in range(3):
        heavy.add(Text("a", [60]))
    assert len(heavy.to_prepare()) == 1


def test_nothing_more_is_prepared_while_enough_is_ready() -> None:
    lane = opened(*(Text("a", [160]) for _ in range(4)))
    lane.add(Text("b", [20]))
    assert not lane.wants
    lane.take()
    assert lane.wants


def test_a_long_text_is_prepared_alone_in_its_turn() -> None:
    lane: Lane[Text] = Lane(budget=320)
    for text in (Text("a", [20], 1.0), Text("long", [160] * 9, 2.0), Text("b", [20], 3.0)):
        lane.add(text)
    jobs = [[text.name for text in lane.to_prepare()] for _ in range(2)]
    assert jobs == [["a", "b"], ["long"]]


def test_an_earlier_long_text_comes_first() -> None:
    lane: Lane[Text] = Lane(budget=320)
    lane.add(Text("long", [160] * 9, 1.0))
    lane.add(Text("a", [20], 2.0))
    assert [text.name for text in lane.to_prepare()] == ["long"]


def test_short_texts_overtake_when_enough_long_ones_are_open() -> None:
    lane: Lane[Text] = Lane(budget=1_000)
    for _ in range(4):
        lane.opened(Text("open", [160] * 9))
    lane.add(Text("long", [160] * 9, 1.0))
    assert not lane.wants
    lane.add(Text("short", [20], 2.0))
    assert [text.name for text in lane.to_prepare()] == ["short"]


@given(
    st.lists(st.lists(st.integers(1, 160), min_size=1, max_size=12), max_size=20),
    st.integers(16, 2_048),
)
def test_every_part_is_taken_once_and_nobody_waits_longer_than_a_round(
    shapes: list[list[int]], budget: int
) -> None:
    texts = [Text(str(place), sizes) for place, sizes in enumerate(shapes)]
    lane = opened(*texts, budget=budget)
    found: list[tuple[str, int]] = []
    passed = dict.fromkeys((text.name for text in texts), 0)
    while lane.ready:
        batch = lane.take()
        costs = [cost(text.sizes[place]) for text, place in batch]
        assert len(batch) == 1 or max(costs) * len(batch) <= budget
        served = {text.name for text, _ in batch}
        for text in texts:
            passed[text.name] = 0 if text.name in served else passed[text.name] + 1
            if text.taken < len(text.sizes):
                assert passed[text.name] < len(texts)
        found.extend((text.name, place) for text, place in batch)
    expected = [(text.name, place) for text in texts for place in range(len(text.sizes))]
    assert sorted(found) == sorted(expected)
