from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from service.audit import entries
from service.auth import SYSTEM
from service.db import Database
from service.db.changes import changes_after
from service.db.tables import channel, outbox
from service.delivery.signing import generate_secret
from service.errors import Conflict, InvalidInput
from service.monitors import ChannelDraft, ChannelKind, Channels, SaveChange
from tests.support.clock import SteppingClock

HOOK = ChannelDraft(
    id="ops",
    kind=ChannelKind.WEBHOOK,
    name="值班",
    url="https://hooks.example/services/T0/geheim",
    events=("incident.opened", "step.due"),
    minimum_tier="orange",
)


async def test_the_address_is_never_shown_but_for_its_host(
    database: Database, channels: Channels
) -> None:
    saved = await channels.put(SYSTEM, HOOK)
    assert saved.item.url_host == "hooks.example"
    async with database.read() as connection:
        rows = str((await connection.execute(select(channel))).all())
        rows += str((await entries(connection)).items)
    assert "geheim" not in rows + str(saved.item) + str(HOOK)


async def test_a_webhook_without_a_secret_gets_one_shown_once(channels: Channels) -> None:
    saved = await channels.put(SYSTEM, HOOK)
    assert saved.new_secret is not None
    assert saved.new_secret.startswith("whsec_")
    assert saved.item.signed
    (target,) = await channels.targets()
    assert target.secrets == (saved.new_secret,)
    again = await channels.put(SYSTEM, HOOK)
    assert (again.change, again.new_secret) == (SaveChange.UNCHANGED, None)


async def test_targets_have_all_that_sending_needs(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    (target,) = await channels.targets()
    assert target.url == HOOK.url
    assert target.minimum_rank == 2
    assert target.events == ("incident.opened", "step.due")


async def test_an_edit_without_address_and_secrets_keeps_them(channels: Channels) -> None:
    secrets = (generate_secret(), generate_secret())
    await channels.put(SYSTEM, replace(HOOK, secrets=secrets))
    await channels.put(SYSTEM, replace(HOOK, url=None, name="x"))
    (target,) = await channels.targets()
    assert (target.url, target.secrets) == (HOOK.url, secrets)


async def test_rotation_signs_with_both_for_a_while(channels: Channels) -> None:
    first = (await channels.put(SYSTEM, HOOK)).new_secret
    second = (await channels.rotate_secret(SYSTEM, "ops")).new_secret
    (target,) = await channels.targets()
    assert target.secrets == (second, first)
    for _ in range(3):
        await channels.rotate_secret(SYSTEM, "ops")
    (target,) = await channels.targets()
    assert len(target.secrets) == 3
    assert first not in target.secrets


@pytest.mark.parametrize(
    ("draft", "path"),
    [
        (replace(HOOK, url=None), "url"),
        (replace(HOOK, url="ftp://x.example"), "url"),
        (replace(HOOK, url="https://"), "url"),
        (replace(HOOK, url="https://[broken"), "url"),
        (replace(HOOK, url="https://x.example/" + "x" * 2_000), "url"),
        (replace(HOOK, minimum_tier="purple"), "minimum_tier"),
        (replace(HOOK, events=("incident.exploded",)), "events"),
        (replace(HOOK, secrets=("whsec_short",)), "secrets[0]"),
        (replace(HOOK, secrets=tuple(generate_secret() for _ in range(4))), "secrets"),
        (replace(HOOK, settings={"app_token": "x"}), "settings.app_token"),
    ],
)
async def test_mistakes_are_named_without_the_address(
    channels: Channels, draft: ChannelDraft, path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await channels.put(SYSTEM, draft)
    assert [found for found, _ in refused.value.errors] == [path]
    assert "geheim" not in str(refused.value.errors)


async def test_a_recording_channel_needs_nothing(channels: Channels) -> None:
    saved = await channels.put(
        SYSTEM, ChannelDraft(id="rec", kind=ChannelKind.RECORDING, name="记录", drill=True)
    )
    assert (saved.item.url_host, saved.item.signed, saved.new_secret) == (None, False, None)
    (target,) = await channels.targets()
    assert (target.secrets, target.minimum_rank, target.drill) == ((), None, True)


async def test_a_channel_whose_receiver_is_gone_is_switched_off_once(
    database: Database, channels: Channels, clock: SteppingClock
) -> None:
    await channels.put(SYSTEM, HOOK)
    for _ in range(2):
        async with database.write() as connection:
            await channels.switch_off(connection, "ops", "HTTP 410", clock.now())
    assert not (await channels.get("ops")).enabled
    async with database.read() as connection:
        trail = (await entries(connection)).items
        changes = await changes_after(connection, 0)
        told = (await connection.execute(select(outbox))).all()
    assert [entry.action for entry in trail] == ["channel.switched_off", "channel.created"]
    assert len(changes) == 2
    assert [row.type for row in told] == ["channel.disabled"]
    assert told[0].data["channel"]["id"] == "ops"
    assert "geheim" not in str(told)


async def test_filters(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    await channels.put(
        SYSTEM, ChannelDraft(id="rec", kind=ChannelKind.RECORDING, name="x", enabled=False)
    )
    hooks = await channels.page(kind=ChannelKind.WEBHOOK)
    assert [item.id for item in hooks.items] == ["ops"]
    assert [item.id for item in (await channels.page(enabled=False)).items] == ["rec"]


DUTY = ChannelDraft(
    id="duty",
    kind=ChannelKind.FEISHU,
    name="值班群",
    url="https://open.feishu.example/open-apis/bot/v2/hook/geheim",
    settings={"fallback": "ops"},
)


async def test_a_channel_switched_off_by_failure_is_marked_until_a_person_turns_it_on(
    database: Database, channels: Channels, clock: SteppingClock
) -> None:
    await channels.put(SYSTEM, HOOK)
    await channels.put(SYSTEM, DUTY)
    async with database.write() as connection:
        await channels.switch_off(connection, "duty", "HTTP 410", clock.now())
    duty = next(target for target in await channels.targets() if target.id == "duty")
    assert (duty.enabled, duty.switched_off, duty.fallback) == (False, True, "ops")
    await channels.put(SYSTEM, DUTY)
    duty = next(target for target in await channels.targets() if target.id == "duty")
    assert (duty.enabled, duty.switched_off) == (True, False)


async def test_a_channel_that_a_person_switches_off_hands_on_nothing(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    await channels.put(SYSTEM, replace(DUTY, enabled=False))
    duty = next(target for target in await channels.targets() if target.id == "duty")
    assert (duty.enabled, duty.switched_off) == (False, False)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"settings": {"fallback": "nowhere"}}, "no channel 'nowhere'"),
        ({"settings": {"fallback": "duty"}}, "for itself"),
        ({"drill": True}, "drills"),
    ],
)
async def test_a_fallback_must_be_able_to_stand_in(
    channels: Channels, changes: dict[str, object], word: str
) -> None:
    await channels.put(SYSTEM, HOOK)
    with pytest.raises(InvalidInput) as refused:
        await channels.put(SYSTEM, replace(DUTY, **changes))
    ((path, message),) = refused.value.errors
    assert path == "settings.fallback"
    assert word in message


async def test_fallbacks_make_no_circle(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    await channels.put(SYSTEM, DUTY)
    with pytest.raises(InvalidInput) as refused:
        await channels.put(SYSTEM, replace(HOOK, settings={"fallback": "duty"}))
    assert refused.value.errors == (("settings.fallback", "a circle: ops > duty > ops"),)


async def test_a_fallback_in_use_stays(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    await channels.put(SYSTEM, DUTY)
    with pytest.raises(Conflict, match="channel duty as its fallback"):
        await channels.delete(SYSTEM, "ops")
    await channels.delete(SYSTEM, "duty")
    await channels.delete(SYSTEM, "ops")


async def test_a_robots_secret_is_the_providers_to_make(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    saved = await channels.put(SYSTEM, replace(DUTY, secrets=("abc",)))
    assert (saved.new_secret, saved.item.signed) == (None, True)
    with pytest.raises(InvalidInput, match="come from the provider"):
        await channels.rotate_secret(SYSTEM, "duty")


async def test_another_kind_forgets_the_secrets_of_the_last(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    saved = await channels.put(SYSTEM, replace(HOOK, kind=ChannelKind.SLACK))
    assert not saved.item.signed
    back = await channels.put(SYSTEM, HOOK)
    assert back.new_secret is not None


async def test_a_heartbeat_is_not_for_people(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    with pytest.raises(InvalidInput) as refused:
        await channels.put(SYSTEM, replace(DUTY, events=("service.heartbeat",)))
    assert [path for path, _ in refused.value.errors] == ["events"]


async def test_what_others_fall_back_to_stays_for_the_same_use(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    await channels.put(SYSTEM, DUTY)
    with pytest.raises(InvalidInput) as refused:
        await channels.put(SYSTEM, replace(HOOK, drill=True))
    assert refused.value.errors == (
        ("drill", "duty falls back to it, and must be for the same use"),
    )


async def test_a_pager_without_its_key_is_not_saved(channels: Channels) -> None:
    pager = ChannelDraft(id="phone", kind=ChannelKind.PAGERDUTY, name="电话")
    with pytest.raises(InvalidInput) as refused:
        await channels.put(SYSTEM, pager)
    assert [path for path, _ in refused.value.errors] == ["secrets"]
    await channels.put(SYSTEM, replace(pager, secrets=("k" * 32,)))
    await channels.put(SYSTEM, replace(pager, name="电话 2"))


async def test_the_patience_of_an_old_row_is_a_number(
    database: Database, channels: Channels
) -> None:
    await channels.put(SYSTEM, HOOK)
    async with database.write() as connection:
        await connection.execute(update(channel).values(settings={"fallback_after": "3"}))
    (target,) = await channels.targets()
    assert target.fallback_after == 3


async def test_channels_of_one_address_share_a_robot_that_does_not_tell_it(
    channels: Channels,
) -> None:
    for draft in (HOOK, replace(HOOK, id="again"), replace(HOOK, id="else", url=HOOK.url + "2")):
        await channels.put(SYSTEM, draft)
    robots = {target.id: target.robot or "" for target in await channels.targets()}
    assert robots["again"] == robots[HOOK.id] != robots["else"]
    assert all(len(robot) == 32 and robot.isalnum() for robot in robots.values())


async def test_a_pager_keeps_alerts(channels: Channels) -> None:
    await channels.put(SYSTEM, HOOK)
    pager = ChannelDraft(id="phone", kind=ChannelKind.PAGERDUTY, name="电话", secrets=("k" * 32,))
    await channels.put(SYSTEM, pager)
    assert {target.id: target.alerts for target in await channels.targets()} == {
        HOOK.id: False,
        "phone": True,
    }
