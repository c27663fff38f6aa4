"""What is asked for of incidents."""

from __future__ import annotations

from service.incidents import Action, Kind, State
from service.incidents.filters import NOBODY, IncidentFilter, Sought, only_open
from tests.support.incident_scene import LEAD, IncidentScene


async def found(scene: IncidentScene, **wanted: object) -> set[str]:
    items, total = await scene.desk.queue(LEAD, IncidentFilter(**wanted))
    assert total == len(items)
    return {item.id for item in items}


async def test_a_text_is_sought_in_titles_ids_and_what_was_resolved(scene: IncidentScene):
    tea = await scene.open(title="澄屿青柚茶 Sale")
    other = await scene.open(monitor_id="m1", scenario="outage", title="登录不上")
    assert await found(scene, sought=Sought(text="sale")) == {tea.id}
    assert await found(scene, sought=Sought(text=other.id[5:15])) == {other.id}
    assert await found(scene, sought=Sought(text="none", monitors=("m1",))) == {other.id}
    assert await found(scene, sought=Sought(text="none", kinds=(Kind.CRISIS,))) == {
        tea.id,
        other.id,
    }
    assert await found(scene, sought=Sought(text="%")) == set()


async def test_who_has_it_nobody_among_them(scene: IncidentScene):
    free, held = await scene.open(), await scene.open(monitor_id="m1")
    async with scene.writing(held.id) as (connection, incident):
        await scene.incidents.move(
            connection, incident, Action.ACKNOWLEDGE, actor="usr_lin", now=scene.clock.now()
        )
    assert await found(scene, assignees=("usr_lin",)) == {held.id}
    assert await found(scene, assignees=(NOBODY,)) == {free.id}
    assert await found(scene, assignees=(NOBODY, "usr_lin")) == {free.id, held.id}
    assert await found(scene, assignees=("usr_none",)) == set()


def test_a_filter_that_names_states_keeps_them():
    closed = IncidentFilter(states=(State.CLOSED,))
    assert only_open(closed) is closed
    assert State.NEW in only_open(IncidentFilter()).states
