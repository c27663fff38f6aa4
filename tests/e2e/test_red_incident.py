"""One red incident by the HTTP API in virtual time, told in chapters that follow each other."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from service.auth import Role
from service.db import tables
from tests.support.red_scene import RedScene, red_scene, wire_posts

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""Ten in the morning in Shanghai."""
PEOPLE = {
    "rui": (Role.RESPONDER,),
    "lin": (Role.LEAD,),
    "mei": (Role.LEAD,),
    "fa": (Role.LEGAL,),
    "an": (Role.ADMIN, Role.ANALYST),
    "wei": (Role.VIEWER,),
}
DUTIES = {"duty": "rui", "pr": "lin", "executive": "mei", "legal": "fa"}
VALUES = {
    "place": "杭州",
    "product": "青柚气泡水",
    "batch": "批次待核实",
    "care": "已逐一联系并陪同就医",
    "measure": "相关批次已停止销售",
    "authority": "已按规定报告当地市场监管局",
    "contact": "官方客服",
    "next_update_at": "2026年3月10日16:00",
}
pytestmark = pytest.mark.timeout(480)
PICTURE = b"\x89PNG\r\n\x1a\n" + b"kept as it was shown"


async def test_from_the_first_post_to_the_closed_file(tmp_path: Path) -> None:
    async with red_scene(tmp_path, start=START) as scene:
        await people_are_hired(scene)
        incident = await it_opens_and_rises(scene)
        await nobody_answers_then_somebody_does(scene, incident)
        await an_acknowledgement_lapses_and_a_deadline_is_missed(scene, incident)
        await the_team_takes_its_seats(scene, incident)
        promise = await a_statement_goes_out(scene, incident)
        await its_evidence_is_looked_at(scene, incident)
        await a_part_is_split_off_and_merged_back(scene, incident)
        await the_promise_is_kept(scene, promise)
        await it_calms_down_and_is_closed(scene, incident)
        await it_flares_up_and_is_closed_again(scene, incident)
        await nothing_is_pending_and_everything_is_kept(scene, incident)


async def people_are_hired(scene: RedScene) -> None:
    for name, roles in PEOPLE.items():
        await scene.hire(name, *roles)
    await scene.do("an", "/brands/qingyou", {"name": "青柚"}, method="PUT")
    monitor = {"name": "青柚全网", "query": "青柚", "brand": "qingyou"}
    await scene.do("an", "/monitors/qingyou", monitor, method="PUT")
    for role, name in DUTIES.items():
        # A phone rings for its owner alone: general news goes elsewhere.
        phone = {"kind": "recording", "name": name, "events": ["service.heartbeat"]}
        await scene.do("an", f"/channels/{name}-phone", phone, method="PUT")
        contact = {"name": name, "channels": [{"channel": f"{name}-phone"}], "user": name}
        await scene.do("lin", f"/contacts/{name}", contact, method="PUT")
        duty = {"name": role, "holder": {"kind": "person", "id": name}}
        await scene.do("lin", f"/duties/{role}", duty, method="PUT")
    news = {"kind": "recording", "name": "大屏"}
    await scene.do("an", "/channels/wall", news, method="PUT")


async def it_opens_and_rises(scene: RedScene) -> str:
    """One hurt child is yellow, three people hurt are orange, a newsroom that asks makes it red."""
    await push(scene, "喝了青柚的气泡水之后孩子上吐下泻，已经送医院洗胃了")
    opened = await scene.pass_time(minutes=3)
    (found,) = (await scene.get("rui", "/incidents"))["items"]
    assert (found["tier"], found["scenario"]) == ("yellow", "safety_incident")
    assert found["first_post_at"] == "2026-03-10T02:00:00.000Z"
    assert scene.paged("rui-phone", START) == ["incident.paged"]

    await push(
        scene,
        "青柚气泡水喝完全家腹泻，医生说是食物中毒",
        "青柚的饮料里有玻璃碎片，孩子嘴唇割破缝了两针",
    )
    await scene.pass_time(minutes=3)
    await push(scene, "记者核实：多人喝青柚气泡水后送医，医院诊断为食物中毒", channel="news")
    await scene.pass_time(minutes=3)

    incident = await scene.get("rui", f"/incidents/{found['id']}")
    assert [item["tier"] for item in incident["tiers"]] == ["yellow", "orange", "red"]
    assert scene.paged("lin-phone", opened).count("incident.paged") == 2, "a seat, and the chain"
    return str(found["id"])


async def nobody_answers_then_somebody_does(scene: RedScene, incident: str) -> None:
    """The chain of its tier goes on until somebody says that they have it."""
    before = scene.clock.now()
    await scene.pass_time(minutes=3)
    assert "incident.paged" in scene.paged("rui-phone", before)

    taken = await scene.do("rui", f"/incidents/{incident}/acknowledge")

    assert (taken["state"], taken["assignee"]) == ("acknowledged", scene.id_of("rui"))
    paging = await scene.get("rui", f"/incidents/{incident}/escalation")
    assert paging["next_page_at"] is None
    assert paging["lease_until"] is not None


async def an_acknowledgement_lapses_and_a_deadline_is_missed(
    scene: RedScene, incident: str
) -> None:
    before = scene.clock.now()
    await scene.pass_time(minutes=19)
    assert "acknowledgement_lapsed" not in await kinds(scene, incident)
    held = scene.clock.now()
    await scene.pass_time(minutes=2)
    assert "acknowledgement_lapsed" in await kinds(scene, incident)
    for phone in ("mei-phone", "fa-phone"):
        assert "incident.paged" in scene.paged(phone, held), "the chain goes on, not over again"

    await scene.do("rui", f"/incidents/{incident}/comments", {"text": "在打电话，马上回"})
    await scene.pass_time(hours=1)

    late = await step(scene, incident, "first_response")
    assert late["state"] == "breached"
    told = scene.paged("wall", before)
    assert {"step.due_soon", "step.due", "step.escalated"} <= set(told)
    await scene.do("rui", f"/runs/{incident}/steps/first_response/done", {"note": "已在首帖下回复"})
    assert (await step(scene, incident, "first_response"))["state"] == "done"


async def the_team_takes_its_seats(scene: RedScene, incident: str) -> None:
    """The step is done by the last of them, and by nobody before."""
    done = f"/runs/{incident}/steps/team_complete/done"
    for role, name in (("executive", "mei"), ("legal", "fa")):
        await scene.do(name, f"/incidents/{incident}/team/{role}/accept")
    assert (await scene.refused("rui", done))[0] == 409
    await scene.do("lin", f"/incidents/{incident}/team/pr/accept")
    assert (await step(scene, incident, "team_complete"))["state"] == "done"
    await scene.do(
        "rui", f"/runs/{incident}/steps/impact_assessed/done", {"note": "三例送医，均已出院"}
    )


async def a_statement_goes_out(scene: RedScene, incident: str) -> str:
    """From the template, stopped by the lint, approved by three, published; answers its promise."""
    wanted = {"template": "safety_incident.holding", "values": VALUES | {"measure": "绝对安全"}}
    made = await scene.do("rui", f"/incidents/{incident}/statements", wanted)
    path = f"/statements/{made['id']}"
    assert "2026年3月10日10:" in made["wording"]["text"], "what the incident knows is filled in"
    status, said = await scene.refused("rui", f"{path}/submit")
    assert (status, "绝对" in said) == (409, True)
    made = await scene.do("rui", path, {"values": VALUES}, method="PUT")
    (promise,) = made["ledger"]
    due = "2026-03-10T08:00:00Z"
    await scene.do(
        "rui", f"/promises/{promise['id']}", {"owner": "pr", "due_at": due}, method="PATCH"
    )
    await scene.do("rui", f"{path}/submit")

    assert (await scene.refused("rui", f"{path}/approve", {"as": "lead"}))[0] == 403
    await scene.do("lin", f"{path}/approve", {"as": "lead"})
    assert (await scene.refused("lin", f"{path}/approve", {"as": "lead"}))[0] == 409
    out = {"place": "官方微博", "url": "https://social.example/qingyou/1", "step": True}
    assert (await scene.refused("lin", f"{path}/publish", out))[0] == 409

    # Another wording is nobody's any more.
    await scene.do("rui", path, {"values": VALUES | {"place": "杭州市"}}, method="PUT")
    assert (await scene.get("wei", path))["state"] == "draft"
    (promise,) = (await scene.get("wei", path))["ledger"]
    assert promise["due_at"] == "2026-03-10T08:00:00.000Z", "the sentence stayed, so its date did"
    await scene.do("rui", f"{path}/submit")
    for name, capacity in (("lin", "lead"), ("mei", "lead"), ("fa", "legal")):
        assert (await scene.refused("rui", f"{path}/publish", out))[0] == 409
        answer = await scene.do(name, f"{path}/approve", {"as": capacity})
    assert answer["state"] == "approved"

    published = await scene.do("rui", f"{path}/publish", out)

    assert (published["state"], published["step"]) == ("published", "holding_statement")
    assert (await step(scene, incident, "holding_statement"))["state"] == "done"
    return str(promise["id"])


async def its_evidence_is_looked_at(scene: RedScene, incident: str) -> None:
    frozen = (await scene.get("wei", f"/incidents/{incident}/evidence"))["items"]
    path = f"/incidents/{incident}/evidence"
    picture = {"content": b64encode(PICTURE).decode()}
    await scene.do("rui", f"{path}/{frozen[0]['post']}/screenshots", picture)
    checked = await scene.do("rui", f"{path}/verify")
    assert (checked["intact"], len(checked["items"])) == (True, len(frozen) + 1)


async def a_part_is_split_off_and_merged_back(scene: RedScene, incident: str) -> None:
    """What is another incident is paged for by itself; once it is the same one, no more."""
    frozen = (await scene.get("rui", f"/incidents/{incident}/evidence"))["items"]
    body = {"posts": [frozen[-1]["post"]], "reason": "玻璃碎片是另一件事"}
    made = await scene.do("rui", f"/incidents/{incident}/split", body)
    before = scene.clock.now()
    await scene.pass_time(minutes=1)
    assert "incident.paged" in scene.paged("rui-phone", before)
    assert made["tier"] == "red"

    body = {"into": incident, "reason": "同一批次，合并处置"}
    merged = await scene.do("rui", f"/incidents/{made['id']}/merge", body)

    assert (merged["state"], merged["merged_into"]) == ("merged", incident)
    assert await pending(scene, made["id"]) == []
    before = scene.clock.now()
    await scene.pass_time(minutes=10)
    assert scene.paged("rui-phone", before) == []


async def the_promise_is_kept(scene: RedScene, promise: str) -> None:
    """Its owner is warned in time, and shows that it is kept."""
    before = scene.clock.now()
    until = datetime(2026, 3, 10, 7, 30, tzinfo=UTC) - before
    await scene.pass_time(seconds=until.total_seconds())
    assert "promise.due_soon" in scene.paged("wall", before)
    kept = await scene.do("lin", f"/promises/{promise}/keep", {"evidence": "第二份通报已发布"})
    assert kept["state"] == "kept"


async def it_calms_down_and_is_closed(scene: RedScene, incident: str) -> None:
    """Calm for hours is contained; only a lead lowers the tier, and only a lead closes."""
    path = f"/incidents/{incident}"
    await scene.pass_time(hours=6)
    assert scene.paged("wall", START).count("incident.cleared") == 1
    lower = {"tier": "orange", "reason": "声量已回到基线"}
    assert (await scene.refused("rui", f"{path}/tier", lower))[0] == 403
    assert (await scene.do("lin", f"{path}/tier", lower))["tier"] == "orange"
    await scene.do("rui", f"{path}/respond")
    await scene.do("rui", f"{path}/monitor")
    assert (await scene.do("rui", f"{path}/resolve"))["state"] == "resolved"
    assert (await scene.refused("rui", f"{path}/close"))[0] == 403
    assert (await scene.do("lin", f"{path}/close"))["state"] == "closed"


async def it_flares_up_and_is_closed_again(scene: RedScene, incident: str) -> None:
    """Reopened it takes posts again, so that no new incident begins beside it."""
    path = f"/incidents/{incident}"
    again = await scene.do("rui", f"{path}/reopen", {"reason": "又有人中招"})
    await push(scene, "又一个孩子喝青柚气泡水食物中毒，进了急诊")
    await scene.pass_time(minutes=20)
    assert (await scene.get("rui", path))["posts"] == again["posts"] + 1
    assert len((await scene.get("rui", "/incidents"))["items"]) == 2, "it, and what was split off"
    await scene.do("rui", f"{path}/resolve")
    await scene.do("lin", f"{path}/close")


async def nothing_is_pending_and_everything_is_kept(scene: RedScene, incident: str) -> None:
    closed = scene.clock.now()
    assert await pending(scene, incident) == ["step.due", "step.escalate", "step.warn"]
    await scene.do(
        "lin", f"/runs/{incident}/steps/five_why_review/done", {"note": "进货检验加一道"}
    )
    assert await pending(scene, incident) == []
    await scene.pass_time(days=4)
    for name in PEOPLE:
        assert scene.paged(f"{name}-phone", closed) == []

    trail = await scene.get("an", "/audit/verify")
    assert (trail["ok"], trail["unsealed"]) == (True, [])
    case = await scene.get("lin", f"/incidents/{incident}/export")
    assert case["intact"]
    assert case["incident"]["state"] == "closed"
    assert {"杭州市" in item["wording"] for item in case["statements"]} == {True}
    told = {item["kind"] for item in case["timeline"]}
    assert {"acknowledgement_lapsed", "acknowledge", "seat_accepted", "merged_in"} <= told
    assert {"step_escalated", "statement_published", "promise_kept", "reopen"} <= told


async def push(scene: RedScene, *texts: str, **changed: Any) -> None:
    posts = wire_posts(texts, at=scene.clock.now(), **changed)
    await scene.do("an", "/posts", {"posts": posts})


async def step(scene: RedScene, incident: str, name: str) -> Any:
    run = await scene.get("wei", f"/runs/{incident}")
    return next(item for item in run["steps"] if item["id"] == name)


async def kinds(scene: RedScene, incident: str) -> list[str]:
    """What is on the timeline, in order."""
    file = await scene.get("wei", f"/incidents/{incident}")
    return [entry["kind"] for entry in file["timeline"]]


async def pending(scene: RedScene, incident: str) -> list[str]:
    """Kinds of the incident's timers that are still to fire."""
    timer = tables.timer
    wanted = select(timer.c.kind).where(timer.c.incident_id == incident, timer.c.state == "pending")
    async with scene.container.database.read() as connection:
        return sorted((await connection.execute(wanted)).scalars())
