"""Open queues share what they read, and never what one of them may not see."""

from __future__ import annotations

from service.auth import Principal, Role
from service.console.board import Board
from service.console.i18n import Language, Words, load_words
from service.console.queue_reading import QueuePage
from service.incidents import Action, Incident, Kind
from service.incidents.filters import IncidentFilter
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD, VIEWER, person

ZH, EN = load_words(Language.ZH), load_words(Language.EN)


async def read(board: Board, principal: Principal, words: Words = ZH) -> QueuePage:
    return await board.queue.page(principal, IncidentFilter(), words, limit=50, offset=0)


async def test_the_same_question_is_read_once_until_something_changes(scene: ConsoleScene):
    incident = await scene.open()
    board = Board(scene.container)
    first = await read(board, LEAD)
    assert await read(board, person("rui", Role.LEAD)) is first
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    scene.clock.step(seconds=1)
    second = await read(board, LEAD)
    assert second is not first
    assert second.standing.unacknowledged == 0


async def test_what_one_has_just_done_is_read_at_once(scene: ConsoleScene):
    incident = await scene.open()
    board = Board(scene.container)
    await read(board, LEAD)
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    board.queue.forget()
    assert (await read(board, LEAD)).standing.unacknowledged == 0


async def test_who_sees_less_is_never_answered_with_more(scene: ConsoleScene):
    await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, title="x")
    await scene.open(monitor_id="m1")
    board = Board(scene.container)
    assert (await read(board, LEAD)).total == 2
    assert (await read(board, VIEWER)).total == 1
    assert (await read(board, person("han", Role.LEAD, monitors=frozenset({"m2"})))).total == 0


async def test_each_language_has_its_own_words(scene: ConsoleScene):
    await scene.open()
    board = Board(scene.container)
    titles = {(await read(board, LEAD, words)).rows[0].title for words in (ZH, EN)}
    assert len(titles) == 2


async def test_nothing_is_kept_of_incidents_that_are_drawn_wrong(scene: ConsoleScene):
    """A failure while reading is raised to each that asks, and is not remembered."""
    await scene.open()
    board = Board(scene.container)
    drawn = board.rows
    failed = 0

    async def once(incidents: tuple[Incident, ...], words: Words):
        nonlocal failed
        if not failed:
            failed += 1
            raise ConnectionError("the database went away")
        return await drawn(incidents, words)

    board.queue = type(board.queue)(
        desk=scene.container.desk, pulse=board.pulse, draw=once, paused=board.paused_since
    )
    try:
        await read(board, LEAD)
    except ConnectionError:
        failed += 1
    assert failed == 2
    assert (await read(board, LEAD)).total == 1
