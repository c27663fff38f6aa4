"""Something to see at every place of the console, for tests that open them all.

A sample makes what a page shows, with what strangers wrote (`said`) wherever that page shows texts
of strangers, and answers the path to open. A path with an id must have one; a page that would be
empty without should. Page writers add theirs below, one entry a path.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from playbooks.schema import StatementKind
from service.auth import SYSTEM
from service.errors import InvalidInput
from service.incidents import Action
from service.monitors import BrandDraft
from service.statements import Change, Fact, NewStatement, Statement
from tests.support.clock import START
from tests.support.console_admin_samples import ADMIN_SAMPLES
from tests.support.console_aftermath_samples import AFTERMATH_SAMPLES
from tests.support.console_briefing_samples import BRIEFING_SAMPLES
from tests.support.console_complaint_samples import COMPLAINT_SAMPLES
from tests.support.console_departments_samples import DEPARTMENTS_SAMPLES
from tests.support.console_risk_samples import RISK_SAMPLES
from tests.support.console_rules_samples import RULES_SAMPLES
from tests.support.console_samples_duty import DUTY_SAMPLES
from tests.support.console_scene import ConsoleScene
from tests.support.console_settings_samples import SETTINGS_SAMPLES
from tests.support.incident_scene import LEAD as LIN
from tests.support.incident_scene import evidence
from tests.support.insight_scene import MONITOR, brands, feeds, posts, rain, story, topics

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]


async def _queue(scene: ConsoleScene, said: Sequence[str]) -> str:
    for place, text in enumerate(said[:20]):
        await scene.open(title=text, monitor_id=f"m{place}")
    return "/"


async def _incident(scene: ConsoleScene, said: Sequence[str]) -> str:
    posts = tuple(
        replace(
            evidence(number, at=START),
            snapshot={"text": text, "title": text, "url": text, "source": text, "author": text},
        )
        for number, text in enumerate(said)
    )
    incident = await scene.open(evidence=posts, title=said[0])
    return f"/incidents/{incident.id}"


async def _history(scene: ConsoleScene, said: Sequence[str]) -> str:
    for place, text in enumerate(said[:10]):
        incident = await scene.open(title=text, monitor_id=f"m{place}")
        await scene.act(incident.id, Action.MARK_FALSE_POSITIVE)
    return "/history"


async def _brands(scene: ConsoleScene, said: Sequence[str]) -> str:
    for place, text in enumerate(said):
        draft = BrandDraft(id=f"b{place}", name=text, aliases=(text,))
        try:
            await scene.container.brands.put(SYSTEM, draft)
        except InvalidInput:
            continue  # such a name is refused, which is as good
    return "/brands"


async def _brand(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _brands(scene, said)
    kept = await scene.container.brands.every()
    return f"/brands/{kept[0].id}"


def _figures(path: str) -> Sample:
    """A page of figures over a month of posts, and a crisis."""

    async def made(scene: ConsoleScene, said: Sequence[str]) -> str:
        await brands(scene, name=_name(said))
        await posts(scene, said)
        await feeds(scene, said)
        await rain(scene)
        await scene.open(title=said[0], monitor_id=MONITOR)
        scene.clock.step(minutes=1)
        return path

    return made


def _name(said: Sequence[str]) -> str:
    """The first that may be a name."""
    short = (text.strip() for text in said if text.isprintable())
    return next((text for text in short if 3 < len(text) <= 60), "晨屿")


async def _feed(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _figures("")(scene, said)
    return "/coverage/heimao"


async def _story(scene: ConsoleScene, said: Sequence[str]) -> str:
    await brands(scene)
    return f"/stories/{await story(scene, await posts(scene, said, days=2))}"


async def _stories(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _story(scene, said)
    return "/stories"


async def _topics(scene: ConsoleScene, said: Sequence[str]) -> str:
    await brands(scene)
    await posts(scene, said)
    return f"/topics/{(await topics(scene)).number}"


async def _forecast(scene: ConsoleScene, said: Sequence[str]) -> str:
    await brands(scene, name=_name(said))
    await posts(scene, said, days=90, a_day=4)
    return "/forecast"


async def _cost(scene: ConsoleScene, said: Sequence[str]) -> str:
    await brands(scene)
    incident = await scene.open(title=said[0], monitor_id=MONITOR)
    return f"/handling/{incident.id}"


async def _statement(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _incident(scene, said)
    incident = await scene.open(title=said[0], monitor_id="stated", evidence=())
    desk = scene.container.statements.desk
    made: Statement | None = None
    for place, text in enumerate(said[:20]):
        scene.clock.step(seconds=1)
        title = f"{place} {text}"[:190]
        wanted = NewStatement(title=title, kind=StatementKind.HOLDING, lang="zh", text=f"{text}。")
        try:
            made = await desk.draft(LIN, incident.id, wanted)
            change = Change(
                text=f"{text}。同批次产品全额退款。", facts=(Fact(text=text, source=text),)
            )
            await desk.save(LIN, made.id, change)
        except InvalidInput:
            continue  # such a text is refused, which is as good
    assert made is not None
    return f"/statements/{made.id}"


async def _statements(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _statement(scene, said)
    return "/statements"


async def _new_statement(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"{await _incident(scene, said)}/statements/new"


SAMPLES: dict[str, Sample] = (
    DUTY_SAMPLES
    | ADMIN_SAMPLES
    | SETTINGS_SAMPLES
    | RULES_SAMPLES
    | AFTERMATH_SAMPLES
    | RISK_SAMPLES
    | COMPLAINT_SAMPLES
    | DEPARTMENTS_SAMPLES
    | BRIEFING_SAMPLES
    | {
        "/": _queue,
        "/incidents/{incident_id}": _incident,
        "/statements": _statements,
        "/statements/{statement_id}": _statement,
        "/incidents/{incident_id}/statements/new": _new_statement,
        "/history": _history,
        "/brands": _brands,
        "/brands/{brand_id}": _brand,
        "/board": _figures("/board?period=month"),
        "/board/{indicator}": _figures("/board/negative_share?period=month"),
        "/coverage": _figures("/coverage"),
        "/coverage/{feed_id:path}": _feed,
        "/stories": _stories,
        "/stories/{story_id}": _story,
        "/topics": _figures("/topics"),
        "/topics/{number}": _topics,
        "/causes": _figures("/causes?period=month&series=rain.hangzhou"),
        "/forecast": _forecast,
        "/handling": _figures("/handling"),
        "/handling/{incident_id}": _cost,
        "/wall": _figures("/wall"),
    }
)
"""By path, as the place has it."""


async def sample_path(scene: ConsoleScene, path: str, said: Sequence[str]) -> str:
    """Make what the page of that path shows, and answer the address to open."""
    made = SAMPLES.get(path)
    if made is not None:
        return await made(scene, said)
    if "{" in path:
        raise AssertionError(f"{path} needs a sample in tests/support/console_samples.py")
    return path
