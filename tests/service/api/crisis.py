"""A crisis for the API to work on: posts pushed in, a virtual quarter of an hour, an incident."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crawlers import parse_post
from service.auth import SYSTEM
from service.bootstrap import Container
from service.incidents import State
from service.incidents.repository import IncidentFilter
from service.jobs import advance
from service.monitors import BrandDraft, ChannelDraft, ChannelKind, MonitorDraft
from tests.support.clock import SteppingClock


def wire_post(number: int | str = 1, **changed: Any) -> dict[str, Any]:
    """A post on a line."""
    return {
        "source": "weibo",
        "native_id": str(number),
        "published_at": "2024-03-01T01:50:00Z",
        "text": f"喝了山岚酸奶，孩子食物中毒住院了，客服说不关他们的事，第{number}瓶",
        "author": {"id": f"u{number}", "name": f"小满{number}"},
    } | changed


_WORDINGS = (
    "喝了山岚酸奶，孩子食物中毒住院了，客服说不关他们的事",
    "山岚这批奶是怎么回事？我妈上吐下泻，连夜送急诊",
    "刚从医院出来，医生说就是食物中毒，喝的是山岚",
    "朋友圈三家人都中招了，全是山岚的酸奶，送急诊洗胃",
    "山岚客服只会道歉，我女儿还在输液，食物中毒不是小事",
    "同事聚餐喝山岚，五个人上吐下泻，其中一个进了急诊",
)


async def open_crisis(
    container: Container, clock: SteppingClock, *, name: str = "shanlan", posts: int = 60
) -> str:
    """Push posts of one brand until an incident opens; its id."""
    await container.brands.put(SYSTEM, BrandDraft(id=name, name="山岚"))
    await container.monitors.put(
        SYSTEM, MonitorDraft(id=name, name="山岚", query="山岚", brand_id=name)
    )
    await container.channels.put(
        SYSTEM, ChannelDraft(id="recording", kind=ChannelKind.RECORDING, name="Recording")
    )
    published = (clock.now() - timedelta(minutes=5)).isoformat()
    pushed = [
        parse_post(
            wire_post(
                f"{name}-{number}",
                published_at=published,
                text=f"{_WORDINGS[number % len(_WORDINGS)]}（第{number}瓶）",
            )
        )
        for number in range(posts)
    ]
    await container.ingest.ingest(pushed, via="push")
    await advance(clock, container.line, clock.now() + timedelta(minutes=3))
    found = await container.desk.newest(
        SYSTEM, IncidentFilter(monitors=(name,), states=(State.NEW,)), limit=1
    )
    return found[0].id
