"""The pure pieces of the pages: values put into a text, wordings in a row, lines of a timeline."""

from __future__ import annotations

from service.console.pages.incident.timeline import newest_first
from service.console.pages.statements.editor import put_in
from service.console.pages.statements.versions import runs_of
from service.incidents.model import TimelineEntry
from service.statements.model import Edition
from tests.support.clock import START


def test_a_value_takes_its_open_place_and_that_of_the_value_before_it():
    text = "{{ product }}漏水，{{ product }}召回。"
    first = put_in(text, {}, {"product": "青柚杯"})
    assert first == "青柚杯漏水，青柚杯召回。"
    assert put_in(first, {"product": "青柚杯"}, {"product": "保温杯"}) == "保温杯漏水，保温杯召回。"


def test_a_value_of_one_sign_is_replaced_nowhere_and_an_empty_one_takes_nothing_away():
    assert put_in("我们有5个点", {"n": "5"}, {"n": "6"}) == "我们有5个点"
    assert put_in("晨屿{{ n }}", {"brand": "晨屿"}, {"brand": ""}) == "晨屿{{ n }}"


def edition(number: int, by: str, note: str | None = None) -> Edition:
    return Edition(
        number=number,
        title="说明",
        text="",
        variables={},
        facts=(),
        findings=(),
        degraded=(),
        note=note,
        by=by,
        at=START,
        version=number,
    )


def test_pauses_of_one_writer_are_one_line_unless_they_say_what_they_change():
    editions = [edition(1, "a"), edition(2, "a"), edition(3, "a", "更短"), edition(4, "b")]
    numbers = [[item.number for item in run.editions] for run in runs_of(editions)]
    assert numbers == [[4], [3], [1, 2]]


def entry(number: int, kind: str, actor: str = "a", **data: object) -> TimelineEntry:
    return TimelineEntry(id=number, at=START, kind=kind, actor=actor, data=data)


def test_savings_in_a_row_are_told_once_and_page_sent_is_told_elsewhere():
    timeline = [
        entry(1, "comment"),
        entry(2, "statement_saved", statement="s"),
        entry(3, "page_sent"),
        entry(4, "statement_saved", statement="s"),
        entry(5, "statement_saved", "b", statement="s"),
        entry(6, "comment"),
        entry(7, "comment"),
    ]
    told = [(line.entry.id, line.times) for line in newest_first(timeline)]
    assert told == [(7, 1), (6, 1), (5, 1), (4, 2), (1, 1)]
