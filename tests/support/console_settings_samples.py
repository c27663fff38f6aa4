"""Something to see at the places of settings: monitors, sources, channels, on call, silences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import time, timedelta

from crawlers import Author, Post
from service.auth import SYSTEM
from service.errors import InvalidInput
from service.ingest.imports import ImportOptions
from service.monitors import (
    BrandDraft,
    ChannelDraft,
    ChannelKind,
    MonitorDraft,
    SourceDraft,
)
from service.oncall import ContactDraft, DutyDraft, Matcher, RotaDraft
from service.oncall.model import ContactChannel, Layer, Override, Target, TargetKind, Window
from service.series import Point
from tests.support.console_scene import ConsoleScene

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]


async def watched(scene: ConsoleScene, said: Sequence[str]) -> None:
    """Monitors with names and queries of strangers, and posts that the first one takes."""
    container = scene.container
    await container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    draft = MonitorDraft(id="chenyu", name="晨屿全部", query="*", brand_id="chenyu")
    await container.monitors.put(SYSTEM, draft)
    for place, text in enumerate(said[:40]):
        try:
            draft = MonitorDraft(id=f"m{place}", name=text, query=f'"{text[:80]}"')
            await container.monitors.put(SYSTEM, draft)
        except InvalidInput:
            continue  # such a name or query is refused, which is as good
    posts = [
        Post(
            source="weibo",
            native_id=str(place),
            published_at=scene.clock.now() - timedelta(hours=3 * place % 140),
            text=text,
            title=text[:200],
            author=Author(id=f"u{place}", name=text[:100]),
        )
        for place, text in enumerate(said)
        if text.strip()
    ]
    await container.ingest.ingest(posts, via="push")


def _after(made: Callable[[ConsoleScene, Sequence[str]], Awaitable[None]], path: str) -> Sample:
    async def sample(scene: ConsoleScene, said: Sequence[str]) -> str:
        await made(scene, said)
        return path

    return sample


async def _pulled(scene: ConsoleScene, said: Sequence[str]) -> None:
    sources = scene.container.sources
    feed = SourceDraft(
        id="feed",
        kind="rss",
        name="消费者新闻",
        settings={"url": "https://news.example/feed.xml"},
    )
    hook = SourceDraft(
        id="hook",
        kind="webhook",
        name="客服工单",
        settings={
            "platform": "kefu",
            "proof": "bearer",
            "fields": {"text": "said", "native_id": "no", "published_at": "at"},
        },
        secrets={"secret": "long-enough-and-hidden"},
    )
    for draft in (feed, hook):
        await sources.put(SYSTEM, draft)
    for place, text in enumerate(said[:40]):
        try:
            await sources.put(
                SYSTEM,
                SourceDraft(
                    id=f"s{place}",
                    kind="rss",
                    name=text,
                    settings={"url": "https://news.example/feed.xml", "source": text[:200]},
                ),
            )
        except InvalidInput:
            continue


async def _reached(scene: ConsoleScene, said: Sequence[str]) -> None:
    channels = scene.container.channels
    robot = ChannelDraft(
        id="duty",
        kind=ChannelKind.DINGTALK,
        name="值班群",
        url="https://robot.example/send?access_token=hidden",
        minimum_tier="orange",
    )
    await channels.put(SYSTEM, robot)
    tape = ChannelDraft(id="tape", kind=ChannelKind.RECORDING, name="记录")
    await channels.put(SYSTEM, tape)
    for place, text in enumerate(said[:40]):
        try:
            draft = ChannelDraft(id=f"c{place}", kind=ChannelKind.RECORDING, name=text)
            await channels.put(SYSTEM, draft)
        except InvalidInput:
            continue


async def on_call(scene: ConsoleScene, said: Sequence[str]) -> None:
    """Four people, a rota with a gap at night, a stand-in, and a role that the rota fills."""
    container = scene.container
    await _reached(scene, said)
    names = {"lin": "林晓", "wu": "吴桐", "chen": "陈序", "zhao": "赵衡"}
    for person, name in names.items():
        contact = ContactDraft(
            id=person,
            name=name,
            channels=(ContactChannel(channel="duty"), ContactChannel(channel="tape")),
            quiet=Window(since=time(23), until=time(7)) if person == "zhao" else None,
        )
        await container.contacts.put(SYSTEM, contact)
    for place, text in enumerate(said[:20]):
        try:
            contact = ContactDraft(
                id=f"p{place}", name=text, channels=(ContactChannel(channel="tape"),)
            )
            await container.contacts.put(SYSTEM, contact)
        except InvalidInput:
            continue
    now = scene.clock.now()
    day = Layer(
        members=("lin", "wu", "chen"),
        starts_on=(now - timedelta(days=20)).date(),
        shift_days=1,
        window=Window(since=time(8), until=time(22)),
    )
    stand_in = Override(
        person="zhao", since=now + timedelta(hours=20), until=now + timedelta(hours=30)
    )
    desk = RotaDraft(id="desk", name="公关值班", layers=(day,), overrides=(stand_in,))
    await container.rotas.put(SYSTEM, desk)
    law = Layer(members=("zhao", "chen"), starts_on=(now - timedelta(days=30)).date())
    await container.rotas.put(SYSTEM, RotaDraft(id="law", name="法务值班", layers=(law,)))
    duty = DutyDraft(
        id="duty",
        name="值班",
        holder=Target(kind=TargetKind.ROTA, id="desk"),
        deputy=Target(kind=TargetKind.PERSON, id="zhao"),
    )
    await container.duties.put(SYSTEM, duty)


async def _hushed(scene: ConsoleScene, said: Sequence[str]) -> str:
    silences = scene.container.silences
    made = ""
    for text in said[:30]:
        scene.clock.step(seconds=1)
        try:
            silence = await silences.make(
                SYSTEM,
                Matcher(tiers=("yellow",)),
                reason=text,
                until=scene.clock.now() + timedelta(hours=3),
            )
        except InvalidInput:
            continue
        made = silence.id
    return made


async def _silences(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _hushed(scene, said)
    return "/silences"


async def _silence(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"/silences/{await _hushed(scene, said)}"


async def _imported(scene: ConsoleScene, said: Sequence[str]) -> str:
    rows = ["id,text,time,source"]
    for place, text in enumerate(said[:60]):
        cell = text.replace('"', '""').replace("\x00", "")
        rows.append(f'{place},"{cell}",2026-03-01 08:00,weibo')
    rows.append("x,,nonsense,weibo")
    content = "\n".join(rows).encode("utf-8", "replace")
    options = ImportOptions.of(name="posts.csv", zone=scene.container.settings.zone)
    return (await scene.container.imports.begin(SYSTEM, content, options)).id


async def _imports(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _imported(scene, said)
    return "/imports"


async def _import(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"/imports/{await _imported(scene, said)}"


async def _counted(scene: ConsoleScene, said: Sequence[str]) -> None:
    now = scene.clock.now()
    points = [
        Point(now - timedelta(hours=hours), 40.0 + hours * 7 % 31) for hours in range(72, 0, -1)
    ]
    await scene.container.series.write(SYSTEM, "orders.hangzhou", points, unit="单")


SETTINGS_SAMPLES: dict[str, Sample] = {
    "/monitors": _after(watched, "/monitors"),
    "/monitors/_new": _after(watched, "/monitors/_new"),
    "/monitors/{monitor_id}": _after(watched, "/monitors/chenyu"),
    "/sources": _after(_pulled, "/sources"),
    "/sources/_new": _after(_pulled, "/sources/_new?kind=json_api"),
    "/sources/{source_id}": _after(_pulled, "/sources/feed"),
    "/imports": _imports,
    "/imports/{import_id}": _import,
    "/series": _after(_counted, "/series"),
    "/series/{name}": _after(_counted, "/series/orders.hangzhou"),
    "/channels": _after(_reached, "/channels"),
    "/channels/_new": _after(_reached, "/channels/_new?kind=email"),
    "/channels/{channel_id}": _after(on_call, "/channels/duty"),
    "/on-call": _after(on_call, "/on-call"),
    "/on-call/rotas/_new": _after(on_call, "/on-call/rotas/_new"),
    "/on-call/rotas/{rota_id}": _after(on_call, "/on-call/rotas/desk"),
    "/on-call/people": _after(on_call, "/on-call/people"),
    "/on-call/people/_new": _after(on_call, "/on-call/people/_new"),
    "/on-call/people/{contact_id}": _after(on_call, "/on-call/people/zhao"),
    "/on-call/roles/{role}": _after(on_call, "/on-call/roles/duty"),
    "/on-call/chains/{chain_id}": _after(on_call, "/on-call/chains/red"),
    "/silences": _silences,
    "/silences/_new": _after(watched, "/silences/_new"),
    "/silences/{silence_id}": _silence,
}
"""By path, as the place has it."""
