"""What people may do with topics."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.db.tables import topic_model
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.topics import FitRequest, FitState, repository
from tests.support.stored_topics import LATER, TopicScene

ANALYST = Principal(id="usr_a", kind=PrincipalKind.USER, name="a", roles=frozenset({Role.ANALYST}))
VIEWER = Principal(id="usr_v", kind=PrincipalKind.USER, name="v", roles=frozenset({Role.VIEWER}))
OF_TEA = Principal(
    id="usr_t",
    kind=PrincipalKind.USER,
    name="t",
    roles=frozenset({Role.ANALYST}),
    monitors=frozenset({"tea"}),
)


@pytest.mark.parametrize(
    ("request_", "path"),
    [
        (FitRequest(topics=1), "topics"),
        (FitRequest(topics=201), "topics"),
        (FitRequest(lowest=9, highest=8), "range"),
        (FitRequest(lowest=1), "range"),
        (FitRequest(seed=-1), "seed"),
        (FitRequest(since=LATER, until=LATER), "from"),
        (FitRequest(based_on=7), "based_on"),
    ],
)
async def test_a_request_that_cannot_be_meant(
    scene: TopicScene, request_: FitRequest, path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await scene.desk.ask(ANALYST, request_)
    assert [place for place, _ in refused.value.errors] == [path]


async def test_a_base_must_be_ready_and_of_the_same_posts(scene: TopicScene) -> None:
    await scene.monitor("tea")
    waiting = await scene.desk.ask(ANALYST, FitRequest(topics=3))
    with pytest.raises(InvalidInput, match="ready"):
        await scene.desk.ask(ANALYST, FitRequest(based_on=waiting.number))
    ready = await scene.fit()
    with pytest.raises(InvalidInput, match="same monitor"):
        await scene.desk.ask(ANALYST, FitRequest(based_on=ready.number, monitor="tea"))


async def test_an_unknown_monitor(scene: TopicScene) -> None:
    with pytest.raises(NotFound):
        await scene.desk.ask(ANALYST, FitRequest(monitor="none"))


async def test_who_may(scene: TopicScene) -> None:
    await scene.monitor("tea")
    await scene.monitor("cars")
    with pytest.raises(Forbidden):
        await scene.desk.ask(VIEWER, FitRequest())
    with pytest.raises(Forbidden):
        await scene.desk.ask(OF_TEA, FitRequest(monitor="cars"))
    cars = await scene.desk.ask(ANALYST, FitRequest(monitor="cars"))
    tea = await scene.desk.ask(OF_TEA, FitRequest(monitor="tea"))
    general = await scene.desk.ask(ANALYST, FitRequest())
    for deed in (scene.desk.cancel, scene.desk.activate, scene.desk.forget):
        with pytest.raises(Forbidden):
            await deed(VIEWER, tea.number)
        with pytest.raises(Forbidden):
            await deed(OF_TEA, cars.number)
    with pytest.raises(Forbidden):
        await scene.desk.get(OF_TEA, cars.number)
    seen = await scene.desk.page(OF_TEA)
    assert [item.number for item in seen.items] == [general.number, tea.number]
    assert len((await scene.desk.page(VIEWER)).items) == 3


async def test_pages_of_versions(scene: TopicScene) -> None:
    await scene.monitor("tea")
    for monitor in (None, "tea", None):
        await scene.desk.ask(SYSTEM, FitRequest(monitor=monitor))
    first = await scene.desk.page(SYSTEM, limit=2)
    assert [item.number for item in first.items] == [3, 2]
    rest = await scene.desk.page(SYSTEM, before=int(first.next or 0), limit=2)
    assert ([item.number for item in rest.items], rest.next) == ([1], None)
    assert [item.number for item in (await scene.desk.page(SYSTEM, monitor="tea")).items] == [2]


async def test_one_version_is_active_for_the_same_posts(scene: TopicScene) -> None:
    await scene.monitor("tea")
    first, second = await scene.fit(activate=True), await scene.fit()
    of_tea = await scene.fit(monitor="tea", activate=True)
    assert (await scene.desk.activate(ANALYST, second.number)).active
    assert not (await scene.desk.get(ANALYST, first.number)).active
    assert (await scene.desk.get(ANALYST, of_tea.number)).active


async def test_only_what_is_ready_can_be_active(scene: TopicScene) -> None:
    waiting = await scene.desk.ask(ANALYST, FitRequest(topics=3))
    with pytest.raises(Conflict, match="not ready"):
        await scene.desk.activate(ANALYST, waiting.number)
    with pytest.raises(NotFound, match="no topics 99"):
        await scene.desk.activate(ANALYST, 99)


async def test_a_fit_is_stopped_once(scene: TopicScene) -> None:
    asked = await scene.desk.ask(ANALYST, FitRequest(topics=3))
    assert (await scene.desk.cancel(ANALYST, asked.number)).state is FitState.CANCELLED
    with pytest.raises(Conflict, match="nothing to stop"):
        await scene.desk.cancel(ANALYST, asked.number)


async def test_forgetting(scene: TopicScene) -> None:
    version = await scene.fit(activate=True)
    await scene.marks.refresh()
    await scene.desk.forget(ANALYST, version.number)
    with pytest.raises(NotFound):
        await scene.desk.get(ANALYST, version.number)
    assert await scene.marks.refresh()
    waiting = await scene.desk.ask(ANALYST, FitRequest())
    with pytest.raises(Conflict, match="cancel that first"):
        await scene.desk.forget(ANALYST, waiting.number)


async def test_the_number_of_a_version_that_is_gone_is_not_given_again(scene: TopicScene) -> None:
    first = await scene.fit(activate=True)
    second = await scene.fit()
    for version in (second, first):
        await scene.desk.forget(ANALYST, version.number)
    third = await scene.desk.ask(ANALYST, FitRequest())

    assert third.number == second.number + 1
    assert [item.number for item in (await scene.desk.page(ANALYST)).items] == [third.number]
    for deed in (scene.desk.get, scene.desk.activate, scene.desk.cancel, scene.desk.forget):
        with pytest.raises(NotFound):
            await deed(ANALYST, second.number)
    async with scene.database.read() as connection:
        assert await repository.count(connection) == 1
        assert await repository.active(connection) == ()
        rows = await connection.execute(select(topic_model).where(topic_model.c.number == 2))
        (kept,) = rows.mappings()
    assert (kept["findings"], kept["options"], kept["monitor"]) == (None, {}, None)
