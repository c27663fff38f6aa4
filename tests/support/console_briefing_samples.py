"""Something to see at the places of briefings: figures and quotes of what strangers wrote."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from service.auth import Role
from service.briefings import Briefing, Kind, Prose, ScheduleDraft, Scope, SectionId
from service.errors import InvalidInput
from service.monitors import ChannelDraft, ChannelKind
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import person
from tests.support.insight_scene import MONITOR, brands, posts

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]

ANALYST = person("ana", Role.ANALYST)
OTHER_LEAD = person("ou", Role.LEAD)


async def prepared(scene: ConsoleScene, said: Sequence[str]) -> Briefing:
    """A special briefing of the last day, which quotes what strangers said; not approved."""
    container = scene.container
    await brands(scene)
    await posts(scene, said, days=3)
    channel = ChannelDraft(id="chat", kind=ChannelKind.RECORDING, name="值班群")
    await container.channels.put(scene.admin, channel)
    await scene.open(title=said[0], monitor_id=MONITOR)
    now = scene.clock.now()
    made = await container.briefings.desk.prepare(
        ANALYST,
        Kind.SPECIAL,
        scope=Scope(monitors=(MONITOR,)),
        since=now - timedelta(days=1),
        until=now,
    )
    for text in said:
        prose = Prose(lead=text, comments={SectionId.VOICES: text}, hidden=(SectionId.MOVED,))
        try:
            return await container.briefings.desk.edit(ANALYST, made.id, prose)
        except InvalidInput:
            continue  # such a text is refused, which is as good
    return made


async def _one(scene: ConsoleScene, said: Sequence[str]) -> str:
    """Approved: it may be sent, and still be written in."""
    made = await prepared(scene, said)
    await scene.container.briefings.desk.approve(OTHER_LEAD, made.id)
    return f"/briefings/{made.id}"


async def _every(scene: ConsoleScene, said: Sequence[str]) -> str:
    await prepared(scene, said)
    return "/briefings"


async def _new(scene: ConsoleScene, said: Sequence[str]) -> str:
    await brands(scene)
    return "/new-briefing"


async def _schedules(scene: ConsoleScene, said: Sequence[str]) -> str:
    await brands(scene)
    for place, text in enumerate(said[:30]):
        draft = ScheduleDraft(id=f"s{place}", name=text)
        try:
            await scene.container.briefings.schedules.put(ANALYST, draft)
        except InvalidInput:
            continue  # such a name is refused, which is as good
    return "/briefing-schedules"


async def _schedule(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _schedules(scene, said)
    kept = await scene.container.briefings.schedules.every()
    return f"/briefing-schedules/{kept[0].id}"


BRIEFING_SAMPLES: dict[str, Sample] = {
    "/briefings": _every,
    "/briefings/{briefing_id}": _one,
    "/new-briefing": _new,
    "/briefing-schedules": _schedules,
    "/briefing-schedules/{schedule_id}": _schedule,
    "/new-briefing-schedule": _new,
}
"""By path, as the place has it."""
