"""Something to see at the places after the fire: reviews, improvements, departments, risks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from service.auth import SYSTEM
from service.errors import InvalidInput
from service.incidents import Action
from service.monitors import MonitorDraft
from service.reviews import (
    DepartmentDraft,
    EvidenceKind,
    EvidenceLink,
    Form,
    Improvement,
    ItemDraft,
    ItemKind,
    ItemState,
    ReviewFilter,
    Why,
)
from service.reviews.model import Review
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD, evidence

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]

WHYS = tuple(Why(question=f"为什么{n}？", answer=f"因为{n}") for n in range(1, 6))
FORM = Form(whys=WHYS, root_cause="抽检只看首件", cause_class="inspection")


async def closed(scene: ConsoleScene, *said: str) -> Review:
    """The review of an incident that was closed, with frozen posts that say these."""
    posts = tuple(
        replace(evidence(number, at=START), snapshot={"text": text, "url": text})
        for number, text in enumerate(said or ("有异物",), start=1)
    )
    monitor = MonitorDraft(id="shanlan", name="山岚", query="山岚")
    if not await scene.container.monitors.every():
        await scene.container.monitors.put(SYSTEM, monitor)
    opened = await scene.open(title=(said or ("山岚咖啡有异物",))[0], evidence=posts)
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await scene.container.desk.act(LEAD, opened.id, action, reason="查清了")
    desk = scene.container.reviewing.desk
    return (await desk.file(SYSTEM, (await review_ids(scene, opened.id))[0])).review


async def review_ids(scene: ConsoleScene, incident_id: str) -> list[str]:
    """Ids of the reviews of an incident."""
    rows = await scene.container.reviewing.desk.page(SYSTEM, ReviewFilter(incident_id=incident_id))
    return [review.id for review, _ in rows]


async def department(scene: ConsoleScene, name: str = "品控部", lead: str | None = None) -> str:
    """A department `quality`."""
    draft = DepartmentDraft(id="quality", name=name, lead=lead)
    await scene.container.reviewing.departments.put(SYSTEM, draft)
    return "quality"


async def proposed(scene: ConsoleScene, review_id: str, **changes: object) -> Improvement:
    """An improvement that the department `quality` has filed."""
    draft = ItemDraft(
        title="批次全检",
        description="每批抽检十件",
        kind=ItemKind.USER,
        owner=None,
        due_at=scene.clock.now() + timedelta(days=10),
        impact=4,
        urgency=3,
        effort=2,
    )
    desks = scene.container.reviewing
    await desks.desk.involve(LEAD, review_id, "quality")
    return await desks.improvements.propose(LEAD, review_id, "quality", replace(draft, **changes))


async def _told(scene: ConsoleScene, said: Sequence[str]) -> Improvement:
    """A review whose form, department and improvements say what strangers wrote."""
    review = await closed(scene, *(text for text in said[:20] if text.strip()))
    desk = scene.container.reviewing.desk
    try:
        await department(scene, " ".join(said[0].split())[:60] or "品控部")
    except InvalidInput:
        await department(scene)
    link = EvidenceLink(kind=EvidenceKind.URL, ref="https://wiki.example/1")
    for text in said[:10]:
        why = Why(question=text[:900] or "？", answer=text[:900] or "。", evidence=(link,))
        try:
            form = Form(whys=(why,) * 4, stopped_early=text[:900], root_cause=text[:900])
            await desk.save(LEAD, review.id, form)
        except InvalidInput:
            continue  # such a form is refused, which is as good
    made = await proposed(scene, review.id)
    for text in said[:10]:
        try:
            title = " ".join(text.split())[:190]
            made = await proposed(scene, review.id, title=title, description=text[:3_000])
        except InvalidInput:
            continue
    return made


async def _reviews(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _told(scene, said)
    return "/reviews"


async def _review(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"/reviews/{(await _told(scene, said)).review_id}"


async def _propose(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"/reviews/{(await _told(scene, said)).review_id}/propose"


async def _improvements(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _told(scene, said)
    return "/improvements"


async def _improvement(scene: ConsoleScene, said: Sequence[str]) -> str:
    made = await _told(scene, said)
    desk = scene.container.reviewing.improvements
    await desk.move(LEAD, made.id, ItemState.ACCEPTED)
    return f"/improvements/{made.id}"


AFTERMATH_SAMPLES: dict[str, Sample] = {
    "/reviews": _reviews,
    "/reviews/{review_id}": _review,
    "/reviews/{review_id}/propose": _propose,
    "/improvements": _improvements,
    "/improvements/{improvement_id}": _improvement,
}
"""By path, as the place has it."""
