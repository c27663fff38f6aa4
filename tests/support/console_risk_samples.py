"""Something to see at the places of the risk register."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from service.auth import SYSTEM, Role
from service.errors import InvalidInput
from service.monitors import MonitorDraft
from service.risks import LinkKind, Money, Risk, RiskDraft, Stage
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD

Sample = Callable[[ConsoleScene, Sequence[str]], Awaitable[str]]


async def account(scene: ConsoleScene, name: str, *roles: Role) -> str:
    """The id of an account that is made for it, unless there is one of that name."""
    for user in (await scene.container.users.page(limit=50)).items:
        if user.name == name:
            return user.id
    made = await scene.container.users.create(SYSTEM, name=name, roles=roles or (Role.VIEWER,))
    return made.user.id


def risk_draft(owner: str) -> RiskDraft:
    """Score (4×0.40 + 3×0.35 + 2×0.25) × 3 = 9.45; of 100,000 a chance of 0.30."""
    return RiskDraft(
        title="配料表与宣传不符",
        description="外包装写零添加",
        legal=4,
        user=3,
        technical=2,
        likelihood=3,
        loss=Money(amount=Decimal(100_000), currency="CNY"),
        control_cost=Money(amount=Decimal(12_000), currency="CNY"),
        compliance_cost=Money(amount=Decimal("3000.50"), currency="CNY"),
        owner=owner,
    )


async def entered(scene: ConsoleScene, owner: str = "mei", **changes: object) -> Risk:
    """An entry that the account of that name owns."""
    draft = replace(risk_draft(await account(scene, owner)), **changes)
    return await scene.container.risk_register.desk.create(LEAD, draft)


async def _told(scene: ConsoleScene, said: Sequence[str]) -> Risk:
    """Entries, links and a past that say what strangers wrote."""
    risks = scene.container.risk_register
    await scene.container.monitors.put(
        SYSTEM, MonitorDraft(id="shanlan", name="山岚", query="山岚")
    )
    origin = " ".join(said[0].split())[:100] or "手填"
    day = date(2020, 1, 1)
    await risks.rates.put(LEAD, "USD", day, rate=Decimal("7.1234"), origin=origin)
    dear = Money(amount=Decimal(90_000), currency="USD")
    made = await entered(scene, monitor="shanlan", scenario="product_quality", loss=dear)
    await entered(scene, title="标题党投放", legal=5, user=5, likelihood=5)
    for text in said[:20]:
        try:
            made = await risks.desk.edit(
                LEAD, made.id, replace(made.draft, title=text[:200], description=text[:4_000])
            )
        except InvalidInput:
            continue  # such a text is refused, which is as good
    for text in said[:5]:
        try:
            made = await risks.desk.review(LEAD, made.id, note=text, evidence="https://x.example/1")
        except InvalidInput:
            continue
    incident = await scene.open(title=said[0], monitor_id="shanlan")
    await risks.desk.link(LEAD, made.id, LinkKind.INCIDENT, incident.id)
    return await risks.desk.move(LEAD, made.id, Stage.DO, note=said[0])


async def _risks(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _told(scene, said)
    return "/risks"


async def _risk(scene: ConsoleScene, said: Sequence[str]) -> str:
    return f"/risks/{(await _told(scene, said)).id}"


async def _new(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _told(scene, said)
    return "/new-risk"


async def _rates(scene: ConsoleScene, said: Sequence[str]) -> str:
    await _told(scene, said)
    for place, text in enumerate(said[:20]):
        day = date(2021, 1, 1 + place)
        try:
            await scene.container.risk_register.rates.put(
                LEAD, "EUR", day, rate=Decimal("7.8"), origin=text[:500]
            )
        except InvalidInput:
            continue  # such an origin is refused, which is as good
    return "/risk-rates"


RISK_SAMPLES: dict[str, Sample] = {
    "/risks": _risks,
    "/risks/{risk_id}": _risk,
    "/new-risk": _new,
    "/risk-rates": _rates,
}
"""By path, as the place has it."""
