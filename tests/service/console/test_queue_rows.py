"""The queue as values."""

from __future__ import annotations

from service.console.i18n import Language, load_words
from service.console.queue_rows import incident_title, queue_row
from service.incidents import Kind, State
from tests.support.console_scene import ConsoleScene

WORDS = load_words(Language.ZH)


async def test_a_row_says_what_its_step_is_who_does_it_and_whether_it_is_late(scene: ConsoleScene):
    incident = await scene.open()
    await scene.pass_time(minutes=16)
    steps = await scene.response_desk.next_steps([incident.id])
    row = queue_row(
        await scene.get(incident.id),
        words=WORDS,
        scenario="产品质量投诉",
        monitor="澄屿",
        step=steps[incident.id],
        overdue=1,
        holder=None,
    )
    assert row.next_step is not None
    assert not row.next_step.late
    assert (row.monitor_id, row.scenario, row.state) == ("tea", "product_quality", State.NEW)
    assert (row.overdue, row.holder, row.kind) == (1, None, Kind.CRISIS)


async def test_what_has_no_scenario_is_called_by_its_kind(scene: ConsoleScene):
    incident = await scene.open(kind=Kind.COVERAGE, scenario=None, title="x")
    assert incident_title(incident, words=WORDS, scenarios={}) == "采集中断"


async def test_an_incident_whose_scenario_is_gone_is_called_by_its_id(scene: ConsoleScene):
    incident = await scene.open()
    assert incident_title(incident, words=WORDS, scenarios={}) == "product_quality"
