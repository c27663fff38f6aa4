"""Playbooks in the console: plans with their times, whom they would reach, the handbook."""

from __future__ import annotations

from datetime import date

from service.auth import SYSTEM, Role
from service.monitors import ChannelDraft, ChannelKind
from service.oncall import ContactDraft, DutyDraft, RotaDraft
from service.oncall.model import ContactChannel, Layer, Target, TargetKind
from tests.support.console_scene import ConsoleScene

PLAYBOOK = "product_quality"


async def staffed(scene: ConsoleScene) -> None:
    """A rota of one person who stands for the role on duty."""
    container = scene.container
    await container.channels.put(
        SYSTEM, ChannelDraft(id="phone", kind=ChannelKind.RECORDING, name="值班手机")
    )
    channels = (ContactChannel(channel="phone"),)
    await container.contacts.put(SYSTEM, ContactDraft(id="lin", name="林晓", channels=channels))
    layer = Layer(members=("lin",), starts_on=date(2024, 1, 1))
    await container.rotas.put(SYSTEM, RotaDraft(id="night", name="值班表", layers=(layer,)))
    holder = Target(kind=TargetKind.ROTA, id="night")
    for role in ("duty", "pr", "executive"):
        await container.duties.put(SYSTEM, DutyDraft(id=role, name=role, holder=holder))


async def test_every_playbook_stands_against_the_tiers(scene: ConsoleScene):
    page = await scene.look("/playbooks", await scene.person("eva", Role.VIEWER))
    library = scene.container.library
    named = {library.scenarios[name].name.zh for name in library.scenarios}
    assert named <= set(page.texts)
    links = {str(item.props.get("href", "")) for item in page.elements}
    assert f"/console/playbooks/{PLAYBOOK}?tier=red" in links


async def test_a_plan_has_the_times_of_its_tier(scene: ConsoleScene):
    token = await scene.person("eva", Role.VIEWER)
    at = "2024-03-01T10:00"
    page = await scene.look(f"/playbooks/{PLAYBOOK}?tier=red&at={at}", token)
    assert any(text.startswith("处置步骤（") for text in page.texts)
    assert any(text.startswith("03-01 10:") and text.endswith("CST") for text in page.texts)
    assert "开单后 5分" in page.texts or any(text.startswith("开单后") for text in page.texts)
    wrong = await scene.look(f"/playbooks/{PLAYBOOK}?tier=none&at=never", token)
    assert any(text.startswith("处置步骤（") for text in wrong.texts)


async def test_what_would_happen_names_who_is_on(scene: ConsoleScene):
    await staffed(scene)
    token = await scene.person("eva", Role.VIEWER)
    page = await scene.look(f"/playbooks/{PLAYBOOK}?tier=red", token)
    await page.until(lambda: "林晓（值班手机）" in page.texts)
    assert "逾期升级" in page.texts
    assert any("处届时找不到人" in text for text in page.texts)
    assert "▲ 没有人顶“法务”这个角色" in page.texts


async def test_the_handbook_is_a_document_to_print(scene: ConsoleScene):
    browser = await scene.http(await scene.person("eva", Role.VIEWER))
    answer = await browser.get("/console/playbooks?handbook=en")
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert "Crisis handbook" in answer.text
    assert "危机应对手册" in (await browser.get("/console/playbooks?handbook=nonsense")).text
    answer = await browser.get("/console/playbooks?handbook=zh&form=docx")
    assert answer.content[:2] == b"PK"


async def test_a_playbook_that_is_none_is_said_to_be_gone(scene: ConsoleScene):
    browser = await scene.http(await scene.person("eva", Role.VIEWER))
    assert (await browser.get("/console/playbooks/none")).status_code == 404
