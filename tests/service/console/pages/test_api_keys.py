"""API keys in the console."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import SYSTEM, BadCredentials, Role
from tests.support.console_scene import ConsoleScene


async def test_a_key_is_shown_once_and_opens_what_it_should(scene: ConsoleScene):
    token = await scene.person("lin", Role.ADMIN)
    page = await scene.look("/keys/_new", token)
    page.send("key-new", name="审核网关", roles=["classifier"], expires_at="2027-01-01T00:00")
    await page.until(lambda: "密钥“审核网关”只显示这一次" in page.texts)
    secret = next(text for text in page.texts if text.startswith("fsk_"))
    holder = await scene.container.keys.authenticate(secret)
    assert holder.roles == {Role.CLASSIFIER}
    (key,) = (await scene.container.keys.page(SYSTEM)).items
    assert key.expires_at is not None
    assert key.expires_at.isoformat() == "2026-12-31T16:00:00+00:00"
    for path in ("/keys", f"/keys/{key.id}"):
        texts = (await scene.look(path, token)).texts
        assert f"fsk_{key.prefix}_…" in texts
        assert not any(secret in text for text in texts)


async def test_a_key_without_roles_or_with_an_end_in_the_past_is_not_made(scene: ConsoleScene):
    page = await scene.look("/keys/_new", await scene.person("lin", Role.ADMIN))
    page.send("key-new", name="审核网关", roles=[], expires_at="")
    await page.until(lambda: page.refused("roles"))
    page.send("key-new", name="审核网关", roles=["classifier"], expires_at="2020-01-01T00:00")
    await page.until(lambda: page.refused("expires_at"))
    assert (await scene.container.keys.page(SYSTEM)).items == ()


async def test_a_key_is_replaced_first_and_then_revoked(scene: ConsoleScene):
    old = await scene.container.keys.create(SYSTEM, name="审核网关", roles=[Role.CLASSIFIER])
    token = await scene.person("lin", Role.ADMIN)
    page = await scene.look(f"/keys/_new?instead_of={old.key.id}", token)
    form = f"key-instead-of-{old.key.id}"
    page.send(form, name="审核网关", roles=["classifier"], expires_at="")
    await page.until(lambda: "密钥“审核网关”只显示这一次" in page.texts)
    secret = next(text for text in page.texts if text.startswith("fsk_"))
    await scene.container.keys.authenticate(old.token)
    page = await scene.look(f"/keys/{old.key.id}", token)
    page.press("revoke")
    await page.until(lambda: "吊销密钥“审核网关”？" in page.texts)
    page.answer("吊销")
    await page.until(lambda: any("密钥已吊销" in script for script in page.scripts))
    with pytest.raises(BadCredentials):
        await scene.container.keys.authenticate(old.token)
    assert (await scene.container.keys.authenticate(secret)).roles == {Role.CLASSIFIER}
    assert "✗ 已吊销" in (await scene.look(f"/keys/{old.key.id}", token)).texts


async def test_keys_are_found_by_how_they_stand(scene: ConsoleScene):
    ends = scene.clock.now() + timedelta(minutes=5)
    await scene.container.keys.create(SYSTEM, name="短", roles=[Role.VIEWER], expires_at=ends)
    await scene.container.keys.create(SYSTEM, name="长", roles=[Role.VIEWER])
    scene.clock.step(minutes=6)
    page = await scene.look("/keys?state=expired", await scene.person("lin", Role.ADMIN))
    assert "短" in page.texts
    assert "长" not in page.texts


async def test_a_key_that_never_was_is_not_found(scene: ConsoleScene):
    page = await scene.look("/keys/key_none", await scene.person("lin", Role.ADMIN))
    assert page.status == 404
