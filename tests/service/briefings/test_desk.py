"""Who may do what to a briefing, and what two people at once see of each other."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from service.auth import Principal, PrincipalKind, Role
from service.briefings import Briefing, BriefingFilter, Kind, Prose, Scope, SectionId, State
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from tests.support.briefing_scene import (
    ANALYST,
    LEAD,
    MORNING,
    OTHER_LEAD,
    VIEWER,
    BriefingScene,
    within,
)

WORDS = Prose(lead="昨日讨论集中在门店。", comments={SectionId.VOLUME: "声量 {volume.posts}。"})


async def approved(scene: BriefingScene) -> Briefing:
    made = await scene.prepare()
    await scene.desk.edit(ANALYST, made.id, WORDS)
    return await scene.desk.approve(LEAD, made.id)


async def test_a_briefing_goes_from_a_draft_to_the_channels(scene: BriefingScene) -> None:
    await scene.posts(40, sentiment="negative")
    made = await scene.prepare()
    edited = await scene.desk.edit(ANALYST, made.id, WORDS, version=1)
    agreed = await scene.desk.approve(LEAD, made.id, version=edited.version)
    sent = await scene.desk.deliver(ANALYST, made.id, channels=["chat"], version=agreed.version)

    assert (sent.state, sent.delivered_to, sent.version) == (State.DELIVERED, ("chat",), 4)
    assert (await scene.desk.get(VIEWER, made.id)).briefing == sent
    assert await scene.trail() == [
        "usr_ana briefing.prepared",
        "usr_ana briefing.edited",
        "usr_lin briefing.approved",
        "usr_ana briefing.delivered",
    ]


async def test_the_message_has_figures_and_the_link_and_not_the_text(
    scene: BriefingScene,
) -> None:
    await scene.posts(40, text="青柚茶里有虫", sentiment="negative")
    made = await scene.prepare()
    await scene.desk.edit(ANALYST, made.id, WORDS)
    await scene.desk.approve(LEAD, made.id)
    await scene.desk.deliver(ANALYST, made.id, channels=["chat"])

    (event,) = await scene.events()
    told = event.message.data["briefing"]
    assert event.only_channels == ("chat",)
    assert told["name"] == "晨屿茶饮日报 2024-03-01"
    assert told["url"] == f"https://fengsui.example/console/briefings/{made.id}"
    assert {line["label"]: line["text"] for line in told["figures"]} == {
        "处理中的事件": "0 起",
        "已超时的步骤": "0 步",
        "声量": "40 条",
        "负面占比": "100.0%",
    }
    assert "虫" not in str(event)
    assert "门店" not in str(event)


async def test_whoever_edited_last_does_not_approve(scene: BriefingScene) -> None:
    made = await scene.prepare()
    await scene.desk.edit(LEAD, made.id, WORDS)

    with pytest.raises(Forbidden, match="somebody else approves"):
        await scene.desk.approve(LEAD, made.id)
    assert (await scene.desk.approve(OTHER_LEAD, made.id)).approved_by == OTHER_LEAD.id


async def test_a_key_is_no_second_person(scene: BriefingScene) -> None:
    made = await scene.prepare()
    key = Principal(id="key_1", kind=PrincipalKind.KEY, name="k", roles=frozenset({Role.LEAD}))

    with pytest.raises(Forbidden, match="signed in"):
        await scene.desk.approve(key, made.id)


async def test_an_analyst_does_not_approve_and_a_viewer_does_nothing(scene: BriefingScene) -> None:
    made = await scene.prepare()

    with pytest.raises(Forbidden):
        await scene.desk.approve(ANALYST, made.id)
    with pytest.raises(Forbidden):
        await scene.desk.prepare(VIEWER, Kind.DAILY)
    with pytest.raises(Forbidden):
        await scene.desk.edit(VIEWER, made.id, WORDS)
    with pytest.raises(Forbidden):
        await scene.desk.deliver(VIEWER, made.id, channels=["chat"])
    with pytest.raises(Forbidden):
        await scene.desk.discard(VIEWER, made.id, reason="r")
    with pytest.raises(Forbidden):
        await scene.desk.export(VIEWER, made.id, form="html")


async def test_a_draft_is_for_its_writers(scene: BriefingScene) -> None:
    made = await scene.prepare()

    with pytest.raises(NotFound):
        await scene.desk.get(VIEWER, made.id)
    assert (await scene.desk.page(VIEWER, BriefingFilter()))[0] == ()
    wanted = BriefingFilter(states=(State.DRAFT,))
    assert (await scene.desk.page(VIEWER, wanted))[0] == ()
    assert (await scene.desk.page(ANALYST, wanted))[0] == (made,)


async def test_whoever_is_bound_to_monitors_sees_briefings_of_those_alone(
    scene: BriefingScene,
) -> None:
    tea = await scene.prepare()
    both = await scene.prepare(scope=Scope(brand="chenyu"))
    bound = within(ANALYST, "tea")

    assert (await scene.desk.page(bound, BriefingFilter()))[0] == (tea,)
    with pytest.raises(NotFound):
        await scene.desk.get(bound, both.id)
    with pytest.raises(NotFound):
        await scene.desk.edit(bound, both.id, WORDS)
    with pytest.raises(Forbidden):
        await scene.prepare(by=bound, scope=Scope(monitors=("shop",)))
    with pytest.raises(Forbidden):
        await scene.prepare(by=bound, scope=Scope())


async def test_an_edit_of_another_version_says_who_did_what(scene: BriefingScene) -> None:
    made = await scene.prepare()
    await scene.desk.edit(LEAD, made.id, WORDS)
    await scene.desk.export(LEAD, made.id, form="html")

    with pytest.raises(Conflict, match=r"version 2, not 1: usr_lin edited it") as refused:
        await scene.desk.edit(ANALYST, made.id, Prose(lead="别的"), version=1)
    assert {path for path, _ in refused.value.errors} == {"lead", "comments"}


async def test_of_two_edits_at_once_one_is_told_of_the_other(scene: BriefingScene) -> None:
    made = await scene.prepare()
    done = await asyncio.gather(
        scene.desk.edit(LEAD, made.id, Prose(lead="甲"), version=1),
        scene.desk.edit(ANALYST, made.id, Prose(lead="乙"), version=1),
        return_exceptions=True,
    )

    assert sorted(type(item).__name__ for item in done) == ["Briefing", "Conflict"]


async def test_an_edit_of_an_approved_one_takes_the_approval(scene: BriefingScene) -> None:
    agreed = await approved(scene)
    edited = await scene.desk.edit(ANALYST, agreed.id, Prose(lead="另一句"))

    assert (edited.state, edited.approved_by) == (State.DRAFT, None)
    with pytest.raises(IllegalTransition):
        await scene.desk.deliver(ANALYST, agreed.id, channels=["chat"])


async def test_the_same_words_are_no_new_version(scene: BriefingScene) -> None:
    agreed = await approved(scene)
    again = await scene.desk.edit(LEAD, agreed.id, WORDS)

    assert again == agreed


async def test_no_edit_changes_a_figure(scene: BriefingScene) -> None:
    await scene.posts(40)
    made = await scene.prepare()
    edited = await scene.desk.edit(
        ANALYST,
        made.id,
        Prose(order=(SectionId.AHEAD,), hidden=(SectionId.MOVED, SectionId.STORIES)),
    )

    assert edited.body == made.body
    assert edited.prose.order[0] is SectionId.AHEAD
    assert edited.prose.hidden == (SectionId.MOVED, SectionId.STORIES)


async def test_a_briefing_goes_to_channels_that_are_there(scene: BriefingScene) -> None:
    agreed = await approved(scene)

    for channels in ([], ["none"], ["chat", "none"]):
        with pytest.raises(InvalidInput):
            await scene.desk.deliver(ANALYST, agreed.id, channels=channels)
    with pytest.raises(InvalidInput, match="name a channel"):
        await scene.desk.deliver(ANALYST, agreed.id)
    assert await scene.events() == []


async def test_it_goes_out_again_to_others(scene: BriefingScene) -> None:
    agreed = await approved(scene)
    await scene.desk.deliver(ANALYST, agreed.id, channels=["chat"])
    again = await scene.desk.deliver(ANALYST, agreed.id, channels=["mail"])

    assert again.delivered_to == ("chat", "mail")
    assert [event.only_channels for event in await scene.events()] == [("chat",), ("mail",)]


async def test_what_is_discarded_says_why_and_goes_nowhere(scene: BriefingScene) -> None:
    made = await scene.prepare()
    with pytest.raises(InvalidInput):
        await scene.desk.discard(ANALYST, made.id, reason="  ")
    gone = await scene.desk.discard(ANALYST, made.id, reason="数据源停了一天")

    assert (gone.state, gone.reason) == (State.DISCARDED, "数据源停了一天")
    with pytest.raises(IllegalTransition):
        await scene.desk.approve(LEAD, made.id)
    assert (await scene.desk.get(ANALYST, made.id)).briefing == gone


async def test_a_scope_that_cannot_be_meant_is_refused_by_name(scene: BriefingScene) -> None:
    for scope, path in (
        (Scope(brand="none"), "brand"),
        (Scope(monitors=("none",)), "monitors"),
        (Scope(brand="yunque", monitors=("tea",)), "brand"),
    ):
        with pytest.raises(InvalidInput) as refused:
            await scene.prepare(scope=scope)
        assert [found for found, _ in refused.value.errors] == [path]


async def test_everything_is_every_monitor_that_is_switched_on(scene: BriefingScene) -> None:
    made = await scene.prepare(scope=Scope())

    assert made.monitors == ("lark", "shop", "tea")
    assert made.name == "全部监测方案"


async def test_pages_go_on_where_the_last_one_ended(scene: BriefingScene) -> None:
    made = [await scene.prepare() for _ in range(5)]
    found: list[Briefing] = []
    after = None
    while True:
        items, after = await scene.desk.page(ANALYST, BriefingFilter(), after=after, limit=2)
        found += items
        if after is None:
            break

    assert found == made[::-1]


async def test_a_special_one_is_of_hours(scene: BriefingScene) -> None:
    await scene.posts(7, at=MORNING - timedelta(hours=2))
    made = await scene.prepare(kind=Kind.SPECIAL, since=MORNING - timedelta(hours=3), until=MORNING)

    assert made.body.measures()["volume.posts"].figure.value == 7


async def test_who_takes_a_file_is_in_the_trail(scene: BriefingScene) -> None:
    made = await scene.prepare()
    await scene.desk.export(ANALYST, made.id, form="docx")

    assert (await scene.trail())[-1] == "usr_ana briefing.exported"
