"""Who is let in and whose turn it is."""

from nlp.batching.limits import Limits
from nlp.batching.line import PATIENT_SHARE, Line
from tests.support.lane_text import Text

LIMITS = Limits(batch_tokens=320, max_wait_s=0.5, most_items=3, most_tokens=100)


def text(name: str = "a", *sizes: int, arrived: float = 0.0) -> Text:
    return Text(name, list(sizes) or [20], arrived)


def prepared(line: Line[Text], *, patient: bool = False) -> list[str]:
    job = line.to_prepare()
    for entry in job:
        line.opened(entry, patient=patient)
    return [entry.name for entry in job]


def test_room_is_bounded_in_items_and_tokens() -> None:
    line: Line[Text] = Line(LIMITS)
    line.enter([text()], patient=False)
    assert line.has_room([40, 40])
    assert not line.has_room([1, 1, 1])
    assert not line.has_room([81])


def test_one_giant_is_let_in_when_nobody_else_is_there() -> None:
    assert Line[Text](LIMITS).has_room([100_000])


def test_leaving_makes_room() -> None:
    line: Line[Text] = Line(LIMITS)
    entries = [text(), text(), text()]
    line.enter(entries, patient=False)
    line.leave(entries, early=False)
    line.leave(entries, early=False)
    assert (line.items, line.tokens) == (0, 0)


def test_the_patient_take_no_room() -> None:
    line: Line[Text] = Line(LIMITS)
    line.enter([text()] * 50, patient=True)
    assert (line.items, line.tokens) == (0, 0)


def test_the_impatient_are_prepared_first() -> None:
    line: Line[Text] = Line(LIMITS)
    line.enter([text("patient")], patient=True)
    line.enter([text("impatient")], patient=False)
    assert prepared(line) == ["impatient"]
    assert prepared(line) == ["patient"]
    assert prepared(line) == []


def test_the_patient_have_their_share_of_batches() -> None:
    line: Line[Text] = Line(LIMITS)
    for _ in range(3 * PATIENT_SHARE):
        line.opened(text("i", 320), patient=False)
        line.opened(text("p", 320), patient=True)
    turns = [line.take()[0][0].name for _ in range(2 * PATIENT_SHARE)]
    assert turns == (["i"] * (PATIENT_SHARE - 1) + ["p"]) * 2


def test_a_patient_batch_is_smaller() -> None:
    line: Line[Text] = Line(LIMITS)
    for _ in range(9):
        line.opened(text("p", 20), patient=True)
    assert len(line.take()) == 4


def test_who_left_is_in_no_batch() -> None:
    line: Line[Text] = Line(LIMITS)
    leaver, stayer = text("leaver"), text("stayer")
    line.enter([leaver, stayer], patient=False)
    assert prepared(line) == ["leaver", "stayer"]
    leaver.gone = True
    line.leave([leaver], early=True)
    assert [entry.name for entry, _ in line.take()] == ["stayer"]


def test_the_first_waits_for_company_from_its_arrival() -> None:
    line: Line[Text] = Line(LIMITS)
    line.opened(text(arrived=10.25), patient=False)
    line.opened(text(arrived=10.0), patient=False)
    assert (line.company(10.25), line.company(11.0)) == (0.25, 0.0)


def test_a_full_batch_waits_for_nobody() -> None:
    line: Line[Text] = Line(LIMITS)
    line.enter([text("a", 160, 160, arrived=10.0)], patient=False)
    prepared(line)
    assert line.company(10.0) == 0.0
