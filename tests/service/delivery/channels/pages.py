"""Messages and a card builder for the tests beside this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.delivery import ChannelTarget, Message
from service.delivery.channels import Cards, CardStep, Links
from service.delivery.channels.wording import Terms, TierTerm
from service.events import EventType

AT = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
INCIDENT = "inc_0123456789abcdef0123"
HOSTILE = (
    "@所有人 <!channel> <at id=all></at> [点我](http://evil.example/x) "
    "\u202egnp.exe\u202c \u200b**粗** `code` ![x](https://evil.example/p.png) &amp; "
    "<b>hi</b>\n# 标题"
)

TERMS = Terms(
    tiers={
        "yellow": TierTerm(names={"zh": "一般", "en": "Minor"}, from_top=2, colour="#d4a017"),
        "orange": TierTerm(names={"zh": "较大", "en": "Major"}, from_top=1, colour="#e8710a"),
        "red": TierTerm(names={"zh": "重大", "en": "Critical"}, from_top=0, colour="#c5221f"),
    },
    scenarios={"product_quality": {"zh": "产品质量", "en": "Product quality"}},
    rules={"burst": {"zh": "负面声量骤增", "en": "Negative posts surge"}},
)


def links() -> Links:
    return Links(sign=lambda data: bytes([len(data) % 251]) * 16, public_url="https://f.example")


async def steps(incident_id: str) -> Sequence[CardStep]:
    return (
        CardStep(title={"zh": "核实事实", "en": "Verify"}, due_at=AT + timedelta(minutes=15)),
        CardStep(title={"zh": "拉群", "en": "Team up"}, due_at=None),
    )


def cards() -> Cards:
    return Cards(terms=TERMS, zone=ZoneInfo("Asia/Shanghai"), links=links(), steps=steps)


def incident(**changes: Any) -> dict[str, Any]:
    return {
        "id": INCIDENT,
        "kind": "crisis",
        "drill": False,
        "monitor": "tea",
        "scenario": "product_quality",
        "title": "云朵茶饮：奶茶里有异物",
        "tier": "red",
        "state": "new",
        "first_post_at": "2026-03-02T01:00:00.000Z",
        "opened_at": "2026-03-02T02:00:00.000Z",
        "posts": 42,
        "reasons": [
            {"clause": "negative_1h >= 50", "value": 80, "threshold": 50, "rules": ["burst"]}
        ],
        "url": f"https://f.example/console/incidents/{INCIDENT}",
        **changes,
    }


def message(
    type_: EventType = EventType.INCIDENT_OPENED,
    *,
    person: str | None = None,
    extra: dict[str, Any] | None = None,
    **changes: Any,
) -> Message:
    return Message(
        id="msg_0123456789abcdef0123",
        type=type_,
        occurred_at=AT - timedelta(minutes=5),
        data={"incident": incident(**changes), **(extra or {})},
        person=person,
    )


def digest(count: int) -> Message:
    parts = tuple(message(title=f"第 {place} 起") for place in range(1, count + 1))
    return Message(
        id="dig_0123456789abcdef0123",
        type=parts[0].type,
        occurred_at=AT,
        data={},
        parts=parts,
    )


def channel(kind: str, url: str | None = None, *secrets: str, **settings: Any) -> ChannelTarget:
    return ChannelTarget(id="duty", kind=kind, url=url, secrets=secrets, settings=settings)
