"""On call in the console: who is on, gaps, stand-ins and swaps, chains tried out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.auth import SYSTEM, Role
from service.console.pages.oncall.parts import at_places
from service.console.pages.oncall.week import Week
from service.errors import InvalidInput, NotFound
from service.monitors import ChannelDraft, ChannelKind
from service.oncall import ContactDraft, DutyDraft, RotaDraft
from service.oncall.model import ContactChannel, Layer, Target, TargetKind, zone_of
from tests.support.console_scene import ConsoleScene

DAYS = ["1", "2", "3", "4", "5", "6", "7"]


async def people(scene: ConsoleScene, *names: str) -> None:
    for name in names:
        await scene.container.channels.put(
            SYSTEM,
            ChannelDraft(id=f"{name}-phone", kind=ChannelKind.RECORDING, name=f"{name} 电话"),
        )
        contact = ContactDraft(
            id=name, name=f"{name}某", channels=(ContactChannel(channel=f"{name}-phone"),)
        )
        await scene.container.contacts.put(SYSTEM, contact)


async def rota(scene: ConsoleScene, *members: str, since_days: int = -1) -> None:
    starts_on = scene.clock.now().date() + timedelta(days=since_days)
    layer = Layer(members=members, starts_on=starts_on, shift_days=1)
    await scene.container.rotas.put(SYSTEM, RotaDraft(id="desk", name="前台", layers=(layer,)))


def layer_of(place: int, *members: str, starts_on: str) -> dict[str, str | list[str]]:
    path = f"layers[{place}]"
    return {
        f"{path}.members": "\n".join(members),
        f"{path}.starts_on": starts_on,
        f"{path}.hand_over": "09:00",
        f"{path}.shift_days": "1",
        f"{path}.window.since": "",
        f"{path}.window.until": "",
        f"{path}.window.days": DAYS,
    }


async def test_the_overview_says_who_is_on_and_where_nobody_is(scene: ConsoleScene):
    await people(scene, "lin", "wu")
    await rota(scene, "lin", "wu", since_days=2)
    page = await scene.look("/on-call", await scene.person("kan", Role.VIEWER))
    assert "▲ 无人值班" in page.texts
    assert any("段无人值班" in text for text in page.texts)
    await rota(scene, "lin", "wu", since_days=-10)
    page = await scene.look("/on-call", await scene.person("wang", Role.VIEWER))
    assert {"lin某", "wu某"} & set(page.texts)
    assert "✓ 这一周每个时刻都有人" in page.texts


async def test_a_lead_makes_a_rota_by_the_names_of_people(scene: ConsoleScene):
    await people(scene, "lin", "wu")
    page = await scene.look("/on-call/rotas/_new", await scene.person("fang", Role.LEAD))
    first = layer_of(0, "lin某", "wu", starts_on="2026-03-02")
    page.send("rota-new", id="desk", name="前台", zone="Asia/Shanghai", **first)
    await page.until(lambda: any("/rotas/desk" in script for script in page.scripts))
    made = await scene.container.rotas.get("desk")
    assert made.layers[0].members == ("lin", "wu")


async def test_mistakes_in_a_layer_land_at_their_fields(scene: ConsoleScene):
    await people(scene, "lin")
    await rota(scene, "lin")
    page = await scene.look("/on-call/rotas/desk", await scene.person("fang", Role.LEAD))
    empty = layer_of(0, starts_on="2026-03-02")
    strange = layer_of(1, "nobody", starts_on="2026-03-02")
    page.send("rota-desk", name="前台", zone="Asia/Shanghai", **empty, **strange)
    await page.until(lambda: "no contact 'nobody'" in page.refused("layers[1].members"))
    assert (await scene.container.rotas.get("desk")).layers[0].members == ("lin",)


async def test_somebody_stands_in_and_is_taken_away_and_put_back(scene: ConsoleScene):
    await people(scene, "lin", "wu")
    await rota(scene, "lin")
    token = await scene.person("fang", Role.LEAD)
    page = await scene.look("/on-call/rotas/desk", token)
    since = scene.clock.now() + timedelta(hours=1)
    local = [at.astimezone(zone_of("Asia/Shanghai")) for at in (since, since + timedelta(hours=8))]
    page.send(
        "override-desk",
        person="wu",
        since=f"{local[0]:%Y-%m-%dT%H:%M}",
        until=f"{local[1]:%Y-%m-%dT%H:%M}",
    )
    await page.until(lambda: any("已安排替班" in script for script in page.scripts))
    on = await scene.container.oncall.on_duty(SYSTEM, "desk", at=since + timedelta(hours=2))
    assert on.person == "wu"
    page = await scene.look("/on-call/rotas/desk", token)
    page.press("override-0")
    await page.until(lambda: "undo" in page.keys)
    assert (await scene.container.rotas.get("desk")).overrides == ()
    page.press("undo")
    await page.until(lambda: any("go(" in script for script in page.scripts))
    assert len((await scene.container.rotas.get("desk")).overrides) == 1


async def test_two_swap_their_shifts(scene: ConsoleScene):
    await people(scene, "lin", "wu")
    await rota(scene, "lin", "wu")
    now = scene.clock.now()
    ahead = await scene.container.oncall.shifts(
        SYSTEM, "desk", since=now, until=now + timedelta(days=28)
    )
    page = await scene.look("/on-call/rotas/desk", await scene.person("fang", Role.LEAD))
    first, second = (f"{each.since.isoformat()}/{each.until.isoformat()}" for each in ahead[1:3])
    page.send("swap-desk", first=first, second=second)
    await page.until(lambda: any("已换班" in script for script in page.scripts))
    for mine, other in ((ahead[1], ahead[2]), (ahead[2], ahead[1])):
        on = await scene.container.oncall.on_duty(SYSTEM, "desk", at=mine.since)
        assert on.person == other.duty.person


async def test_a_person_is_added_with_channels_in_their_order(scene: ConsoleScene):
    await people(scene, "lin")
    page = await scene.look("/on-call/people/_new", await scene.person("fang", Role.LEAD))
    quiet = {"quiet.since": "23:00", "quiet.until": "07:00", "quiet.days": DAYS}
    none = {f"channels[0].quiet.{name}": "" for name in ("since", "until")}
    page.send(
        "person-new",
        id="wu",
        name="吴二",
        zone="Asia/Shanghai",
        **{"channels[0]": "lin-phone"},
        **none,
        **quiet,
    )
    await page.until(lambda: any("/people/wu" in script for script in page.scripts))
    made = await scene.container.contacts.get("wu")
    assert [each.channel for each in made.channels] == ["lin-phone"]
    assert made.quiet is not None
    assert f"{made.quiet.since:%H:%M}" == "23:00"


async def test_half_a_window_is_refused(scene: ConsoleScene):
    await people(scene, "lin")
    page = await scene.look("/on-call/people/lin", await scene.person("fang", Role.LEAD))
    page.send(
        "person-lin",
        name="林",
        zone="Asia/Shanghai",
        **{"channels[0]": "lin-phone", "quiet.since": "23:00", "quiet.until": ""},
    )
    await page.until(lambda: "请填时刻" in page.refused("quiet.until"))
    assert (await scene.container.contacts.get("lin")).quiet is None


async def test_a_role_is_filled_and_the_chain_pages_them(scene: ConsoleScene):
    await people(scene, "lin", "wu")
    token = await scene.person("fang", Role.LEAD)
    page = await scene.look("/on-call/chains/red", token)
    assert any("没有指定人" in text for text in page.texts)
    page = await scene.look("/on-call/roles/duty", token)
    page.send("role-duty", holder="person:lin", deputy="person:wu")
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    assert (await scene.container.duties.get("duty")).holder.id == "lin"
    page = await scene.look("/on-call/chains/red", token)
    assert "lin某（lin 电话）" in page.texts


async def test_a_chain_of_ones_own_is_laid_over_the_shipped_one_and_taken_off(scene: ConsoleScene):
    await people(scene, "lin")
    token = await scene.person("fang", Role.LEAD)
    page = await scene.look("/on-call/chains/yellow", token)
    assert "沿用内置" in page.texts
    page.send(
        "chain-yellow",
        name="一般",
        zone="Asia/Shanghai",
        **{"steps[0].wait_min": "0", "steps[0].notify": ["person:lin"]},
        **{"steps[1].wait_min": "5", "steps[1].notify": ["everybody"]},
    )
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    made = await scene.container.chains.get("yellow")
    assert [[str(each) for each in step.notify] for step in made.steps] == [
        ["person:lin"],
        ["everybody"],
    ]
    page = await scene.look("/on-call/chains/yellow", token)
    page.press("delete")
    await page.until(lambda: "恢复内置的升级链？" in page.texts)
    page.answer("恢复内置")
    await page.until(lambda: any("go(" in script for script in page.scripts))
    with pytest.raises(NotFound):
        await scene.container.chains.get("yellow")


async def test_a_responder_sees_the_rota_and_changes_nothing(scene: ConsoleScene):
    await people(scene, "lin")
    await rota(scene, "lin")
    page = await scene.look("/on-call/rotas/desk", await scene.person("wang", Role.RESPONDER))
    assert not {"submit-rota-desk", "submit-override-desk", "delete"} & set(page.keys)
    await scene.container.duties.put(
        SYSTEM,
        DutyDraft(id="pr", name="公关", holder=Target(kind=TargetKind.ROTA, id="desk")),
    )
    page.send(
        "rota-desk", name="改", zone="Asia/Shanghai", **layer_of(0, "lin", starts_on="2026-03-02")
    )
    await page.until(lambda: any("没有这项权限" in text for text in page.texts))
    assert (await scene.container.rotas.get("desk")).name == "前台"


def test_a_week_with_a_change_of_clocks_is_as_long_as_it_is():
    berlin = zone_of("Europe/Berlin")
    spring = Week(monday=date(2026, 3, 23), zone=berlin)
    assert spring.until - spring.since == timedelta(hours=7 * 24 - 1)
    assert spring.share(spring.edges[0]) == 0
    assert spring.share(spring.edges[-1]) == 1


def test_mistakes_are_told_at_the_places_of_the_form():
    error = InvalidInput("no", errors=[("layers[0].members[1]", "x"), ("zone", "y")])
    moved = at_places(error, "layers", (2,))
    assert moved.errors == (("layers[2].members[1]", "x"), ("zone", "y"))
