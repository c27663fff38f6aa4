"""The whole service in virtual time: a post comes in, its ticket is answered, its author erased."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from crawlers import Author, Post
from service.auth import SYSTEM
from service.bootstrap import Container, build
from service.complaints import ComplaintFilter, Deed, Published, Said, State
from service.jobs import advance
from service.monitors import BadConfig, BrandDraft, ChannelDraft, ChannelKind, MonitorDraft
from service.retention import ErasureJob, request_erasure
from service.settings import load_settings
from tests.support.clock import SteppingClock
from tests.support.complaint_scene import RUI

pytestmark = pytest.mark.asyncio(loop_scope="module")
TEXT = "买的青柚茶是坏的，客服拒绝退款，态度恶劣，我要投诉"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def container(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Container]:
    folder: Path = tmp_path_factory.mktemp("complaints")
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "complaint-test-" * 4,
            "FENGSUI_WORKER_ID": "test",
            "FENGSUI_COMPLAINT_WATCHING": "always",
        }
    )
    built = await build(settings, clock=SteppingClock(), virtual=True, random=lambda: 0.5)
    try:
        await built.brands.put(SYSTEM, BrandDraft(id="qingyou", name="青柚茶"))
        draft = MonitorDraft(id="tea", name="茶", query="青柚茶", brand_id="qingyou")
        await built.monitors.put(SYSTEM, draft)
        channel = ChannelDraft(id="real", kind=ChannelKind.RECORDING, name="real")
        await built.channels.put(SYSTEM, channel)
        yield built
    finally:
        await built.close()


def post(container: Container, number: int, **changes: Any) -> Post:
    values: dict[str, Any] = {
        "source": "weibo",
        "native_id": str(number),
        "published_at": container.clock.now(),
        "text": TEXT,
        "author": Author(id=f"u{number}", name=f"小满{number}", followers=50),
    }
    return Post(**(values | changes))


async def wait(container: Container, **duration: float) -> None:
    clock = container.clock
    assert isinstance(clock, SteppingClock)
    await advance(clock, container.line, clock.now() + timedelta(**duration))


async def test_from_the_post_to_the_erasure(container: Container) -> None:
    await container.ingest.ingest([post(container, 1)], via="push")
    complaints = container.complaints
    (found,) = await complaints.desk.page(SYSTEM, ComplaintFilter())
    assert (found.state, found.monitor_id) == (State.OPEN, "tea")
    assert found.author is not None

    await wait(container, minutes=15)
    heard = [item.message.type.value for item in container.recorder.sent]
    assert [kind for kind in heard if kind.startswith("complaint")] == [
        "complaint.due_soon",
        "complaint.due",
    ]
    for deed in (Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL):
        said = Published(channel="weibo", text="您好，对不起")
        await complaints.handling.say(RUI, found.id, deed, said)
    rated = await complaints.handling.rate(RUI, found.id, Said(csat=4))
    assert (rated.state, rated.breaches) == (State.RATED, 1)

    author = found.author
    now = container.clock.now()
    async with container.database.write() as connection:
        await request_erasure(connection, author, actor="usr_lin", reason="本人要求", at=now)
    (job,) = [item for item in container.upkeep if isinstance(item, ErasureJob)]
    assert [item.author for item in await job.erase_all(now)] == [author]
    left = (await complaints.desk.file(SYSTEM, found.id)).complaint
    assert (left.author, left.text, left.csat) == (None, None, 4)


async def test_a_brought_again_post_wakes_nobody(container: Container) -> None:
    before = await container.complaints.desk.page(SYSTEM, ComplaintFilter())
    fresh = post(container, 2)
    for _ in range(2):
        await container.ingest.ingest([fresh], via="push")
    after = await container.complaints.desk.page(SYSTEM, ComplaintFilter())
    assert len(after) == len(before) + 1


async def test_a_rehearsal_opens_none(tmp_path: Path) -> None:
    settings = load_settings(
        {"FENGSUI_DATA_DIR": str(tmp_path), "FENGSUI_SECRET_KEY": "complaint-test-" * 4}
    )
    built = await build(settings, clock=SteppingClock(), virtual=True, random=lambda: 0.5)
    try:
        assert built.complaints.watch is None
    finally:
        await built.close()


async def test_rules_come_from_a_file(container: Container, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(
        "complaint_rules:\n  - {id: shop, monitors: [tea], needs: either, per_hour: 3}\n",
        encoding="utf-8",
    )
    await container.importer.apply(SYSTEM, file)
    assert (await container.complaints.rules.get("shop")).per_hour == 3
    file.write_text("complaint_rules:\n  - {id: shop, confidence: 7}\n", encoding="utf-8")
    with pytest.raises(BadConfig, match="from 0 to 1"):
        await container.importer.apply(SYSTEM, file)
