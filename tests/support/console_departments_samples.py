"""Something to see at the places of departments, recurrences and hand-overs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from service.auth import Role
from service.errors import InvalidInput
from service.reviews import DepartmentDraft, Improvement, ItemState, PointReason, PointRow
from service.trackers import Handover, Standing, State, SubjectKind, Trouble
from service.trackers import rows as handover_rows
from tests.support.console_aftermath_samples import FORM, closed, department, proposed
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD, person

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]

OTHER_LEAD = person("zhao", Role.LEAD)


async def lost(scene: ConsoleScene) -> PointRow:
    """The row by which the department `quality` lost points: it proposed nothing in time."""
    await department(scene)
    review = await closed(scene)
    scene.clock.step(days=9)
    await proposed(scene, review.id)
    rows = await scene.container.reviewing.points.page(LEAD, "quality", before=None, limit=1)
    return rows[0]


async def verified(scene: ConsoleScene, review_id: str, **changes: Any) -> Improvement:
    """An improvement of `quality` that one lead did and another one verified."""
    desk = scene.container.reviewing.improvements
    made = await proposed(scene, review_id, **changes)
    for state in (ItemState.ACCEPTED, ItemState.DONE):
        await desk.move(LEAD, made.id, state)
    return await desk.move(OTHER_LEAD, made.id, ItemState.VERIFIED)


async def reviewed(scene: ConsoleScene, cause: str = "inspection") -> str:
    """A crisis of that cause, whose review was closed with a proposal of `quality`; its id."""
    review = await closed(scene)
    await proposed(scene, review.id)
    desk = scene.container.reviewing.desk
    await desk.save(LEAD, review.id, replace(FORM, cause_class=cause))
    await desk.close(LEAD, review.id)
    return review.incident_id


async def handed(scene: ConsoleScene, number: int = 1, **changes: Any) -> Handover:
    """A needs report that a tracker has refused."""
    now = scene.clock.now()
    made = Handover(
        id=f"hov_{number}",
        subject_kind=SubjectKind.NEEDS,
        subject_id=f"nds_{number}",
        monitor_id="shanlan",
        incident_id=None,
        tracker="ops",
        fields={"title": "需求报告 shanlan", "text": "1. 投诉：物流慢，12 人", "kind": "needs"},
        state=State.FAILED,
        key=None,
        url=None,
        wanted=Standing.OPEN,
        standing=None,
        word=None,
        heard_at=None,
        trouble=Trouble.UNDELIVERED,
        last_answer="403 Forbidden",
        answered_at=now,
        revision=1,
        tried=True,
        item_version=None,
        poll_at=None,
        created_by=LEAD.id,
        created_at=now,
        updated_at=now,
    )
    async with scene.container.database.write() as connection:
        kept, _ = await handover_rows.add(connection, replace(made, **changes))
    return kept


async def _department(scene: ConsoleScene, said: Sequence[str]) -> str:
    row = await lost(scene)
    departments, points = scene.container.reviewing.departments, scene.container.reviewing.points
    review_id = row.review_id or ""
    for place, text in enumerate(said[:20]):
        line = " ".join(text.split())[:150]
        try:
            await departments.put(LEAD, DepartmentDraft(id=f"d{place}", name=line))
            await departments.put(LEAD, DepartmentDraft(id="quality", name=line))
            made = await verified(scene, review_id, title=line, description=text[:3_000])
        except InvalidInput:
            continue  # such a name is refused, which is as good
        if row.reason is PointReason.LATE_PROPOSAL and row.redeemed_by is None:
            row = await points.redeem(LEAD, "quality", row.id, made.id, note=text[:900] or None)
    return "/departments/quality"


async def _departments(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _department(scene, said)
    return "/departments"


async def _recurrences(scene: ConsoleScene, said: Sequence[str]) -> str:
    await department(scene)
    for cause in ("inspection", "inspection", "supplier"):
        await reviewed(scene, cause)
        scene.clock.step(days=5)
    for text in said[:20]:
        await scene.open(monitor_id="shanlan", title=text, scenario=text.replace("\x00", "")[:40])
    return "/recurrences"


async def _handover(scene: ConsoleScene, said: Sequence[str]) -> str:
    for number, text in enumerate(said[:40], start=1):
        scene.clock.step(seconds=1)
        state = tuple(State)[number % len(State)]
        await handed(
            scene,
            number,
            fields=dict.fromkeys(("title", "text", "department", "due"), text),
            tracker=text[:20],
            key=text[:100],
            url=text,
            word=text[:100],
            last_answer=text,
            state=state,
            standing=Standing.OPEN,
            heard_at=scene.clock.now(),
            trouble=None if state is State.OPEN else tuple(Trouble)[number % len(Trouble)],
        )
    return f"/handovers/hov_{min(len(said), 40)}"


async def _handovers(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _handover(scene, said)
    return "/handovers"


DEPARTMENTS_SAMPLES: dict[str, Sample] = {
    "/departments": _departments,
    "/departments/{department_id}": _department,
    "/recurrences": _recurrences,
    "/handovers": _handovers,
    "/handovers/{handover_id}": _handover,
}
"""By path, as the place has it."""
