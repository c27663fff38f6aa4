"""Something to see at the places of complaints, their rules, and promises."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from playbooks.schema import StatementKind
from service.auth import SYSTEM
from service.complaints import Complaint, Deed, NewComplaint, Published, Said
from service.complaints.rule import shipped_rule
from service.errors import InvalidInput
from service.statements import NewStatement, PromiseFilter, PromiseRow
from tests.support.complaint_scene import LIN, RUI, complaining
from tests.support.console_scene import ConsoleScene

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]

MONITOR = "chenyu"


async def opened(
    scene: ConsoleScene, text: str = "客服不给退款，等了一个星期", number: int = 1
) -> Complaint:
    """A complaint that somebody has opened from a post of that text."""
    now = scene.clock.now()
    post = complaining(
        number, text=text, monitors=(MONITOR,), published_at=now, fetched_at=now, stored_at=now
    )
    await scene.container.store.upsert([post])
    new = NewComplaint(post_id=post.id, cause=None, note=text[:900].strip() or None)
    return await scene.container.complaints.desk.open(RUI, new)


async def promised(scene: ConsoleScene, text: str = "同批次产品全额退款。") -> PromiseRow:
    """A promise in a draft of a statement."""
    incident = await scene.open(monitor_id=MONITOR)
    wanted = NewStatement(
        title="致歉", kind=StatementKind.HOLDING, lang="zh", text=f"我们在核实，对不起。{text}"
    )
    await scene.container.statements.desk.draft(LIN, incident.id, wanted)
    ledger = scene.container.statements.promises
    (row, *_) = await ledger.page(LIN, PromiseFilter(incident_id=incident.id))
    return row


def _taken(said: Sequence[str], most: int) -> list[str]:
    return [text for text in said if text.strip()][:most]


async def _complaint(scene: ConsoleScene, said: Sequence[str]) -> str:
    handling = scene.container.complaints.handling
    first: Complaint | None = None
    for number, text in enumerate(_taken(said, 40), start=1):
        scene.clock.step(seconds=1)
        try:
            made = await opened(scene, text, number)
        except InvalidInput:
            continue  # such a note is refused, which is as good
        first = first or made
    assert first is not None
    deeds = iter((Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL))
    for text in _taken(said, 60):
        channel = " ".join(text.split())[:60]
        deed = next(deeds, None)
        try:
            if deed is not None:
                published = Published(channel=channel, text=text[:2_000])
                await handling.say(RUI, first.id, deed, published)
            else:
                score = Said(csat=3, nps=7, words=text[:2_000], said_by=channel)
                await handling.rate(RUI, first.id, score)
        except InvalidInput:
            published = Published(channel="weibo", text="您好，我在跟进")
            if deed is not None:
                await handling.say(RUI, first.id, deed, published)
    return f"/complaints/{first.id}"


async def _complaints(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _complaint(scene, said)
    return "/complaints"


async def _rules(scene: ConsoleScene, said: Sequence[str]) -> str:
    for place, text in enumerate(_taken(said, 40)):
        draft = replace(shipped_rule(), id=f"r{place}", name=text[:200].strip())
        try:
            await scene.container.complaints.rules.put(SYSTEM, draft)
        except InvalidInput:
            continue  # such a name is refused, which is as good
    return "/complaint-rules"


async def _rule(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _rules(scene, said)
    found = await scene.container.complaints.rules.page()
    return f"/complaint-rules/{found.items[-1].id}"


async def _promise(scene: ConsoleScene, said: Sequence[str]) -> str:
    incident = await scene.open(monitor_id=MONITOR)
    desk = scene.container.statements.desk
    for place, text in enumerate(_taken(said, 20)):
        scene.clock.step(seconds=1)
        title = f"{place} 致歉"
        told = f"{text}同批次产品全额退款。"
        wanted = NewStatement(title=title, kind=StatementKind.HOLDING, lang="zh", text=told)
        try:
            await desk.draft(LIN, incident.id, wanted)
        except InvalidInput:
            continue  # such a text is refused, which is as good
    ledger = scene.container.statements.promises
    rows = await ledger.page(LIN, PromiseFilter(incident_id=incident.id))
    return f"/promises/{rows[0].id}"


async def _promises(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _promise(scene, said)
    return "/promises"


COMPLAINT_SAMPLES: dict[str, Sample] = {
    "/complaints": _complaints,
    "/complaints/{complaint_id}": _complaint,
    "/complaint-rules": _rules,
    "/complaint-rules/{rule_id}": _rule,
    "/promises": _promises,
    "/promises/{promise_id}": _promise,
}
"""By path, as the place has it."""
