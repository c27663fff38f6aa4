"""Hand-overs in the console: what needs somebody, sent once more, a needs report sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from service.auth import Role
from service.reviews import ItemState
from service.trackers import HandoverFilter, State
from tests.support.console_aftermath_samples import closed, department, proposed
from tests.support.console_departments_samples import handed
from tests.support.console_scene import ConsoleScene, open_console
from tests.support.incident_scene import LEAD

TRACKER = """\
tracker: {name}
shape: github
address: https://{name}.example
token_env: {token}
secret_env: OPS_SECRET
values: {{owner_name: shanlan, repository: ops}}
"""


@pytest.fixture
async def tracked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ConsoleScene]:
    """A console that knows the tracker `ops`, and `other` without its token."""
    folder = tmp_path / "trackers"
    folder.mkdir()
    for name, token in (("ops", "OPS_TOKEN"), ("other", "OTHER_TOKEN")):
        (folder / f"{name}.yaml").write_text(TRACKER.format(name=name, token=token))
    monkeypatch.setenv("OPS_TOKEN", "s3cret-token")
    monkeypatch.setenv("OPS_SECRET", "s3cret-webhook")
    monkeypatch.delenv("OTHER_TOKEN", raising=False)
    async with open_console(tmp_path, FENGSUI_TRACKERS_DIR=str(folder)) as opened:
        yield opened


async def test_what_has_trouble_is_found_and_sent_once_more(tracked: ConsoleScene):
    scene = tracked
    await department(scene)
    improvement = await proposed(scene, (await closed(scene)).id)
    await scene.container.reviewing.improvements.move(LEAD, improvement.id, ItemState.ACCEPTED)
    desk = scene.container.handing_over.desk
    fine, _ = await desk.improvement(LEAD, improvement.id, "ops")
    broken = await handed(scene)
    token = await scene.person("zhao", Role.LEAD)
    page = await scene.look("/handovers", token)
    assert {"批次全检", "需求报告 shanlan", "✓ 可以移交"} <= set(page.texts)
    assert "✗ 缺令牌：运维要设置 OTHER_TOKEN" in page.texts
    assert not any("s3cret" in text for text in page.texts)
    page = await scene.look("/handovers?troubled=yes", token)
    assert "批次全检" not in page.texts
    page = await scene.look(f"/handovers/{broken.id}", token)
    assert "403 Forbidden" in page.texts
    page.press("again")
    await page.until(lambda: any("正在再试" in script for script in page.scripts))
    assert (await desk.get(LEAD, broken.id)).state is State.SENDING
    assert "again" not in (await scene.look(f"/handovers/{fine.id}", token)).keys


async def test_who_may_not_send_again_sees_no_button_and_reports_are_for_leads(
    tracked: ConsoleScene,
):
    scene = tracked
    broken = await handed(scene)
    viewer = await scene.person("wei", Role.VIEWER)
    page = await scene.look(f"/handovers/{broken.id}", viewer)
    assert "again" not in page.keys
    assert "移交需求报告" not in (await scene.look("/handovers", viewer)).texts
    assert (await scene.look("/handovers/_needs", viewer)).status == 403
    assert (await scene.look("/handovers/hov_none", viewer)).status == 404
    lead = await scene.person("zhao", Role.LEAD)
    page = await scene.look("/handovers", lead)
    assert "移交需求报告" in page.texts
    await closed(scene)
    page = await scene.look("/handovers/_needs", lead)
    sent = {"monitor": "shanlan", "tracker": "ops", "since": "2024-02-28T10:00"}
    page.send("handover-needs", **sent, until="2024-02-27T10:00")
    await page.until(lambda: page.refused("since"))
    page.send("handover-needs", **sent, until="")
    await page.until(lambda: any("names none" in text for text in page.texts))
    found = await scene.container.handing_over.desk.page(LEAD, HandoverFilter())
    assert [item.id for item in found] == [broken.id]


async def test_without_trackers_it_says_who_sets_them_up(scene: ConsoleScene):
    page = await scene.look("/handovers", await scene.person("zhao", Role.LEAD))
    assert "还没有移交过" in page.texts
    assert any("FENGSUI_TRACKERS_DIR" in text for text in page.texts)
    assert "移交需求报告" not in page.texts
